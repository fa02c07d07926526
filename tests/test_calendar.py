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
    assert (
        moment
        < calendar.due(moment, amount, unit)
        <= calendar.due(moment, amount + 1, unit)
    )


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_an_instant_survives_the_way_to_seconds_and_back(moment):
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    assert calendar.from_epoch(calendar.to_epoch(whole)) == whole


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_the_day_number_is_that_of_the_local_date(moment):
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    number = calendar.day_numbers(np.array([calendar.to_epoch(whole)]))[0]
    assert calendar.day_from_number(number) == (whole + timedelta(hours=8)).date()


def seconds(text: str) -> int:
    return calendar.to_epoch(at(text))


OWN = calendar.with_overrides(
    [(date(2024, 5, 22), False), (date(2024, 5, 25), True), (date(2030, 5, 3), False)]
)
CALENDARS = st.sampled_from([calendar.PUBLISHED, OWN])
MOMENTS = st.integers(seconds("2021-01-01T00:00"), seconds("2031-01-01T00:00"))
UNITS = st.sampled_from(list(LimitUnit))
PACE_S = {
    LimitUnit.MINUTES: 60,
    LimitUnit.CALENDAR_DAYS: 86_400,
    LimitUnit.WORKING_HOURS: 3600,
    LimitUnit.WORKING_DAYS: 7 * 3600,
}


@given(CALENDARS, MOMENTS, st.integers(-2_000_000, 5_000_000), UNITS)
def test_what_has_run_at_the_end_of_a_limit_is_the_limit(days, start, pace_s, unit):
    amount = pace_s / PACE_S[unit]
    assert days.elapsed(start, days.due(start, amount, unit), unit) == amount


@given(CALENDARS, MOMENTS, st.integers(-90 * 86_400, 90 * 86_400), UNITS)
def test_what_has_run_leads_back_to_the_moment_or_to_the_closing_before_it(
    days, start, away, unit
):
    end = start + away
    back = days.due(start, days.elapsed(start, end, unit), unit)
    if unit in {LimitUnit.MINUTES, LimitUnit.CALENDAR_DAYS}:
        assert back == end
        return
    assert back <= end
    assert (
        days.elapsed(back, end, LimitUnit.WORKING_HOURS) == 0
    )  # nothing but closed doors lies between
    local = calendar.from_epoch(end)
    hour = local.hour + local.minute / 60 + local.second / 3600
    if days.is_working_day(local.date()) and any(
        opens < hour <= closes for opens, closes in calendar.WORK_HOURS
    ):
        assert back == end


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_office_hours_add_up(days, one, two, three):
    hours = LimitUnit.WORKING_HOURS
    whole = days.elapsed(one, three, hours)
    assert (
        abs(days.elapsed(one, two, hours) + days.elapsed(two, three, hours) - whole) < 1e-6
    )


def test_a_citys_own_table_wins_over_the_published_one():
    start = seconds("2024-05-21T10:00")
    assert OWN.due(start, 1, LimitUnit.WORKING_DAYS) == seconds("2024-05-23T17:30")
    assert OWN.due(start, 3, LimitUnit.WORKING_DAYS) == seconds("2024-05-25T17:30")
    assert OWN.due(start, 7, LimitUnit.WORKING_HOURS) == seconds("2024-05-23T10:00")
    assert calendar.PUBLISHED.due(start, 1, LimitUnit.WORKING_DAYS) == seconds(
        "2024-05-22T17:30"
    )


def test_a_year_is_provisional_until_its_days_off_are_named():
    golden_week = [(date(2030, 10, day), False) for day in range(1, 8)]
    spring = [(date(2030, 2, day), False) for day in range(3, 10)]
    assert OWN.is_provisional(
        date(2030, 5, 6)
    )  # one day of its own does not make a calendar
    assert not calendar.with_overrides(golden_week + spring).is_provisional(
        date(2030, 5, 6)
    )
    assert OWN.provisional_between(seconds("2026-12-30T10:00"), seconds("2027-01-04T17:30"))
    assert not OWN.provisional_between(
        seconds("2024-12-30T10:00"), seconds("2025-01-04T17:30")
    )


def test_a_limit_beyond_all_calendars_is_an_error_not_a_guess():
    with pytest.raises(OverflowError):
        calendar.PUBLISHED.due(seconds("2024-05-21T10:00"), 1e6, LimitUnit.WORKING_DAYS)
