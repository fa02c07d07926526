"""`cards`: matters as phones and other systems list them, each as far as who asks may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gridmap.cases.actors import Actor
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.city.base.desk import Desk
from gridmap.model import Status, UserRole
from gridmap.store.flow import cards
from gridmap.store.flow.cards import Card, Span

MOST_TASKS = 200
MOST_REPORTS = 200
PUBLIC_KINDS = frozenset("CEH")
"""Components, events and hazards are about places, and anybody may read of them; disputes,
services for people and policy advice are about persons, and are shown to who answers for
the place, works on the matter, or reported it.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """A matter that waits, and the moves its reader may make."""

    card: Card
    moves: tuple[str, ...]


class Cards:
    """Lists of matters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def tasks(self, actor: Actor) -> list[Task]:
        """Up to 200 open matters that the actor or their office has in hand, or that lie in
        the grids they answer for.

        The one whose step runs out first comes first.
        """
        in_area = actor.role in {
            UserRole.GRID_WORKER,
            UserRole.DISPATCHER,
            UserRole.VERIFIER,
            UserRole.CHIEF,
        }
        office = 0 if actor.role is UserRole.GRID_WORKER else actor.office
        with self._desk.store.read() as connection:
            found = cards.waiting(
                connection,
                persons=actor.persons,
                office=office,
                areas=actor.areas if in_area else (),
                limit=MOST_TASKS,
            )
        now = self._desk.now_s
        return [
            Task(card, engine.possible(MATTER, card.case, actor, now=now)) for card in found
        ]

    def reports(self, actor: Actor) -> list[Card]:
        """The latest 200 matters the actor reported, the last first."""
        with self._desk.store.read() as connection:
            return (
                cards.reported_by(connection, actor.user, limit=MOST_REPORTS)
                if actor.user
                else []
            )

    def latest(
        self,
        reader: Actor,
        *,
        start: int,
        end: int,
        statuses: Iterable[Status] = (),
        categories: Sequence[str] = (),
        limit: int = 1000,
        offset: int = 0,
    ) -> list[Card]:
        """Matters reported on the platform from `start` to `end` (Unix seconds), the last
        first, as `reader` may see them.

        `categories` are codes; unknown ones are passed over.
        """
        numbers = self._desk.data.categories.frame.set_index("code")["id"]
        wanted = [int(numbers[code]) for code in categories if code in numbers.index]
        if categories and not wanted:
            return []
        kept = Span(start, end, [int(status) for status in statuses], wanted)
        with self._desk.store.read() as connection:
            found = cards.latest(connection, kept, limit=limit, offset=offset)
        return [card for card in found if may_read(reader, card)]

    def numbered(self, reader: Actor, numbers: Iterable[str]) -> list[Card]:
        """The matters with these case numbers that `reader` may see."""
        with self._desk.store.read() as connection:
            found = cards.numbered(connection, numbers)
        return [card for card in found if may_read(reader, card)]


def may_read(reader: Actor, card: Card) -> bool:
    """Whether `reader` may know of the matter."""
    return card.kind in PUBLIC_KINDS or concerns(reader, card)


def concerns(reader: Actor, card: Card) -> bool:
    """Whether the reader reported it, works on it, or answers for its place."""
    case = card.case
    mine = case.reporter in reader.persons or case.person in reader.persons
    office = reader.office == case.office != 0
    staff = reader.role is not UserRole.PUBLIC
    return mine or (staff and (office or reader.covers(case.grid)))
