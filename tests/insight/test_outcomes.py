import numpy as np
from hypothesis import given, settings
from small_facts import (
    CODES,
    FIRST,
    by_kind,
    categories,
    chosen,
    facts,
    frame,
    per_grid,
    selections,
    tables,
)

from gridmap.insight import counts, outcomes
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.model import OPEN_STATUSES, Status

TREE = categories()
quick = settings(max_examples=60, deadline=None)
LIVE = [*OPEN_STATUSES, Status.CLOSED]


def _asked(table, selection):
    known = facts(table)
    return known, mask(known, selection, TREE)


@quick
@given(tables, selections())
def test_open_matters_are_those_reported_and_not_closed_by_the_last_day(table, selection):
    rows = by_kind(table, selection)
    rows = rows[(rows["day"] <= selection.last_day) & rows["status"].isin(LIVE)]
    still = rows[(rows["closed_day"] == 0) | (rows["closed_day"] > selection.last_day)]
    assert (
        outcomes.open_by_grid(*_asked(table, selection)).tolist()
        == per_grid(still).tolist()
    )
    late = still[
        (still["due_day"] > 0)
        & (still["due_day"] <= selection.last_day)
        & (still["status"] != Status.PARKED)
    ]
    assert (
        outcomes.overdue_by_grid(*_asked(table, selection)).tolist()
        == per_grid(late).tolist()
    )


@quick
@given(tables, selections())
def test_closings_are_counted_on_their_day_whenever_reported(table, selection):
    rows = by_kind(table, selection)
    rows = rows[(rows["status"] == Status.CLOSED) & (rows["day"] <= selection.last_day)]
    days = range(selection.first_day, selection.last_day + 1)
    found = outcomes.closed_by_day(*_asked(table, selection))
    assert found.tolist() == [(rows["closed_day"] == day).sum() for day in days]


@quick
@given(tables, selections())
def test_answers_are_those_counted_by_hand(table, selection):
    found = outcomes.answered(*_asked(table, selection))
    rows = chosen(table, selection)
    by_hand = [
        per_grid(rows),
        per_grid(rows[rows["accepted"]]),
        per_grid(rows[rows["accepted"] & (rows["status"] == Status.VOIDED)]),
    ]
    assert (found == np.column_stack(by_hand)).all()


@quick
@given(tables, selections())
def test_due_cases_are_those_whose_limit_falls_in_the_period(table, selection):
    rows = by_kind(table, selection)
    rows = rows[rows["status"].isin(LIVE) & (rows["day"] <= selection.last_day)]
    rows = rows[rows["due_day"].between(selection.first_day, selection.last_day)]
    unparked = rows[rows["status"] != Status.PARKED]
    by_hand = [
        per_grid(rows),
        per_grid(rows[rows["closed_day"] > 0]),
        per_grid(unparked),
        per_grid(unparked[unparked["in_time"]]),
    ]
    found = outcomes.due_by_grid(*_asked(table, selection))
    assert (found == np.column_stack(by_hand)).all()
    by_day = outcomes.due_by_day(*_asked(table, selection))
    assert by_day.sum(axis=1).tolist() == found[:, 2:].sum(axis=0).tolist()


@quick
@given(tables, selections())
def test_what_joined_less_what_left_is_what_changed(table, selection):
    known, asked = _asked(table, selection.any_status())
    before = asked.during(known, 0, selection.first_day - 1)
    live = asked.standing(frozenset(LIVE))
    joined = counts.by_day(known, live).sum()
    left = outcomes.closed_by_day(known, asked).sum()
    change = (
        outcomes.open_by_grid(known, asked).sum()
        - outcomes.open_by_grid(known, before).sum()
    )
    assert change == joined - left


def test_a_city_without_reports_has_no_outcomes():
    known = facts(frame(1, 0))
    asked = mask(known, Selection(FIRST, FIRST), TREE)
    assert outcomes.open_by_grid(known, asked).tolist() == [0] * len(CODES)
    assert outcomes.due_by_grid(known, asked).sum() == 0
