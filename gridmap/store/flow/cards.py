"""Matters as lists outside the pages show them: how each stands, where it is, what was
said; one query for many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, and_, case, or_, select

from gridmap.cases.matters.case import Case
from gridmap.codes import span
from gridmap.model import OPEN_STATUSES
from gridmap.store.flow import photos
from gridmap.store.flow.caserows import case_of
from gridmap.store.tables import cases, categories, matters

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Card:
    """One matter: its case and names, its place (EPSG:4490), words and address ("" where
    none), its first photo (0: none).

    `kind` is the first letter of its category's class, in capitals.
    """

    case: Case
    number: str
    receipt: str
    kind: str
    lon: float
    lat: float
    text: str
    address: str
    photo: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Reports of a span of time (Unix seconds, both ends included), of some states and
    categories (numbers); empty: any.
    """

    start: int
    end: int
    statuses: Sequence[int] = ()
    categories: Sequence[int] = ()


def latest(
    connection: Connection, wanted: Span, *, limit: int, offset: int = 0
) -> list[Card]:
    """The matters with a case in `wanted`, the latest reported first."""
    conditions = [cases.c.reported_at.between(wanted.start, wanted.end)]
    if wanted.statuses:
        conditions.append(cases.c.status.in_(wanted.statuses))
    if wanted.categories:
        conditions.append(cases.c.category.in_(wanted.categories))
    order = (cases.c.reported_at.desc(), cases.c.matter.desc())
    return _cards(connection, and_(*conditions), order, limit, offset)


def numbered(connection: Connection, numbers: Iterable[str]) -> list[Card]:
    """The matters with these case numbers; unknown ones are left out."""
    asked = list(dict.fromkeys(numbers))
    found: list[Card] = []
    for start in range(0, len(asked), CHUNK):
        some = cases.c.number.in_(asked[start : start + CHUNK])
        found += _cards(connection, some, (cases.c.matter,), CHUNK)
    return found


def reported_by(connection: Connection, user: int, *, limit: int) -> list[Card]:
    """The matters a user reported, the latest first."""
    return _cards(
        connection,
        cases.c.reporter == user,
        (cases.c.reported_at.desc(), cases.c.matter.desc()),
        limit,
    )


def waiting(
    connection: Connection,
    *,
    persons: Iterable[int],
    office: int,
    areas: Iterable[int],
    limit: int,
) -> list[Card]:
    """Open matters that `persons` have in hand, that are with `office` (0: none), or that
    lie in `areas` (codes).

    By the limit of the step that runs out first; those without one last.
    """
    theirs: list[ColumnElement[bool]] = [cases.c.person.in_(list(persons))]
    if office:
        theirs.append(cases.c.office == office)
    for area in areas:
        first, end = span(area)
        theirs.append(cases.c.grid.between(first, end - 1))
    unlimited = case((cases.c.step_due_at == 0, 1), else_=0)
    open_ones = cases.c.status.in_([int(status) for status in OPEN_STATUSES])
    return _cards(
        connection,
        and_(open_ones, or_(*theirs)),
        (unlimited, cases.c.step_due_at, cases.c.matter),
        limit,
    )


def _cards(
    connection: Connection,
    condition: ColumnElement[bool],
    order: Sequence[ColumnElement[object]],
    limit: int,
    offset: int = 0,
) -> list[Card]:
    told = (
        matters.c.lon,
        matters.c.lat,
        matters.c.text,
        categories.c["class"].label("kind"),
    )
    source = cases.join(matters, matters.c.id == cases.c.matter).join(
        categories, categories.c.id == cases.c.category
    )
    query = (
        select(cases, *told)
        .select_from(source)
        .where(condition)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    found = [
        Card(
            case=case_of(row),
            number=row["number"],
            receipt=row["receipt"],
            kind=(row["kind"] or "")[:1].upper(),
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            text=row["text"] or "",
            address=row["address"] or "",
        )
        for row in connection.execute(query).mappings()
    ]
    pictures = photos.first_of(connection, [card.case.matter for card in found])
    return [replace(card, photo=pictures.get(card.case.matter, 0)) for card in found]
