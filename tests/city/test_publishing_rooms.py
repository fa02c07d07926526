"""Putting plans in force and taking them back at the front desk: all or nothing, codes for
good, descent, days.
"""

from datetime import timedelta

import pytest
import shapely
import town
from sqlalchemy import select
from town import BUSY, STEP, WEST, code

from gridmap.cases.actors import Actor
from gridmap.city import City
from gridmap.city.plans.drafts import LONGEST_WORDS
from gridmap.city.plans.edits import Edit
from gridmap.errors import Fault, InputError
from gridmap.model import UserRole
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans import plans, publishing, relocation, succession
from gridmap.store.tables import assignments, metadata

PLANNER = Actor(1, UserRole.PLANNER, "甲", areas=(4107,))
OTHER = Actor(2, UserRole.PLANNER, "乙", areas=(4107,))
SECOND, TOP, TOP_SECOND = code(0, 1), code(3, 0), code(3, 1)


def cut(grid=BUSY, *, row=0, at=0.5):
    """Split a cell of the westernmost column by a line from south to north."""
    x, south = WEST + at * STEP, town.SOUTH + row * STEP
    return Edit(
        "split",
        (grid,),
        shapely.LineString([(x, south - 0.001), (x, south + STEP + 0.001)]),
    )


@pytest.fixture
def city(own_settings):
    opened = City.open(own_settings)
    yield opened
    opened.close()


def approved(city, *edits, **options):
    draft = city.drafts.make(PLANNER, "新村")
    for edit in edits:
        draft = city.redrawing.edit(PLANNER, draft, edit).draft
    return city.review.approve(OTHER, city.review.submit(PLANNER, draft), **options)


def whole(city):
    """Every row of every table."""
    with city.store.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
        }


STEPS = (
    (plans, "put_in_force"),
    (publishing, "_copy_shapes"),
    (succession, "move"),
    (relocation, "relocate"),
    (publishing, "_finish"),
)
"""What publishing and taking back do one after the other, in one transaction."""


def failing(monkeypatch, owner, name):
    """Let a step be done and then fail."""
    own = getattr(owner, name)

    def done_and_failed(*args, **more):
        own(*args, **more)
        raise ZeroDivisionError(name)

    monkeypatch.setattr(owner, name, done_and_failed)


@pytest.mark.parametrize("work", ["publish", "take back"])
def test_whichever_step_fails_nothing_has_changed(city, monkeypatch, work):
    ready = approved(city, cut(), Edit("merge", (TOP, TOP_SECOND)))
    steps = [*STEPS, (store_drafts, "change"), (store_drafts, "release")]
    if work == "take back":
        city.publishing.publish(OTHER, ready)
        steps = [*STEPS, (succession, "take_back")]

    def act():
        if work == "publish":
            return city.publishing.publish(OTHER, ready)
        return city.publishing.roll_back(OTHER)

    before, index = whole(city), city.plan.digest
    for owner, name in steps:
        with monkeypatch.context() as patch:
            failing(patch, owner, name)
            with pytest.raises(ZeroDivisionError, match=name):
                act()
        assert whole(city) == before, name
    assert city.plan.digest == index
    done = act()
    assert done.assignments > 0 and done.matters > 0
    assert whole(city) != before


def test_codes_that_were_in_force_are_never_given_out_again_after_a_plan_was_taken_back(
    city,
):
    city.publishing.publish(OTHER, approved(city, cut()))
    city.publishing.roll_back(OTHER)
    dropped = city.redrawing.edit(PLANNER, city.drafts.make(PLANNER, "不要"), cut(at=0.4))
    assert dropped.change.created.tolist() == [BUSY + 4, BUSY + 5]
    city.drafts.drop(PLANNER, dropped.draft)
    city.publishing.publish(OTHER, approved(city, cut(at=0.3)))
    there = set(plans.grid_codes(city._desk.store).tolist())
    assert {BUSY + 6, BUSY + 7} <= there and not {BUSY, *range(BUSY + 2, BUSY + 6)} & there


def test_what_was_taken_back_can_be_taken_back_too(city):
    city.publishing.publish(OTHER, approved(city, cut()))
    second = city.plan
    held = _held(city)
    city.publishing.roll_back(OTHER)
    city.publishing.roll_back(OTHER)
    assert city.plan.id == 4 and city.plan.digest == second.digest
    assert _held(city) == held
    assert city.publishing.plans()["restores"].tolist() == [2, 1, 0, 0]


def _held(city):
    """Who is assigned where today."""
    today = city.today
    with city.store.read() as connection:
        rows = connection.execute(select(assignments)).all()
    now = [
        one
        for one in rows
        if (not one.starts or one.starts <= today) and (not one.ends or one.ends >= today)
    ]
    return sorted((one.worker, one.area, one.role) for one in now)


def test_a_plan_names_the_grids_of_the_plan_before_not_those_in_between(city):
    draft = city.redrawing.edit(PLANNER, city.drafts.make(PLANNER, "两步"), cut()).draft
    draft = city.redrawing.edit(PLANNER, draft, Edit("merge", (BUSY + 3, SECOND))).draft
    handed = shapely.box(
        WEST + 0.8 * STEP,
        town.SOUTH + 3.2 * STEP,
        WEST + 1.2 * STEP,
        town.SOUTH + 3.6 * STEP,
    )
    draft = city.redrawing.edit(
        PLANNER, draft, Edit("transfer", (TOP, TOP_SECOND), handed)
    ).draft
    city.publishing.publish(
        OTHER, city.review.approve(OTHER, city.review.submit(PLANNER, draft))
    )
    lines = publishing.read_lineage(city._desk.store)
    assert lines.to_numpy().tolist() == [
        [2, BUSY + 2, BUSY],
        [2, BUSY + 4, BUSY],
        [2, BUSY + 4, SECOND],
        [2, TOP_SECOND, TOP],
    ]


def test_a_plan_that_waited_longer_than_it_was_to_begins_when_it_is_published(
    city, monkeypatch
):
    waiting = approved(city, cut(), effective=city.today)
    later = city.today + timedelta(days=3)
    monkeypatch.setattr(type(city._desk), "today", property(lambda _: later))
    city.publishing.publish(OTHER, waiting)
    table = city.publishing.plans()
    assert table["valid_from"].tolist()[0] == table["valid_to"].tolist()[1] == later


def test_what_cannot_be_published_on_its_day_is_returned_with_the_reason_however_long(
    city, monkeypatch
):
    waiting = approved(city, cut(), effective=city.today)
    behind = approved(city, cut(TOP, row=3), effective=city.today)
    faults = [Fault(rule="一" * 80, cure="二" * 80, row=row) for row in range(30)]

    def refused(*_args, **_more):
        raise InputError(faults)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish", refused)
        assert city.publishing.publish_due() == []
    returned = city.drafts.get(waiting.id)
    assert (
        returned.state == store_drafts.RETURNED and len(returned.decision) == LONGEST_WORDS
    )
    assert city.drafts.get(behind.id).state == store_drafts.RETURNED

    first, second = (
        city.review.approve(
            OTHER,
            city.review.submit(PLANNER, city.drafts.get(one.id)),
            effective=city.today,
        )
        for one in (waiting, behind)
    )
    assert [done.plan for done in city.publishing.publish_due()] == [2]
    assert city.drafts.get(first.id).state == store_drafts.PUBLISHED
    told = city.drafts.get(second.id)
    assert told.state == store_drafts.RETURNED and "Another plan" in told.decision
