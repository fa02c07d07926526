from datetime import date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gridmap.calendar import TIME_ZONE, due, from_epoch, to_epoch
from gridmap.demo.workingcalendar import WorkingCalendar
from gridmap.model import LimitUnit

CALENDAR = WorkingCalendar.between(date(2021, 1, 1), date(2024, 12, 31))
FIRST = datetime(2021, 5, 21, tzinfo=TIME_ZONE)


@given(
    st.integers(0, 1100 * 86_400),
    st.sampled_from([unit for unit in LimitUnit if unit is not LimitUnit.MINUTES]),
    st.integers(1, 30) | st.integers(1, 120).map(lambda quarters: quarters / 4),
)
def test_arrays_of_limits_run_out_as_single_ones_do(seconds, unit, amount):
    start = FIRST + timedelta(seconds=seconds)
    got = CALENDAR.due(np.array([to_epoch(start)]), np.array([float(amount)]), unit)
    assert from_epoch(got[0]) == due(start, amount, unit)


def test_a_limit_that_ends_with_the_office_day_ends_in_the_evening():
    start = datetime(2024, 5, 20, 8, 30, tzinfo=TIME_ZONE)
    got = CALENDAR.due(
        np.array([to_epoch(start)]), np.array([7.0]), LimitUnit.WORKING_HOURS
    )
    assert from_epoch(got[0]) == datetime(2024, 5, 20, 17, 30, tzinfo=TIME_ZONE)


def test_minutes_run_through_the_night():
    start = datetime(2024, 5, 20, 23, 30, tzinfo=TIME_ZONE)
    got = CALENDAR.due(np.array([to_epoch(start)]), np.array([60.0]), LimitUnit.MINUTES)
    assert from_epoch(got[0]) == datetime(2024, 5, 21, 0, 30, tzinfo=TIME_ZONE)
