"""Interviews of units that lag, in the truth."""

from __future__ import annotations

from sqlalchemy import Connection, select

from gridmap.cases.interviews import INTERVIEW
from gridmap.store.base.recordstore import Records
from gridmap.store.tables import interview_entries, interviews, offices

INTERVIEWS = Records(INTERVIEW, interviews, interview_entries)
IS_OPEN = interviews.c.closed_at == 0


def open_offices(connection: Connection, *, but: int = 0) -> set[int]:
    """Offices with an interview that is not closed, leaving out interview `but`."""
    query = select(interviews.c.office).where(IS_OPEN, interviews.c.id != but)
    return {int(office) for office in connection.scalars(query.distinct())}


def open_of(connection: Connection, office: int) -> list[int]:
    """The interviews of an office that are not closed, by number."""
    query = select(interviews.c.id).where(IS_OPEN, interviews.c.office == office)
    return [int(number) for number in connection.scalars(query.order_by(interviews.c.id))]


def hold_office(connection: Connection, office: int) -> None:
    """Let nobody else who holds the office ask it, until the transaction ends."""
    connection.execute(select(offices.c.id).where(offices.c.id == office).with_for_update())
