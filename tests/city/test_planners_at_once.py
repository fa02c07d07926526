"""Planners who act at the same moment, each in a process of their own: one is first, the
other is told, nothing is lost.
"""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import shapely
import town
from town import BUSY, STEP, WEST, code

from gridmap.cases.actors import Actor
from gridmap.city import City
from gridmap.city.plans.clashes import OvertakenError
from gridmap.city.plans.drawings import Drawings
from gridmap.city.plans.edits import Edit
from gridmap.city.plans.saving import Saving
from gridmap.errors import ConflictError, StaleError
from gridmap.model import UserRole
from gridmap.store.plans import drafts, plans, publishing

FIRST = Actor(1, UserRole.PLANNER, "甲", areas=(4107,))
SECOND = Actor(2, UserRole.PLANNER, "乙", areas=(4107,))
TOP = code(3, 0)


def cut(grid=BUSY, *, row=0, at=0.5):
    """Split a cell of the westernmost column by a line from south to north."""
    x, south = WEST + at * STEP, town.SOUTH + row * STEP
    return Edit(
        "split",
        (grid,),
        shapely.LineString([(x, south - 0.001), (x, south + STEP + 0.001)]),
    )


@pytest.fixture
def cities(own_settings):
    """Two processes of one city."""
    both = [City.open(own_settings) for _ in range(2)]
    yield both
    for one in both:
        one.close()


@pytest.fixture
def meet(monkeypatch):
    """Let two threads wait for each other once, before both do something for the first time."""

    def meeting(owner, name):
        barrier, own, calls = (
            threading.Barrier(2, timeout=60),
            getattr(owner, name),
            itertools.count(),
        )

        def met(*args, **more):
            if next(calls) < barrier.parties:
                barrier.wait()
            return own(*args, **more)

        monkeypatch.setattr(owner, name, met)

    return meeting


def at_once(*works):
    """What each came to, or the error it met."""

    def tried(work):
        try:
            return work()
        except Exception as error:  # noqa: BLE001  (the test looks at it)
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(tried, works))


def made(city, edit=None, **options):
    """A draft with one edit."""
    return city.redrawing.edit(
        FIRST, city.drafts.make(FIRST, "草案", **options), edit or cut()
    ).draft


def approved(city, draft, **options):
    return city.review.approve(SECOND, city.review.submit(FIRST, draft), **options)


def test_of_two_who_save_an_edit_of_one_grid_one_is_kept_and_the_other_beside_it(
    cities, meet
):
    seen = cities[0].drafts.make(FIRST, "共用", shared=True)
    meet(Saving, "save")
    found = at_once(
        lambda: cities[0].redrawing.edit(FIRST, seen, cut()),
        lambda: cities[1].redrawing.edit(SECOND, seen, cut(at=0.3)),
    )
    (lost,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(lost, OvertakenError) and BUSY in lost.grids
    after = cities[0].drafts.get(seen.id)
    steps = cities[0].drafts.steps(after)
    assert sorted(steps["by"]) == [FIRST.user, SECOND.user]
    assert steps.set_index("step")["aside"].to_dict() == {
        after.head: False,
        lost.step: True,
    }
    assert (
        cities[0].drafts.locks(after)["by"].unique().tolist()
        == steps.loc[~steps["aside"], "by"].tolist()
    )


def test_of_two_who_save_edits_of_different_grids_both_are_kept(cities, meet):
    seen = cities[0].drafts.make(FIRST, "共用", shared=True)
    meet(Saving, "save")
    done = at_once(
        lambda: cities[0].redrawing.edit(FIRST, seen, cut()),
        lambda: cities[1].redrawing.edit(SECOND, seen, cut(TOP, row=3)),
    )
    assert sorted(one.merged for one in done) == [False, True]
    plan = cities[0].drawings.plan(cities[0].drafts.get(seen.id))
    assert len(plan) == 18 and not {BUSY, TOP} & set(plan.codes.tolist())


def test_two_drafts_never_make_one_code(cities, meet):
    seen = [cities[0].drafts.make(FIRST, "一"), cities[1].drafts.make(SECOND, "二")]
    meet(Saving, "save")
    done = at_once(
        lambda: cities[0].redrawing.edit(FIRST, seen[0], cut()),
        lambda: cities[1].redrawing.edit(SECOND, seen[1], cut(at=0.3)),
    )
    assert sorted(one.change.created.tolist() for one in done) == [
        [BUSY + 2, BUSY + 3],
        [BUSY + 4, BUSY + 5],
    ]


def test_of_two_who_publish_only_one_plan_is_in_force(cities, meet):
    ready = [
        approved(cities[0], made(cities[0], edit)) for edit in (cut(), cut(TOP, row=3))
    ]
    meet(publishing, "_changed")
    found = at_once(
        lambda: cities[0].publishing.publish(SECOND, ready[0]),
        lambda: cities[1].publishing.publish(SECOND, ready[1]),
    )
    (refused,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(refused, ConflictError)
    table = plans.read_plans(cities[0]._desk.store)
    assert table["state"].tolist() == ["in_force", "past"] and table["parent"].tolist() == [
        1,
        0,
    ]
    assert sorted(cities[0].drafts.get(one.id).state for one in ready) == [
        drafts.APPROVED,
        drafts.PUBLISHED,
    ]


def test_of_two_who_take_a_plan_back_one_does(cities, meet):
    cities[0].publishing.publish(SECOND, approved(cities[0], made(cities[0])))
    meet(publishing, "_changed")
    found = at_once(
        lambda: cities[0].publishing.roll_back(FIRST),
        lambda: cities[1].publishing.roll_back(SECOND),
    )
    (refused,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(refused, ConflictError)
    table = plans.read_plans(cities[0]._desk.store)
    assert table["state"].tolist() == ["in_force", "past", "past"] and table[
        "restores"
    ].tolist() == [1, 0, 0]


def test_of_two_who_bring_a_draft_up_one_does_and_the_other_is_told(cities, meet):
    other = made(cities[0], cut(TOP, row=3), shared=True)
    cities[0].publishing.publish(SECOND, approved(cities[0], made(cities[0])))
    meet(Drawings, "published")
    found = at_once(
        lambda: cities[0].redrawing.rebase(FIRST, other),
        lambda: cities[1].redrawing.rebase(SECOND, other),
    )
    (refused,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(refused, StaleError)
    after = cities[0].drafts.get(other.id)
    steps = cities[0].drafts.steps(after)
    assert (
        after.base == 2
        and steps.loc[steps["done"], "step"].tolist() == [2]
        and len(steps) == 2
    )


def test_a_plan_due_is_published_by_one_of_two_clocks(cities, meet):
    draft = made(cities[0])
    approved(cities[0], draft, effective=cities[0]._desk.today)
    meet(publishing, "_changed")
    done = at_once(cities[0].publishing.publish_due, cities[1].publishing.publish_due)
    assert sorted(len(one) for one in done) == [0, 1]
    after = cities[0].drafts.get(draft.id)
    assert (after.state, after.plan, after.decided_by) == (drafts.PUBLISHED, 2, SECOND.user)
