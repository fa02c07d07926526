"""What stands about one matter beside its case: words, place, names, contact."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from gridmap.cases.matters.case import Case
from gridmap.errors import NotFoundError
from gridmap.store.flow.casenumbers import LETTERS, RECEIPT_LENGTH
from gridmap.store.flow.caserows import case_of
from gridmap.store.tables import cases, matters
from gridmap.words import mark

NO_RECEIPT = mark("There is no such receipt. Check its ten signs.")


@dataclass(frozen=True, slots=True)
class Told:
    """The rest of a matter; texts as they were written, "" where nothing was; `import_id`
    0: it came in by itself.
    """

    number: str
    receipt: str
    category: int
    text: str
    address: str
    contact: str
    lon: float
    lat: float
    channel: int
    import_id: int


def told(connection: Connection, matter: int) -> Told:
    """The rest of the matter. Raises NotFoundError."""
    columns = [
        matters.c[name]
        for name in ("category", "text", "lon", "lat", "channel", "import_id")
    ]
    named = [cases.c[name] for name in ("number", "receipt", "address", "contact")]
    query = (
        select(*columns, *named)
        .outerjoin(cases, cases.c.matter == matters.c.id)
        .where(matters.c.id == matter)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no matter {matter}.")
    return Told(
        number=row.number or "",
        receipt=row.receipt or "",
        category=int(row.category),
        text=row.text or "",
        address=row.address or "",
        contact=row.contact or "",
        lon=float(row.lon),
        lat=float(row.lat),
        channel=int(row.channel),
        import_id=int(row.import_id or 0),
    )


def by_receipt(connection: Connection, receipt: str) -> tuple[Case, str]:
    """The case a receipt was given for, and its number. Raises NotFoundError."""
    asked = "".join(receipt.split()).upper()
    row = None
    if len(asked) == RECEIPT_LENGTH and set(asked) <= set(LETTERS):
        row = (
            connection.execute(select(cases).where(cases.c.receipt == asked))
            .mappings()
            .first()
        )
    if row is None:
        raise NotFoundError(NO_RECEIPT)
    return case_of(row), row["number"]
