"""`Dossier`: all there is about one matter, as far as the reader may see it; its journal;
what a receipt tells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry
from gridmap.errors import ForbiddenError
from gridmap.model import Channel, Status, UserRole
from gridmap.store.flow.dossiers import Told
from gridmap.words import mark

NOT_SHOWN = mark("This matter is shown to who reported it and to who works on it.")
JOURNAL_COLUMNS = [
    "number",
    "move",
    "at",
    "actor",
    "actor_name",
    "office",
    "status",
    "reason",
    "data",
]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One matter: how it stands, what it is called, what was reported, and the numbers of
    its photos.

    `number` and `receipt` are "" for an imported matter nobody has moved. `contact` is ""
    for who may not see it, `receipt` for who did not report it. `editable`: the reader may
    make a move. `import_id` 0: it came in by itself.
    """

    case: Case
    number: str
    receipt: str
    category_code: str
    category_id: int
    text: str
    address: str
    contact: str
    lon: float
    lat: float
    channel: Channel
    import_id: int
    photos: list[int]
    editable: bool


@dataclass(frozen=True, slots=True)
class Public:
    """What somebody with a receipt is told. Instants in Unix seconds, 0: not; `office` by
    number.
    """

    number: str
    category_code: str
    status: Status
    reported_at: int
    accepted_at: int
    due_at: int
    closed_at: int
    office: int
    rating: int


def dossier_of(actor: Actor, case: Case, report: Told, photos: list[int]) -> Dossier:
    """Everything about the matter that `actor` may see.

    The reporter's contact is for the office that holds the matter, the dispatchers of its
    place, and the reporter. Raises ForbiddenError for people who are not staff and did not
    report it.
    """
    reporter = case.reporter in actor.persons
    if actor.role is UserRole.PUBLIC and not reporter:
        raise ForbiddenError(NOT_SHOWN)
    return Dossier(
        case=case,
        number=report.number,
        receipt=report.receipt if reporter else "",
        category_code=case.category,
        category_id=report.category,
        text=report.text,
        address=report.address,
        contact=report.contact if reporter or _handles(actor, case) else "",
        lon=report.lon,
        lat=report.lat,
        channel=Channel(report.channel),
        import_id=report.import_id,
        photos=photos,
        editable=bool(engine.possible(MATTER, case, actor, now=case.last_at)),
    )


def journal_of(
    matter: int, steps: Sequence[Entry], names: Mapping[int, str]
) -> pd.DataFrame:
    """Every line of a matter's journal, oldest first, with how it stood after it.

    number (int64, from 1), move (value of Act), at (int64, Unix seconds), actor (int64, 0:
    the city's clock, or somebody unknown), actor_name, office (int64) and status (int64)
    after it, reason (as written), data (dict).
    """
    rows = []
    for step, case in zip(steps, engine.stages(MATTER, matter, steps), strict=True):
        reason = str(step.data.get("reason", ""))
        rows.append(
            (
                step.number,
                str(step.act),
                step.at,
                step.actor,
                names[step.actor],
                case.office,
                int(case.status),
                reason,
                dict(step.data),
            )
        )
    table = pd.DataFrame(rows, columns=JOURNAL_COLUMNS)
    return table.astype(
        dict.fromkeys(("number", "at", "actor", "office", "status"), "int64")
    )


def public_of(case: Case, number: str) -> Public:
    """What the holder of the receipt of a matter is told."""
    return Public(
        number=number,
        category_code=case.category,
        status=case.status,
        reported_at=case.reported_at,
        accepted_at=case.accepted_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        office=case.office,
        rating=case.rating,
    )


def _handles(actor: Actor, case: Case) -> bool:
    """Whether the matter is the actor's to handle or to dispatch."""
    if actor.role is UserRole.DISPATCHER and actor.covers(case.grid):
        return True
    return case.person in actor.persons or (
        actor.office == case.office != 0 and actor.role in _HANDLERS
    )


_HANDLERS = frozenset(
    {
        UserRole.GRID_WORKER,
        UserRole.CLERK,
        UserRole.HANDLER,
        UserRole.CHIEF,
        UserRole.COMMANDER,
    }
)
