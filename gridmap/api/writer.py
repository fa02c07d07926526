"""`Writer`: reports that wait at the same time go to the city together, one commit for all of them."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from gridmap.cases.actors import Actor
from gridmap.city.newmatter import NewMatter, Receipt
from gridmap.errors import GridmapError, SetupError
from gridmap.words import mark

LONGEST_WAIT_S = 0.004
"""How long the first report of a group waits for others."""

MOST_AT_ONCE = 200
MOST_WAITING = 2000
"""Reports that may wait; more are told to come again."""

TOO_MANY = mark("Too many reports wait. Send it again in a moment.")
NOT_WRITTEN = mark("This report could not be written. Send it again in a moment.")

Report = tuple[Actor, NewMatter]
Take = Callable[[Sequence[Report]], list[Receipt | GridmapError]]
_Waiting = tuple[Report, "Future[Receipt]"]

log = logging.getLogger("gridmap.api")


class Writer:
    """A thread that takes reports to `take` (`city.matters.report_many`) in groups.

    A report is acknowledged when its group has been committed to the disk, and each for itself: one that is wrong, or
    that brings its group down, does not touch the others.
    """

    def __init__(self, take: Take) -> None:
        self._take = take
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="gridmap-writer", daemon=True)
        self._ending = False

    def start(self) -> None:
        """Begin to take reports."""
        self._thread.start()

    def stop(self) -> None:
        """Take what waits, then end."""
        self._ending = True
        self._waiting.put(None)
        self._thread.join()

    def put(self, actor: Actor, new: NewMatter) -> Future[Receipt]:
        """Where the receipt of `new` will appear, or the error it met. Raises SetupError when too many wait."""
        answer: Future[Receipt] = Future()
        if self._ending:
            raise SetupError(TOO_MANY)
        try:
            self._waiting.put_nowait(((actor, new), answer))
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
            self._write(group)

    def _others(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
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

    def _write(self, group: Sequence[_Waiting]) -> None:
        try:
            answers = self._take([report for report, _ in group])
        except Exception as error:
            if len(group) > 1:  # perhaps one of them is the reason: each for itself
                for one in group:
                    self._write([one])
                return
            log.exception("A report could not be written.")
            answers = [error if isinstance(error, GridmapError) else SetupError(NOT_WRITTEN)]
        for (_, waiting), answer in zip(group, answers, strict=True):
            with suppress(InvalidStateError):  # who asked has gone away
                if isinstance(answer, GridmapError):
                    waiting.set_exception(answer)
                else:
                    waiting.set_result(answer)
