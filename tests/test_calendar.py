from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap import calendar
from gridmap.calendar import TIME_ZONE
from gridmap.model import LimitUnit


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-05-01", False),  # Labour Day
        ("2024-05-11", True),  # a Saturday made up for it
        ("2024-05-12", False),
        ("2024-05-13", True),
        ("2024-10-01", False),
    ],
)
def test_holidays_and_make_up_days_count_as_published(day, works):
    assert calendar.is_working_day(date.fromisoformat(day)) is works


def test_beyond_the_published_years_it_is_monday_to_friday_and_says_so():
    assert calendar.is_provisional(date(2090, 1, 2))
    assert calendar.is_working_day(date(2090, 1, 2))  # a Monday
    assert not calendar.is_working_day(date(2090, 1, 1))
    assert not calendar.is_provisional(date(2024, 5, 1))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2024-05-20T10:00", 45, LimitUnit.MINUTES, "2024-05-20T10:45"),
        ("2024-05-20T10:00", 3, LimitUnit.CALENDAR_DAYS, "2024-05-23T10:00"),
        ("2024-05-20T10:00", 1, LimitUnit.WORKING_DAYS, "2024-05-21T17:30"),
        ("2024-04-30T10:00", 1, LimitUnit.WORKING_DAYS, "2024-05-06T17:30"),
        ("2024-05-10T10:00", 1, LimitUnit.WORKING_DAYS, "2024-05-11T17:30"),
        ("2024-05-20T11:00", 2, LimitUnit.WORKING_HOURS, "2024-05-20T15:00"),
        ("2024-05-20T17:00", 5, LimitUnit.WORKING_HOURS, "2024-05-21T15:00"),
        ("2024-05-20T21:00", 1, LimitUnit.WORKING_HOURS, "2024-05-21T09:30"),
    ],
)
def test_a_limit_runs_out_when_the_offices_say(start, amount, unit, due):
    assert calendar.due(at(start), amount, unit) == at(due)


@given(
    st.datetimes(min_value=datetime(2021, 1, 1), max_value=datetime(2025, 1, 1)),
    st.integers(min_value=1, max_value=40),
    st.sampled_from(list(LimitUnit)),
)
def test_a_longer_limit_is_never_due_earlier(start, amount, unit):
    moment = start.replace(tzinfo=TIME_ZONE)
    assert moment < calendar.due(moment, amount, unit) <= calendar.due(moment, amount + 1, unit)


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_an_instant_survives_the_way_to_seconds_and_back(moment):
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    assert calendar.from_epoch(calendar.to_epoch(whole)) == whole


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_the_day_number_is_that_of_the_local_date(moment):
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    number = calendar.day_numbers(np.array([calendar.to_epoch(whole)]))[0]
    assert calendar.day_from_number(number) == (whole + timedelta(hours=8)).date()
