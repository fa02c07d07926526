from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.errors import InputError
from gridmap.insight.selection import Selection
from gridmap.model import Level

MAY = Selection(date(2024, 5, 1), date(2024, 5, 31))


def test_equal_selections_are_the_same_key_whatever_the_order():
    one = Selection(
        date(2024, 5, 1), date(2024, 5, 2), 4107, ("B", "A", "A"), ("voided", "closed")
    )
    other = Selection(
        date(2024, 5, 1), date(2024, 5, 2), 4107, ("A", "B"), ("closed", "voided")
    )
    assert one == other
    assert hash(one) == hash(other)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_the_period_before_is_as_long_and_ends_the_day_before(start, length):
    selection = Selection(start, start + timedelta(days=length))
    before = selection.previous()
    assert before.days == selection.days == length + 1
    assert before.end + timedelta(days=1) == selection.start


def test_last_year_has_the_same_days_and_february_29_becomes_28():
    assert MAY.last_year() == Selection(date(2023, 5, 1), date(2023, 5, 31))
    assert Selection(date(2024, 2, 29), date(2024, 2, 29)).last_year().start == date(
        2023, 2, 28
    )


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as error:
        Selection(date(2024, 5, 2), date(2024, 5, 1), 41, (), ("done", "closed"))
    assert {fault.field for fault in error.value.faults} == {"end", "statuses", "code"}


def test_a_place_has_a_level_and_one_below_it():
    assert MAY.level is Level.CITY
    assert MAY.within(410702001).children_level is Level.VILLAGE
    assert MAY.within(410702001001001).children_level is Level.GRID


def test_the_states_can_be_left_out_of_a_question():
    assert Selection(MAY.start, MAY.end, statuses=("closed",)).any_status() == MAY
