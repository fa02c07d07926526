"""Drafts in the truth, on both databases: the tree of steps, versions, locks, comments."""

import pytest
from world import LOWER_LEFT, LOWER_RIGHT, NOW

from gridmap.errors import NotFoundError, StaleError
from gridmap.store.plans import drafts
from gridmap.store.plans.drafts import DraftStep


def begin(store, name="a"):
    with store.write() as connection:
        number = drafts.add_draft(
            connection, base=1, name=name, owner=7, shared=True, at=NOW
        )
        return drafts.load(connection, number)


def step(store, draft, parent, grids=(LOWER_LEFT,), **more):
    with store.write() as connection:
        return drafts.add_step(
            connection,
            draft.id,
            DraftStep(0, parent, 1, "split", grids, b"\x00change", 7, NOW, **more),
        )


def test_a_draft_stands_at_a_step_of_a_tree_that_only_grows(town):
    draft = begin(town)
    assert [
        step(town, draft, 0),
        step(town, draft, 1),
        step(town, draft, 1),
        step(town, draft, 0, aside=True),
    ] == [
        1,
        2,
        3,
        4,
    ]
    with town.read() as connection:
        found = drafts.steps_of(connection, draft.id)
    assert [one.step for one in drafts.path(found, 3)] == [1, 3]
    assert (
        drafts.following(found, 1),
        drafts.following(found, 0),
        drafts.following(found, 3),
    ) == (3, 1, 0)
    assert found[1].change == b"\x00change" and found[4].aside


def test_of_two_who_change_a_draft_at_once_the_second_is_told(town):
    draft = begin(town)
    with town.write() as connection:
        after = drafts.change(connection, draft, at=NOW + 1, name="b")
    assert (after.name, after.version, after.changed_at) == ("b", 2, NOW + 1)
    with pytest.raises(StaleError), town.write() as connection:
        drafts.change(connection, draft, at=NOW + 2, name="c")
    with pytest.raises(NotFoundError), town.read() as connection:
        drafts.load(connection, 99)


def test_the_list_has_those_changed_last_first(town):
    first, second = begin(town), begin(town, "b")
    step(town, first, 0)
    with town.write() as connection:
        drafts.change(connection, first, at=NOW + 5)
        drafts.change(connection, second, at=NOW + 1, state=drafts.DROPPED)
    with town.read() as connection:
        table = drafts.read_drafts(connection)
        assert table[["name", "steps", "plan", "decision"]].to_numpy().tolist() == [
            ["a", 1, 0, ""],
            ["b", 0, 0, ""],
        ]
        assert drafts.read_drafts(connection, states=drafts.OPEN)["name"].tolist() == ["a"]
        assert drafts.used_codes(connection) == {LOWER_LEFT}


def test_locks_run_out_change_hands_and_are_given_up(town):
    draft = begin(town)
    with town.write() as connection:
        drafts.hold(connection, draft.id, [LOWER_LEFT, LOWER_RIGHT], by=7, until=NOW + 60)
        drafts.hold(connection, draft.id, [LOWER_RIGHT], by=8, until=NOW + 90)
        assert [
            (one.grid, one.by) for one in drafts.locks_of(connection, draft.id, now=NOW)
        ] == [
            (LOWER_LEFT, 7),
            (LOWER_RIGHT, 8),
        ]
        assert [
            one.grid
            for one in drafts.locks_on(connection, [LOWER_LEFT, LOWER_RIGHT], now=NOW + 70)
        ] == [LOWER_RIGHT]
        drafts.release(connection, draft.id, by=8, now=NOW + 61)
        assert drafts.locks_of(connection, draft.id, now=NOW) == []


def test_comments_are_kept_with_their_place_and_settled(town):
    draft = begin(town)
    with town.write() as connection:
        first = drafts.add_comment(
            connection, draft.id, by=7, at=NOW, words="太大", lon=113.1, lat=35.1
        )
        drafts.add_comment(
            connection, draft.id, by=8, at=NOW, words="好", lon=None, lat=None
        )
        drafts.resolve(connection, draft.id, first, by=8, at=NOW + 1)
        table = drafts.read_comments(connection, draft.id)
        assert table["resolved_by"].tolist() == [8, 0] and table["lon"].isna().tolist() == [
            False,
            True,
        ]
        with pytest.raises(NotFoundError):
            drafts.resolve(connection, draft.id, 99, by=8, at=NOW)
