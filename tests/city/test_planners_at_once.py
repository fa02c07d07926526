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
from gridmap.city.plans.edits import Edit
from gridmap.city.plans.redrawing import OvertakenError, Redrawing
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
def rooms(own_settings):
    """The planning rooms of two processes of one city."""
    both = [City.open(own_settings) for _ in range(2)]
    yield [one.planning for one in both]
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


def made(room, edit=None, **options):
    """A draft with one edit."""
    return room.edit(FIRST, room.make(FIRST, "草案", **options), edit or cut()).draft


def approved(room, draft, **options):
    return room.approve(SECOND, room.submit(FIRST, draft), **options)


def test_of_two_who_save_an_edit_of_one_grid_one_is_kept_and_the_other_beside_it(
    rooms, meet
):
    seen = rooms[0].make(FIRST, "共用", shared=True)
    meet(Redrawing, "_save")
    found = at_once(
        lambda: rooms[0].edit(FIRST, seen, cut()),
        lambda: rooms[1].edit(SECOND, seen, cut(at=0.3)),
    )
    (lost,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(lost, OvertakenError) and BUSY in lost.grids
    after = rooms[0].draft(seen.id)
    steps = rooms[0].steps(after)
    assert sorted(steps["by"]) == [FIRST.user, SECOND.user]
    assert steps.set_index("step")["aside"].to_dict() == {
        after.head: False,
        lost.step: True,
    }
    assert (
        rooms[0].locks(after)["by"].unique().tolist()
        == steps.loc[~steps["aside"], "by"].tolist()
    )


def test_of_two_who_save_edits_of_different_grids_both_are_kept(rooms, meet):
    seen = rooms[0].make(FIRST, "共用", shared=True)
    meet(Redrawing, "_save")
    done = at_once(
        lambda: rooms[0].edit(FIRST, seen, cut()),
        lambda: rooms[1].edit(SECOND, seen, cut(TOP, row=3)),
    )
    assert sorted(one.merged for one in done) == [False, True]
    plan = rooms[0].plan(rooms[0].draft(seen.id))
    assert len(plan) == 18 and not {BUSY, TOP} & set(plan.codes.tolist())


def test_two_drafts_never_make_one_code(rooms, meet):
    seen = [rooms[0].make(FIRST, "一"), rooms[1].make(SECOND, "二")]
    meet(Redrawing, "_save")
    done = at_once(
        lambda: rooms[0].edit(FIRST, seen[0], cut()),
        lambda: rooms[1].edit(SECOND, seen[1], cut(at=0.3)),
    )
    assert sorted(one.change.created.tolist() for one in done) == [
        [BUSY + 2, BUSY + 3],
        [BUSY + 4, BUSY + 5],
    ]


def test_of_two_who_publish_only_one_plan_is_in_force(rooms, meet):
    ready = [approved(rooms[0], made(rooms[0], edit)) for edit in (cut(), cut(TOP, row=3))]
    meet(publishing, "_changed")
    found = at_once(
        lambda: rooms[0].publish(SECOND, ready[0]),
        lambda: rooms[1].publish(SECOND, ready[1]),
    )
    (refused,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(refused, ConflictError)
    table = plans.read_plans(rooms[0]._desk.store)
    assert table["state"].tolist() == ["in_force", "past"] and table["parent"].tolist() == [
        1,
        0,
    ]
    assert sorted(rooms[0].draft(one.id).state for one in ready) == [
        drafts.APPROVED,
        drafts.PUBLISHED,
    ]


def test_of_two_who_take_a_plan_back_one_does(rooms, meet):
    rooms[0].publish(SECOND, approved(rooms[0], made(rooms[0])))
    meet(publishing, "_changed")
    found = at_once(lambda: rooms[0].roll_back(FIRST), lambda: rooms[1].roll_back(SECOND))
    (refused,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(refused, ConflictError)
    table = plans.read_plans(rooms[0]._desk.store)
    assert table["state"].tolist() == ["in_force", "past", "past"] and table[
        "restores"
    ].tolist() == [1, 0, 0]


def test_of_two_who_bring_a_draft_up_one_does_and_the_other_is_told(rooms, meet):
    other = made(rooms[0], cut(TOP, row=3), shared=True)
    rooms[0].publish(SECOND, approved(rooms[0], made(rooms[0])))
    meet(Redrawing, "_published")
    found = at_once(
        lambda: rooms[0].rebase(FIRST, other), lambda: rooms[1].rebase(SECOND, other)
    )
    (refused,) = (one for one in found if isinstance(one, Exception))
    assert isinstance(refused, StaleError)
    after = rooms[0].draft(other.id)
    steps = rooms[0].steps(after)
    assert (
        after.base == 2
        and steps.loc[steps["done"], "step"].tolist() == [2]
        and len(steps) == 2
    )


def test_a_plan_due_is_published_by_one_of_two_clocks(rooms, meet):
    draft = made(rooms[0])
    approved(rooms[0], draft, effective=rooms[0]._desk.today)
    meet(publishing, "_changed")
    done = at_once(rooms[0].publish_due, rooms[1].publish_due)
    assert sorted(len(one) for one in done) == [0, 1]
    after = rooms[0].draft(draft.id)
    assert (after.state, after.plan, after.decided_by) == (drafts.PUBLISHED, 2, SECOND.user)
