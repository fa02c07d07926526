import time
from datetime import UTC, datetime, timedelta

import pytest

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.city.base.clock import (
    RealClock,
    StartedClock,
    StoppedClock,
    clock_of,
    starting,
)
from gridmap.settings import Settings
from gridmap.store.base.start import start_of
from gridmap.store.opening import open_store
from gridmap.store.tables import events

START = datetime(2024, 5, 21, 8, 46, tzinfo=TIME_ZONE)


def test_a_started_clock_runs_in_real_time_from_its_start():
    clock = StartedClock(START, began_s=-1e6)
    first, second = clock.now(), clock.now()
    assert START + timedelta(days=11) < first <= second


def test_a_start_without_a_zone_is_the_citys_own():
    assert abs(starting(START.replace(tzinfo=None)).now() - START) < timedelta(seconds=5)


def test_times_are_told_in_the_citys_zone():
    assert (
        StoppedClock(datetime(2024, 5, 21, tzinfo=UTC)).now().isoformat()
        == "2024-05-21T08:00:00+08:00"
    )
    assert RealClock().now().utcoffset() == timedelta(hours=8)


@pytest.fixture
def demonstration(tmp_path):
    """An empty store that says it is a demonstration, with its settings."""
    settings = Settings(home=tmp_path)
    with open_store(settings) as store:
        store.set_meta("demonstration", "1")
        store.set_meta("clock", START.isoformat())
        yield store, settings


def happened(store, moment, *, kind="accept"):
    with store.write() as connection:
        connection.execute(events.insert().values(matter=1, kind=kind, at=to_epoch(moment)))


def near(one, other):
    return abs(one - other) < timedelta(seconds=5)


def test_a_demonstration_starts_at_its_own_time_and_a_city_has_real_time(demonstration):
    store, settings = demonstration
    assert near(clock_of(settings, store).now(), START)
    store.set_meta("demonstration", "0")
    assert isinstance(clock_of(settings, store), RealClock)
    given = settings.model_copy(update={"now": START + timedelta(days=1)})
    assert near(clock_of(given, store).now(), START + timedelta(days=1))


def test_a_set_clock_never_starts_before_what_happened_last(demonstration):
    store, settings = demonstration
    happened(store, START + timedelta(hours=3))
    happened(store, START + timedelta(days=30), kind="imported")
    assert near(clock_of(settings, store).now(), START + timedelta(hours=3))
    early = settings.model_copy(update={"now": START})
    assert near(clock_of(early, store).now(), START + timedelta(hours=3))
    late = settings.model_copy(update={"now": START + timedelta(hours=5)})
    assert near(clock_of(late, store).now(), START + timedelta(hours=5))


def test_processes_started_one_after_the_other_show_one_time(demonstration):
    store, settings = demonstration
    happened(store, START + timedelta(hours=3))
    started = start_of(settings, store)
    shared = settings.model_copy(update={"now": started, "now_since": time.time() - 600})
    first = clock_of(shared, store)
    happened(
        store, started + timedelta(minutes=9)
    )  # by the first process, before the second is there
    second = clock_of(shared, store)
    assert near(first.now(), started + timedelta(minutes=10))
    assert abs(first.now() - second.now()) < timedelta(seconds=0.5)
