"""`Comments`: what is said about a draft, or about a place of it."""

from __future__ import annotations

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.people.people import People
from gridmap.city.plans.drafts import LONGEST_WORDS, NO_WORDS, SAY_IT, Drafts
from gridmap.errors import Fault, InputError
from gridmap.store.plans import drafts as store_drafts


class Comments:
    """Comments on drafts, open until somebody has seen to them."""

    def __init__(self, desk: Desk, *, people: People, drafts: Drafts) -> None:
        self._desk = desk
        self._people = people
        self._drafts = drafts

    def add(
        self,
        actor: Actor,
        draft: int,
        words: str,
        *,
        lon: float | None = None,
        lat: float | None = None,
    ) -> int:
        """Say something about a draft or a place of it (degrees); the comment's number.

        Raises ForbiddenError, InputError, NotFoundError.
        """
        self._drafts.check_reads(actor)
        text = words.strip()
        if not 0 < len(text) <= LONGEST_WORDS:
            raise InputError(Fault(rule=NO_WORDS, field="text", cure=SAY_IT))
        with self._desk.store.write() as connection:
            store_drafts.load(connection, draft)
            return store_drafts.add_comment(
                connection,
                draft,
                by=actor.user,
                at=self._desk.now_s,
                words=text,
                lon=lon,
                lat=lat,
            )

    def resolve(self, actor: Actor, draft: int, comment: int) -> None:
        """Note that a comment has been seen to. Raises ForbiddenError, NotFoundError."""
        self._drafts.check_reads(actor)
        with self._desk.store.write() as connection:
            store_drafts.resolve(
                connection, draft, comment, by=actor.user, at=self._desk.now_s
            )

    def listed(self, draft: int) -> pd.DataFrame:
        """What was said about a draft, oldest first: the columns of
        `store.drafts.read_comments`, and name.
        """
        with self._desk.store.read() as connection:
            table = store_drafts.read_comments(connection, draft)
        return table.assign(name=[self._people.name(by) for by in table["by"].tolist()])
