"""`Dossier`: all there is about one matter, as far as the reader may see it; its journal;
what a receipt tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.case import Case, apply
from gridmap.cases.lifecycle import possible as possible_moves
from gridmap.city.flow.moving import Moving
from gridmap.errors import ForbiddenError
from gridmap.model import Channel, Status, UserRole
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import dossiers
from gridmap.store.flow import photos as store_photos
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


class Dossiers(Moving):
    """Reads single matters."""

    def get(self, actor: Actor, matter: int) -> Dossier:
        """Everything about the matter that `actor` may see.

        The reporter's contact is for the office that holds the matter, the dispatchers of
        its place, and the reporter. Raises NotFoundError; ForbiddenError for people who are
        not staff and did not report it.
        """
        with self._desk.store.read() as connection:
            case = store_cases.load(connection, matter, for_update=False)
            told = dossiers.told(connection, matter)
            photos = store_photos.of(connection, matter)
        reporter = case.reporter in actor.persons
        if actor.role is UserRole.PUBLIC and not reporter:
            raise ForbiddenError(NOT_SHOWN)
        return Dossier(
            case=case,
            number=told.number,
            receipt=told.receipt if reporter else "",
            category_code=case.category,
            category_id=told.category,
            text=told.text,
            address=told.address,
            contact=told.contact if reporter or _handles(actor, case) else "",
            lon=told.lon,
            lat=told.lat,
            channel=Channel(told.channel),
            import_id=told.import_id,
            photos=photos,
            editable=bool(possible_moves(case, actor)),
        )

    def journal(self, matter: int) -> pd.DataFrame:
        """Every line of the matter's journal, oldest first.

        number (int64, from 1), move (value of Move), at (int64, Unix seconds), actor
        (int64, 0: the city's clock, or somebody unknown), actor_name, office (int64) and
        status (int64) after it, reason (as written), data (dict). Raises NotFoundError.
        """
        with self._desk.store.read() as connection:
            steps = store_cases.steps(connection, matter)
        names = self._people.names({step.actor for step in steps})
        first = steps[0].data
        case = Case(matter=matter, grid=int(first["grid"]), category=str(first["category"]))
        rows = []
        for step in steps:
            case = apply(case, step)
            reason = str(step.data.get("reason", ""))
            rows.append(
                (
                    step.number,
                    str(step.move),
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

    def by_receipt(self, receipt: str) -> Public:
        """What the holder of a receipt is told; small letters and spaces do not matter.
        Raises NotFoundError.
        """
        with self._desk.store.read() as connection:
            case, number = dossiers.by_receipt(connection, receipt)
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
