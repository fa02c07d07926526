"""Where a set clock starts: as the settings or the demonstration say, never before what has
happened last.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from gridmap.calendar import TIME_ZONE, from_epoch
from gridmap.settings import Settings
from gridmap.store.base.store import Store
from gridmap.store.tables import events

LAST_LINES = 1000
"""Lines of journals are written in the order of time, but for what is built or brought up
in one go.
"""


def start_of(settings: Settings, store: Store) -> datetime | None:
    """Where a set clock starts; None: the city has real time.

    A start that `gridmap serve` has given out is taken as it is: it looked at the journal
    before it did.
    """
    shown = store.get_meta("clock") if store.get_meta("demonstration") == "1" else ""
    start = settings.now or (_moment(shown) if shown else None)
    if start is None:
        return None
    start = start if start.tzinfo else start.replace(tzinfo=TIME_ZONE)
    if settings.now is not None and settings.now_since:
        return start
    return max(start, from_epoch(latest_live(store)))


def latest_live(store: Store) -> int:
    """When something last happened on the platform itself, Unix seconds: the latest of its
    last lines; 0: never.
    """
    last = (
        select(events.c.at)
        .where(events.c.kind != "imported")
        .order_by(events.c.seq.desc())
        .limit(LAST_LINES)
    )
    with store.read() as connection:
        return max(connection.scalars(last), default=0)


def _moment(text: str) -> datetime:
    """A stored time: ISO 8601, or Unix seconds."""
    return from_epoch(int(text)) if text.isdecimal() else datetime.fromisoformat(text)
