"""The city's clock: real time, or a time that a demonstration starts at and that then runs on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from gridmap.calendar import TIME_ZONE
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.base.start import start_of


class Clock(Protocol):
    """Tells what time it is in the city."""

    def now(self) -> datetime:
        """The aware time in Asia/Shanghai."""


@dataclass(frozen=True, slots=True)
class RealClock:
    """Real time."""

    def now(self) -> datetime:
        """The aware time in Asia/Shanghai."""
        return datetime.now(UTC).astimezone(TIME_ZONE)


@dataclass(frozen=True, slots=True)
class StartedClock:
    """A clock that showed `start` when it was made and runs in real time since."""

    start: datetime
    began_s: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The aware time in Asia/Shanghai."""
        return (self.start + timedelta(seconds=time.monotonic() - self.began_s)).astimezone(
            TIME_ZONE
        )


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """A clock that always shows `at`."""

    at: datetime

    def now(self) -> datetime:
        """The aware time in Asia/Shanghai."""
        return self.at.astimezone(TIME_ZONE)


def starting(start: datetime) -> StartedClock:
    """A clock that starts at `start`; a naive time is read as Asia/Shanghai."""
    return StartedClock(start if start.tzinfo else start.replace(tzinfo=TIME_ZONE))


def clock_of(settings: Settings, store: Store) -> Clock:
    """The clock of a city: the setting `now`, the demonstration's own, or real time, in this order.

    A set clock never begins before what has happened last on the platform. With the setting
    `now_since` (which `gridmap serve` gives to its processes) it began there and has run
    since, so that all processes show one time.
    """
    start = start_of(settings, store)
    if start is None:
        return RealClock()
    run_s = time.time() - settings.now_since if settings.now_since else 0.0
    return starting(start + timedelta(seconds=max(run_s, 0.0)))


def today(clock: Clock) -> date:
    """The local day."""
    return clock.now().date()
