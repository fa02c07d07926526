"""Reports written for the first time: matter, first line of the journal and case, once for
each client's id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, insert, select

from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry
from gridmap.cases.stays import beginning
from gridmap.store.base.upsert import insert_of
from gridmap.store.flow import casenumbers
from gridmap.store.flow.caserows import (
    case_of,
    event_row_of,
    matter_row_of,
    row_of,
    stay_row_of,
)
from gridmap.store.flow.cases import imported
from gridmap.store.tables import cases, events, matters, stays


@dataclass(frozen=True, slots=True)
class NewCase:
    """A report ready to be written: its row of `matters` without id, its first line, and
    the rest of its case.

    `matter` needs client_id, category (its number), grid, plan, lon, lat, reported_at,
    channel; worker and text are optional. `digest` tells two reports under one client's id
    apart.
    """

    matter: Mapping[str, Any]
    first: Entry
    digest: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A report in the truth: its case, case number, receipt, the digest of what was sent;
    `created` just now.
    """

    case: Case
    number: str
    receipt: str
    digest: str
    created: bool


def create(connection: Connection, reports: Sequence[NewCase]) -> dict[str, Kept]:
    """Write `reports`, each with its first line and its case, and return them by client id.

    Client ids are distinct. One that is known already is left as it is, and returned with
    `created` False; its digest is "" when it was imported. The caller's transaction makes
    all of it hold.
    """
    ordered = sorted(reports, key=lambda new: str(new.matter["client_id"]))
    numbers = _insert_matters(connection, ordered)
    fresh = [new for new in ordered if new.matter["client_id"] in numbers]
    kept = _insert_cases(connection, fresh, numbers)
    return kept | find_by_client(
        connection,
        [
            str(new.matter["client_id"])
            for new in ordered
            if new.matter["client_id"] not in numbers
        ],
    )


def find_by_client(connection: Connection, client_ids: Sequence[str]) -> dict[str, Kept]:
    """Reports in the truth by client id; those not known are left out."""
    if not client_ids:
        return {}
    query = select(matters.c.client_id, matters.c.id, cases).outerjoin(
        cases, cases.c.matter == matters.c.id
    )
    found = {}
    for row in connection.execute(
        query.where(matters.c.client_id.in_(client_ids))
    ).mappings():
        if row["number"] is None:
            case = engine.replay(MATTER, row["id"], [imported(connection, row["id"])])
            found[row["client_id"]] = Kept(case, "", "", "", created=False)
        else:
            found[row["client_id"]] = Kept(
                case_of(row), row["number"], row["receipt"], row["digest"] or "", False
            )
    return found


def _insert_matters(connection: Connection, reports: Sequence[NewCase]) -> dict[str, int]:
    """Numbers by client id of those that were not there yet."""
    if not reports:
        return {}
    rows = [
        {"worker": None, "text": None, **new.matter, **_matter_begun(new)}
        for new in reports
    ]
    return {
        row.client_id: int(row.id)
        for row in connection.execute(_putting(connection.dialect.name), rows)
    }


@cache
def _putting(dialect: str) -> Any:
    """The statement that puts matters whose client id is not there yet, and tells their numbers."""
    statement = insert_of(dialect, matters).on_conflict_do_nothing(
        index_elements=[matters.c.client_id]
    )
    return statement.returning(matters.c.client_id, matters.c.id)


def _matter_begun(new: NewCase) -> dict[str, Any]:
    return matter_row_of(engine.begun(MATTER, 0, new.first))


def _insert_cases(
    connection: Connection, reports: Sequence[NewCase], numbers: Mapping[str, int]
) -> dict[str, Kept]:
    if not reports:
        return {}
    clients = [str(new.matter["client_id"]) for new in reports]
    begun = [
        engine.begun(MATTER, numbers[client], new.first)
        for client, new in zip(clients, reports, strict=True)
    ]
    named = casenumbers.next_numbers(
        connection, [(case.grid, case.category, case.reported_at) for case in begun]
    )
    kept = {}
    rows, lines, begun_stays = [], [], []
    for new, case, number in zip(reports, begun, named, strict=True):
        found = Kept(case, number, casenumbers.new_receipt(), new.digest, created=True)
        kept[str(new.matter["client_id"])] = found
        rows.append(
            row_of(
                case,
                number=number,
                receipt=found.receipt,
                category=new.matter["category"],
                digest=new.digest or None,
                address=new.address or None,
                contact=new.contact or None,
            )
        )
        lines.append(event_row_of(case.matter, new.first))
        stay = beginning(None, case, new.first)
        begun_stays += [stay_row_of(stay)] if stay else []
    connection.execute(insert(events), lines)
    connection.execute(insert(cases), rows)
    if begun_stays:
        connection.execute(insert(stays), begun_stays)
    return kept
