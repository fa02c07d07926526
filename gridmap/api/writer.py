"""`Writer`: reports that wait at the same time go to the city together, one commit for all
of them.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from gridmap.api.answers import GivenReceipt
from gridmap.cases.actors import Actor
from gridmap.city.flow.newmatter import NewMatter, Receipt
from gridmap.errors import GridmapError, SetupError
from gridmap.words import mark

LONGEST_WAIT_S = 0.008
"""How long the first report of a group waits for others."""

MOST_AT_ONCE = 200
MOST_WAITING = 2000
"""Reports that may wait; more are told to come again."""

TOO_MANY = mark("Too many reports wait. Send it again in a moment.")
NOT_WRITTEN = mark("This report could not be written. Send it again in a moment.")

Report = tuple[Actor, NewMatter]
Ready = Callable[[], Report]
"""Works out who reports what; raises GridmapError when nothing is to be reported."""
Take = Callable[[Sequence[Report]], list[Receipt | GridmapError]]
Tell = Callable[[Receipt], GivenReceipt]
_Answer = Future[GivenReceipt]

log = logging.getLogger("gridmap.api")


class Writer:
    """A thread that takes reports to `take` (`city.reporting.report_many`) in groups and puts
    receipts into words.

    A report is acknowledged when its group has been committed to the disk, and each for
    itself: one that is wrong, or that brings its group down, does not touch the others.
    Keys and places are checked in this thread too, so that the one that speaks with the
    network only ever passes on.
    """

    def __init__(self, take: Take, tell: Tell) -> None:
        self._take = take
        self._tell = tell
        self._waiting: queue.Queue[tuple[Ready, _Answer] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(
            target=self._run, name="gridmap-writer", daemon=True
        )
        self._ending = False

    def start(self) -> None:
        """Begin to take reports."""
        self._thread.start()

    def stop(self) -> None:
        """Take what waits, then end."""
        self._ending = True
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def put(self, ready: Ready) -> _Answer:
        """Where the receipt of a report will appear, or the error it met. Raises SetupError
        when too many wait.
        """
        answer: _Answer = Future()
        if self._ending:
            raise SetupError(TOO_MANY)
        try:
            self._waiting.put_nowait((ready, answer))
        except queue.Full as error:
            raise SetupError(TOO_MANY) from error
        return answer

    def _run(self) -> None:
        going = True
        while going:
            first = self._waiting.get()
            if first is None:
                return
            group, going = self._others(first)
            self._write([prepared for one in group for prepared in self._prepared(*one)])

    def _others(
        self, first: tuple[Ready, _Answer]
    ) -> tuple[list[tuple[Ready, _Answer]], bool]:
        """`first` and what comes within the wait; whether to go on after them."""
        group, until = [first], time.monotonic() + LONGEST_WAIT_S
        while len(group) < MOST_AT_ONCE:
            try:
                following = self._waiting.get(timeout=max(until - time.monotonic(), 0.0))
            except queue.Empty:
                break
            if following is None:
                return group, False
            group.append(following)
        return group, True

    def _prepared(self, ready: Ready, answer: _Answer) -> list[tuple[Report, _Answer]]:
        try:
            return [(ready(), answer)]
        except Exception as error:  # noqa: BLE001
            self._settle(answer, _known(error))
            return []

    def _write(self, group: Sequence[tuple[Report, _Answer]]) -> None:
        if not group:
            return
        try:
            found = self._take([report for report, _ in group])
        except Exception as error:  # noqa: BLE001  (whatever it is, who waits has to be told)
            if (
                len(group) > 1
            ):  # nothing of it was written; perhaps one of them is the reason: each for itself
                for one in group:
                    self._write([one])
                return
            found = [_known(error)]
        for (_, answer), what in zip(group, found, strict=True):
            self._settle(answer, what)

    def _settle(self, answer: _Answer, what: Receipt | GridmapError) -> None:
        with suppress(InvalidStateError):  # who asked has gone away
            if isinstance(what, GridmapError):
                answer.set_exception(what)
                return
            try:
                told = self._tell(what)
            except Exception as error:  # noqa: BLE001
                answer.set_exception(_known(error))
            else:
                answer.set_result(told)


def _known(error: Exception) -> GridmapError:
    if isinstance(error, GridmapError):
        return error
    log.error("A report could not be written.", exc_info=error)
    return SetupError(NOT_WRITTEN)
