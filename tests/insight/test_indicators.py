import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_facts import AREAS, CODES, FIRST, categories, facts, frame, selections, tables

from gridmap.calendar import day_number
from gridmap.insight import indicators
from gridmap.insight.areas import areas
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.model import Level, Status

TREE = categories()
DAY = day_number(FIRST)


def _of_period(table, selection, today):
    known = facts(table)
    return indicators.of_period(known, mask(known, selection, TREE), today=today)


@settings(max_examples=50, deadline=None)
@given(tables, selections(), st.integers(-5, 60))
def test_every_numerator_is_a_subset_of_its_denominator(table, selection, offset):
    for one in _of_period(table, selection, DAY + offset).values():
        assert (one.numerator >= 0).all()
        assert (one.numerator <= one.denominator).all()


@settings(max_examples=50, deadline=None)
@given(tables, selections())
def test_shares_of_children_add_up_to_their_parent(table, selection):
    children, whole = (
        areas(CODES, selection.area, Level.GRID),
        areas(CODES, selection.area, selection.level),
    )
    for one in _of_period(table, selection, DAY + 100).values():
        for parts, total in zip(one.totals(children), one.totals(whole), strict=True):
            assert parts.sum() == total.sum()


def _cases(*rows):
    table = frame(1, len(rows)).assign(grid=0, category=2, accepted=True, hour=0)
    for number, values in enumerate(rows):
        for name, value in values.items():
            table.loc[number, name] = value
    return table.sort_values("day", ignore_index=True)


def _case(status, *, due, closed=0, day=0):
    in_time = bool(closed) and closed <= due
    return {
        "day": DAY + day,
        "status": int(status),
        "due_day": DAY + due,
        "closed_day": DAY + closed if closed else 0,
        "in_time": in_time,
    }


WEEK = Selection(FIRST, FIRST.replace(day=10))


def _figures(table, key, today):
    one = _of_period(table, WEEK, today)[key]
    return int(one.numerator.sum()), int(one.denominator.sum())


def test_an_open_case_whose_limit_has_not_come_is_not_late():
    table = _cases(_case(Status.CLOSED, due=3, closed=2), _case(Status.HANDLING, due=8))
    assert _figures(table, "on_time", DAY + 5) == (1, 1)
    assert _figures(table, "on_time", DAY + 9) == (1, 2)


def test_what_is_due_today_is_not_counted_before_the_day_is_over():
    table = _cases(_case(Status.HANDLING, due=5))
    assert _figures(table, "closing", DAY + 5) == (0, 0)
    assert _figures(table, "closing", DAY + 6) == (0, 1)


def test_parked_cases_are_due_for_closing_but_not_for_closing_in_time():
    table = _cases(_case(Status.PARKED, due=3), _case(Status.CLOSED, due=3, closed=4))
    assert _figures(table, "closing", DAY + 20) == (1, 2)
    assert _figures(table, "on_time", DAY + 20) == (0, 1)


def test_rejected_and_voided_cases_are_never_due():
    table = _cases(_case(Status.REJECTED, due=3), _case(Status.VOIDED, due=3))
    assert _figures(table, "closing", DAY + 20) == (0, 0)


def test_accurate_acceptance_takes_the_voided_out_of_the_accepted():
    table = _cases(
        _case(Status.VOIDED, due=3),
        _case(Status.CLOSED, due=3, closed=1),
        {"day": DAY, "accepted": False, "status": 0},
    )
    assert _figures(table, "acceptance", DAY + 20) == (2, 3)
    assert _figures(table, "accurate_acceptance", DAY + 20) == (1, 2)


def _closing(table):
    known = facts(table)
    found = indicators.false_closure(known, mask(known, WEEK, TREE))
    return int(found.numerator.sum()), int(found.denominator.sum())


def test_the_same_trouble_at_the_same_place_soon_after_closing_is_a_false_closure():
    first = _case(Status.CLOSED, due=3, closed=2) | {"lon": 113.85, "lat": 35.25}
    again = _case(Status.HANDLING, due=9, day=6) | {"lon": 113.8503, "lat": 35.2502}
    assert _closing(_cases(first, again)) == (1, 1)
    assert _closing(_cases(first, again | {"lon": 113.8503 + 0.01})) == (0, 1)
    assert _closing(_cases(first, again | {"category": 3})) == (0, 1)
    assert _closing(_cases(first, again | {"day": DAY + 20})) == (0, 1)
    assert _closing(_cases(first, again | {"day": DAY + 1})) == (0, 1)


def test_trouble_at_exactly_the_same_point_is_found_too():
    place = {"lon": 113.85, "lat": 35.25}
    assert _closing(
        _cases(
            _case(Status.CLOSED, due=3, closed=2) | place, _case(0, due=9, day=3) | place
        )
    ) == (1, 1)


@settings(max_examples=25, deadline=None)
@given(tables, st.sampled_from(AREAS))
def test_false_closures_are_some_of_the_closings(table, area):
    known = facts(table)
    found = indicators.false_closure(known, mask(known, WEEK.within(area), TREE))
    assert (found.numerator <= found.denominator).all()
    closed = table[
        table["closed_day"].between(WEEK.first_day, WEEK.last_day)
        & (table["day"] <= WEEK.last_day)
    ]
    inside = [
        grid < len(CODES) and str(CODES[grid]).startswith(str(area))
        for grid in closed["grid"]
    ]
    assert found.denominator.sum() == np.sum(inside)
