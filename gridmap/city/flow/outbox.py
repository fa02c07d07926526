"""`outbox`: messages to the outside, each sent once, tried again, or put aside where
everybody sees it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.base.rights import check_administers
from gridmap.city.flow import webhook
from gridmap.city.flow.webhook import Answer
from gridmap.errors import NotFoundError
from gridmap.store.flow import outbox as store_outbox
from gridmap.store.flow.outbox import LONGEST_WAIT_S, Message

FIRST_WAIT_S = 10
LEASE_MARGIN_S = 30
UNREACHED = 3
"""So many messages in a row without any answer: the other side is away, the rest waits for
the next round.
"""
COLUMNS = (
    "id",
    "key",
    "destination",
    "payload",
    "attempts",
    "made_at",
    "next_try",
    "sent_at",
    "last_error",
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a round of sending: acknowledged, to be tried again, and put aside for good."""

    sent: int = 0
    failed: int = 0
    dead: int = 0


class Outbox:
    """Messages on their way to other systems."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def deliver(
        self, *, jitter: Callable[[], float] = random.random, limit: int = 500
    ) -> Sent:
        """Send what is due, at most `limit` messages; without a webhook nothing is sent.

        A message is tried again after 10, 20, 40 … seconds, an hour at most, each pause
        shortened by up to half by `jitter` (0 to 1), or after as long as the other side
        asks; after the last of `settings.outbox_attempts` tries it is dead until `retry`.
        What was acknowledged is never sent again; a message whose acknowledgement was lost
        on the way is, under the same Idempotency-Key.
        """
        settings = self._desk.settings
        if not settings.webhook_url:
            return Sent()
        lease_s = int(settings.webhook_timeout_s) + LEASE_MARGIN_S
        tried: set[int] = set()
        counts = {"sent": 0, "failed": 0, "dead": 0}
        unreached = 0
        while len(tried) < limit and unreached < UNREACHED:
            message = store_outbox.claim(
                self._desk.store,
                now=self._desk.now_s,
                lease_s=lease_s,
                skip=frozenset(tried),
            )
            if message is None:
                break
            tried.add(message.id)
            answer = self._post(message)
            counts[self._note(message, answer, jitter())] += 1
            unreached = 0 if answer.reached else unreached + 1
        return Sent(**counts)

    def waiting(self, *, limit: int = 200) -> pd.DataFrame:
        """Messages still to be sent, the oldest first.

        Columns: id, key, destination, payload, attempts, made_at, next_try, sent_at, last_error.
        """
        return self._frame(store_outbox.WAITING, limit)

    def dead(self, *, limit: int = 200) -> pd.DataFrame:
        """Messages put aside after their last try, the oldest first; columns as of `waiting`."""
        return self._frame(store_outbox.DEAD, limit)

    def counts(self) -> dict[str, int]:
        """Number of messages: waiting, sent, dead."""
        return store_outbox.counts(self._desk.store)

    def retry(self, actor: Actor, number: int) -> None:
        """Let a dead message be tried again. Raises ForbiddenError unless the city's admin
        asks, NotFoundError.
        """
        check_administers(actor, self._desk.code)
        with self._desk.store.write() as connection:
            if not store_outbox.retry(connection, number, now=self._desk.now_s):
                raise NotFoundError(f"No dead message has the number {number}.")

    def sweep(self) -> int:
        """Remove messages older than `settings.outbox_days`, except dead ones; how many."""
        return store_outbox.sweep(
            self._desk.store,
            before=self._desk.now_s - self._desk.settings.outbox_days * 86_400,
        )

    @property
    def destination(self) -> str:
        """Where messages go: the host of the webhook, without what its address may keep
        secret; "": nowhere.
        """
        parts = urlsplit(self._desk.settings.webhook_url)
        return f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""

    def _post(self, message: Message) -> Answer:
        settings = self._desk.settings
        return webhook.post(
            settings.webhook_url,
            message.payload.encode(),
            key=message.key,
            secret=settings.webhook_secret,
            timeout_s=settings.webhook_timeout_s,
        )

    def _note(self, message: Message, answer: Answer, jitter: float) -> str:
        now = self._desk.now_s
        if not answer.error:
            store_outbox.sent(self._desk.store, message, now=now)
            return "sent"
        dead = message.attempts >= self._desk.settings.outbox_attempts
        wait_s = max(pause_s(message.attempts, jitter), min(answer.wait_s, LONGEST_WAIT_S))
        store_outbox.failed(
            self._desk.store, message, error=answer.error, next_try=now + wait_s, dead=dead
        )
        return "dead" if dead else "failed"

    def _frame(self, state: str, limit: int) -> pd.DataFrame:
        return pd.DataFrame(
            store_outbox.rows(self._desk.store, state, limit=limit), columns=list(COLUMNS)
        )


def pause_s(attempts: int, jitter: float) -> int:
    """Seconds until the next try after `attempts` tries; `jitter` from 0 to 1 takes off up
    to half.
    """
    whole = min(FIRST_WAIT_S << min(attempts - 1, 20), LONGEST_WAIT_S)
    return max(1, round(whole * (1 - jitter / 2)))
