"""`Keys`: device keys: told once, kept as a digest, scoped to areas, revoked at any time."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Sequence
from hashlib import sha256

import pandas as pd
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.base.rights import check_manages
from gridmap.city.base.watched import Watched
from gridmap.city.people.people import People
from gridmap.codes import level_of
from gridmap.errors import Fault, ForbiddenError, InputError, NotFoundError, shown
from gridmap.store.people import keys as store_keys
from gridmap.store.people.keys import Key
from gridmap.store.people.peoplecheck import CORRECT, odd_words
from gridmap.words import mark

KEY_BYTES = 32
NOTE_EVERY_S = 60.0
MOST_KEYS = 200
"""Longest key that is looked at; ours have 43 characters."""


OUTSIDE = mark("outside what the user answers for")
INSIDE = mark("Choose places the user answers for.")


class Keys:
    """Keys of phones and of other systems; a key acts as its user."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people
        # Found keys by digest; replaced by an empty one as soon as any key changes.
        self._known: Watched[dict[str, Key]] = Watched(
            desk.store, store_keys.PART, _none_yet
        )
        self._used: dict[int, int] = {}
        self._using = threading.Lock()
        self._noting = threading.Lock()
        self._note_at = 0.0

    def make(
        self, actor: Actor, user: int, *, label: str, areas: Sequence[int] = ()
    ) -> str:
        """A new key of `user`, told this once; `areas` (codes) bound where it may report,
        none: the user's own.

        Users may make keys of their own. Raises ForbiddenError, NotFoundError, InputError.
        """
        owner = self._people.user(user)
        check_manages(actor, owner, oneself=True)
        scope = tuple(dict.fromkeys(int(area) for area in areas))
        faults = self._key_faults(self._people.actor(owner.id), label.strip(), scope)
        if faults:
            raise InputError(faults)
        key = secrets.token_urlsafe(KEY_BYTES)
        with self._desk.store.write() as connection:
            store_keys.add_key(
                connection,
                digest=_digest(key),
                user=owner.id,
                label=label.strip(),
                areas=scope,
                at=self._desk.now_s,
            )
        self.changed()
        return key

    def listed(self, user: int) -> pd.DataFrame:
        """The keys of a user, newest first: id, label, areas (tuple), made_at, used_at,
        revoked_at (0: not).
        """
        self._note()
        return store_keys.read_keys(self._desk.store, int(user))

    def revoke(self, actor: Actor, key: int) -> None:
        """Let a key stop working: here at once, in other processes within a second.

        Users may revoke keys of their own. Raises ForbiddenError, NotFoundError.
        """
        with self._desk.store.write() as connection:
            owner = store_keys.holder_of(connection, key)
            if not owner:
                raise NotFoundError(f"There is no key {key}.")
            check_manages(actor, self._people.user(owner), oneself=True)
            store_keys.revoke(connection, key, self._desk.now_s)
        self.changed()

    def actor_of(self, key: str) -> tuple[Actor, tuple[int, ...]]:
        """The actor a key stands for, and the areas it may report in.

        Looked up in memory once the key is known. Raises ForbiddenError for a key that is
        unknown or revoked, and when its user is no longer active.
        """
        found = self._find(key) if 0 < len(key) <= MOST_KEYS else None
        if found is None:
            raise ForbiddenError(mark("This device key is unknown or has been revoked."))
        actor = self._people.actor(found.user)
        with self._using:
            self._used[found.id] = self._desk.now_s
        if time.monotonic() >= self._note_at:
            self._note()
        return actor, found.areas or actor.areas

    def changed(self) -> None:
        """Tell that this process has just changed keys, so that the next question sees it."""
        self._known.forget()

    def _find(self, key: str) -> Key | None:
        known = self._known.get()
        digest = _digest(key)
        found = known.get(digest)
        if found is None:
            with self._desk.store.read() as connection:
                found = store_keys.find_key(connection, digest)
            if found is not None:
                known[digest] = found
        return found

    def _note(self) -> None:
        """Write down which keys were used since the last time, in one transaction."""
        if not self._noting.acquire(blocking=False):
            return
        self._note_at = time.monotonic() + NOTE_EVERY_S
        with self._using:
            used, self._used = self._used, {}
        try:
            if used:
                with self._desk.store.write() as connection:
                    store_keys.note_use(connection, used)
        except (
            OperationalError
        ):  # a busy database is no reason to refuse the key: the next note says it
            with self._using:
                self._used = {**used, **self._used}
        finally:
            self._noting.release()

    def _key_faults(self, owner: Actor, label: str, areas: Sequence[int]) -> list[Fault]:
        faults = []
        if not label:
            faults.append(
                Fault(
                    rule=mark("has no label"), field="label", cure=mark("Name the device.")
                )
            )
        if odd := odd_words(label):
            faults.append(
                Fault(rule=odd, field="label", value=shown(label, 40), cure=CORRECT)
            )
        for area in areas:
            try:
                level_of(area)
            except InputError as error:
                faults += error.faults
                continue
            if not owner.covers(area):
                faults.append(
                    Fault(rule=OUTSIDE, field="areas", value=str(area), cure=INSIDE)
                )
        return faults


def _digest(key: str) -> str:
    return sha256(key.encode(errors="replace")).hexdigest()


def _none_yet(_: Connection) -> dict[str, Key]:
    return {}
