"""`watch`: what the clock does by itself: limits, messages, columns, contacts that expire,
plans whose day has come.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from gridmap.city.base.desk import Desk
from gridmap.city.base.limits import Limits
from gridmap.city.flow.alarms import Alarms
from gridmap.city.flow.outbox import Outbox, Sent
from gridmap.city.plans.publishing import Publishing
from gridmap.errors import GridmapError
from gridmap.store.base import wal
from gridmap.store.flow import alarms as store_alarms
from gridmap.store.flow.alarms import NEAR_DUE, OVERDUE, STEP_OVERDUE
from gridmap.store.look import columns

log = logging.getLogger("gridmap.watch")

WATCHED = "watched_at"
"""Real time of the clockwork's last look, for `doctor`."""
WATCHED_EVERY_S = 60
CHECKPOINT_S = 1.0
HOUSEKEEPING_S = 3600
CONTACTS = 200
ROUND = 10
"""Messages sent before the clockwork looks whether it is to stop."""
LONGEST_TROUBLE_S = 300
"""So long the database may be away before the clockwork gives up, to be started anew."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What one look of the clockwork did: alarms raised, messages sent and given up, rows
    of columns refreshed.
    """

    near_due: int = 0
    overdue: int = 0
    step_overdue: int = 0
    sent: int = 0
    dead: int = 0
    refreshed: bool = False


class Watch:
    """The city's clockwork; may run twice at once, may be down, its clock may jump: each
    alarm is raised once.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        limits: Limits,
        outbox: Outbox,
        alarms: Alarms,
        publishing: Publishing,
    ) -> None:
        self._desk = desk
        self._limits = limits
        self._outbox = outbox
        self._publishing = publishing
        self._alarms = alarms
        self._refreshed_s = self._watched_s = self._kept_s = float("-inf")

    def tick(self) -> Tick:
        """One look at everything: limits, contacts, the outbox, the columns."""
        near_due, overdue, step_overdue = self.look()
        sent = self._outbox.deliver()
        return Tick(near_due, overdue, step_overdue, sent.sent, sent.dead, self.refresh())

    def look(self) -> tuple[int, int, int]:
        """Raise what is due (near due, overdue, step overdue); finish clocks set anew;
        publish plans; delete what expired.
        """
        self._limits.clock_anew()
        clocks, now = self._limits.deadlines, self._desk.now_s
        raised = {
            kind: self._alarms.raise_due(kind, clocks, now=now)
            for kind in (OVERDUE, STEP_OVERDUE, NEAR_DUE)
        }
        self._publishing.publish_due()
        self._publishing.settle()
        self._note_watched()
        if time.monotonic() - self._kept_s > HOUSEKEEPING_S:
            self.forget_contacts()
            self._outbox.sweep()
            self._kept_s = time.monotonic()
        return raised[NEAR_DUE], raised[OVERDUE], raised[STEP_OVERDUE]

    def refresh(self) -> bool:
        """Bring the columns up to the truth, at most every `settings.columns_s`; whether
        anything was new.
        """
        if time.monotonic() - self._refreshed_s < self._desk.settings.columns_s:
            return False
        before = columns.manifest(self._desk.store)
        after = columns.refresh(self._desk.store)
        self._refreshed_s = time.monotonic()
        return after != before

    def forget_contacts(self) -> int:
        """Delete the contacts of matters that ended `settings.contact_days` ago; how many."""
        store, before = (
            self._desk.store,
            self._desk.now_s - self._desk.settings.contact_days * 86_400,
        )
        count = 0
        while True:
            with store.read() as connection:
                matters = store_alarms.expired_contacts(
                    connection, before=before, limit=CONTACTS
                )
            if not matters:
                return count
            with store.write() as connection:
                count += store_alarms.forget_contacts(connection, matters)

    def run(self, stop: threading.Event) -> None:
        """Look every `settings.watch_s` until `stop` is set; messages are sent beside it,
        so that none holds up a clock.

        A database that is away is waited for; after `LONGEST_TROUBLE_S` its error is raised.
        """
        failed: list[BaseException] = []
        others = [
            threading.Thread(
                target=_kept, args=(work, stop, failed), name=name, daemon=True
            )
            for name, work in (
                ("gridmap-outbox", self._deliver),
                ("gridmap-columns", self._refresh),
                ("gridmap-log", self._checkpoint),
            )
        ]
        for other in others:
            other.start()
        try:
            self._every(stop, self.look)
        finally:
            stop.set()
            for other in others:
                other.join()
        if failed:
            raise failed[0]

    def _deliver(self, stop: threading.Event) -> None:
        def send() -> None:
            more = True
            while more and not stop.is_set():
                sent = self._outbox.deliver(limit=ROUND)
                self._told(sent)
                more = sent.sent == ROUND

        self._every(stop, send)

    def _refresh(self, stop: threading.Event) -> None:
        self._every(stop, self.refresh)

    def _checkpoint(self, stop: threading.Event) -> None:
        self._every(stop, lambda: wal.checkpoint(self._desk.store), CHECKPOINT_S)

    def _every(
        self,
        stop: threading.Event,
        work: Callable[[], object],
        pause_s: float | None = None,
    ) -> None:
        trouble_s = 0.0
        while not stop.is_set():
            begun_s = time.monotonic()
            try:
                work()
                trouble_s = 0.0
            except (SQLAlchemyError, GridmapError, OSError) as error:
                trouble_s = trouble_s or begun_s
                if begun_s - trouble_s > LONGEST_TROUBLE_S:
                    raise
                log.warning("The clockwork tries again: %s", error)
            stop.wait(self._desk.settings.watch_s if pause_s is None else pause_s)

    def _told(self, sent: Sent) -> None:
        if sent.failed or sent.dead:
            log.warning(
                "Messages not acknowledged: %d to be tried again, %d put aside.",
                sent.failed,
                sent.dead,
            )

    def _note_watched(self) -> None:
        if time.monotonic() - self._watched_s > WATCHED_EVERY_S:
            self._desk.store.set_meta(WATCHED, str(int(time.time())))
            self._watched_s = time.monotonic()


def _kept(
    work: Callable[[threading.Event], None],
    stop: threading.Event,
    failed: list[BaseException],
) -> None:
    """Run `work` in a thread: what ends it ends the clockwork, with its error."""
    try:
        work(stop)
    except BaseException as error:  # noqa: BLE001  (raised again by who started the thread)
        failed.append(error)
        stop.set()
