from datetime import UTC, datetime, timedelta

from gridmap.calendar import TIME_ZONE
from gridmap.city.clock import RealClock, StartedClock, StoppedClock, starting

START = datetime(2024, 5, 21, 8, 46, tzinfo=TIME_ZONE)


def test_a_started_clock_runs_in_real_time_from_its_start():
    clock = StartedClock(START, began_s=-1e6)
    first, second = clock.now(), clock.now()
    assert START + timedelta(days=11) < first <= second


def test_a_start_without_a_zone_is_the_citys_own():
    assert abs(starting(START.replace(tzinfo=None)).now() - START) < timedelta(seconds=5)


def test_times_are_told_in_the_citys_zone():
    assert StoppedClock(datetime(2024, 5, 21, tzinfo=UTC)).now().isoformat() == "2024-05-21T08:00:00+08:00"
    assert RealClock().now().utcoffset() == timedelta(hours=8)
