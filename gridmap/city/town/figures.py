"""Figures of townships and villages: the clean-up of contracts, deliberations, disputes and
who mediates them, tasks, centres and their windows.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from gridmap.cases.deliberations import State
from gridmap.cases.disputes import OPEN
from gridmap.city.base.figure import Ask, Figure, of_rows
from gridmap.city.town.centres import Centres
from gridmap.city.town.contracts import Contracts
from gridmap.city.town.deliberations import Deliberations
from gridmap.city.town.mediation import Mediation
from gridmap.city.town.mediators import Mediators
from gridmap.city.town.tasks import Tasks
from gridmap.city.town.windows import Windows
from gridmap.insight.mediation import is_mediated
from gridmap.insight.villages import steps
from gridmap.model import Level
from gridmap.words import mark

_RECORDS = partial(Figure, anew=True)
"""A figure of records, which change between two states of the city."""


# the clean-up of contracts


def contract_rows(ask: Ask) -> pd.DataFrame:
    """How far each contract is: columns of `insight.villages.steps`."""
    room: Contracts = ask.room
    table = room.list(ask.area)
    return steps(table).assign(code=table["village"])


def income_rows(ask: Ask) -> pd.DataFrame:
    """Collective income before and after, of villages that have both, yuan."""
    room: Contracts = ask.room
    table = room.incomes(ask.area)
    both = table[table["growth"].notna()][["village", "before", "after"]]
    return both.astype("int64").rename(columns={"village": "code"})


_contract = partial(
    _RECORDS,
    source=of_rows(contract_rows),
    base="contracts",
    room="contracts",
    standing=True,
    finest=Level.VILLAGE,
)
_income = partial(
    _RECORDS,
    source=of_rows(income_rows),
    room="contracts",
    standing=True,
    finest=Level.VILLAGE,
)
CONTRACTS_DECIDED = _contract(
    "contracts_decided", mark("Kept or cleared"), top="decided", shows="share", decimals=1
)
CONTRACTS_CLEARED = _contract(
    "contracts_cleared", mark("Contracts cleared"), top="cleared", short=mark("Cleared")
)
CONTRACTS_GAIN = _contract(
    "contracts_gain", mark("More rent (yuan a year)"), top="gain", scheme="load"
)
LISTED = _contract("contracts", mark("Listed"), top="contracts")
CLEAN_UP = (
    LISTED,
    _contract("contracts_published", mark("Publicised"), top="published"),
    _contract("contracts_reviewed", mark("Reviewed"), top="reviewed"),
    _contract("contracts_kept", mark("Kept"), top="kept"),
    CONTRACTS_CLEARED,
    _contract("contracts_relapsed", mark("Relapsed"), top="relapsed"),
    CONTRACTS_GAIN,
    _income("income_before", mark("Income before (yuan)"), top="before"),
    _income("income_after", mark("Income after (yuan)"), top="after"),
)
"""Columns of the table of places."""


# deliberations


def deliberation_rows(ask: Ask) -> pd.DataFrame:
    """How each deliberation stands."""
    room: Deliberations = ask.room
    table = room.list(ask.area)
    return pd.DataFrame(
        {
            "code": table["area"],
            "deliberations": 1,
            "open": (table["state"] == str(State.ADJOURNED)).astype("int64"),
            "late": table["late"].astype("int64"),
            "done": (table["state"] == str(State.DONE)).astype("int64"),
        }
    )


_deliberation = partial(
    _RECORDS,
    source=of_rows(deliberation_rows),
    base="deliberations",
    room="deliberations",
    standing=True,
    finest=Level.VILLAGE,
    scheme="lack",
)
DELIBERATIONS = _deliberation("deliberations", mark("Deliberations"), top="deliberations")
UNDECIDED = _deliberation("undecided", mark("Without decision"), top="open")
DELIBERATED = (
    DELIBERATIONS,
    UNDECIDED,
    _deliberation("deliberations_late", mark("Past its day"), top="late"),
    _deliberation("deliberations_done", mark("Followed up"), top="done"),
)
"""Columns of the table of places."""


# disputes and mediators


def dispute_rows(ask: Ask) -> pd.DataFrame:
    """What came of each dispute; narrowed as `Mediation.list` is."""
    room: Mediation = ask.room
    table = room.list(ask.area, **ask.narrow)
    return pd.DataFrame(
        {
            "code": table["area"],
            "entrusted": 1,
            "mediated": is_mediated(table).astype("int64"),
            "open": table["state"].isin([str(state) for state in OPEN]).astype("int64"),
        }
    )


_dispute = partial(_RECORDS, source=of_rows(dispute_rows), room="mediation")
MEDIATED = _dispute(
    "mediated",
    mark("Mediated"),
    top="mediated",
    base="entrusted",
    shows="share",
    decimals=1,
    better="high",
)
DISPUTES_OPEN = _dispute(
    "disputes_open",
    mark("Open disputes"),
    top="open",
    unit=mark("disputes"),
    scheme="load",
)


def mediator_rows(ask: Ask) -> pd.DataFrame:
    """What lies with each mediator; what lies with those who have left is stranded."""
    room: Mediators = ask.room
    table = room.listed(ask.area)
    active, held = table["active"].astype(bool), table["open"].astype("int64")
    spare = (table["capacity"].astype("int64") - held).clip(lower=0)
    return pd.DataFrame(
        {
            "code": table["area"],
            "mediators": active.astype("int64"),
            "open": held.where(active, 0),
            "room": spare.where(active, 0),
            "stranded": held.where(~active, 0),
        }
    )


_mediator = partial(
    _RECORDS, source=of_rows(mediator_rows), room="mediators", standing=True
)
MEDIATORS_LOAD = _mediator(
    "mediators_load",
    mark("Open disputes per 100 mediators"),
    top="open",
    base="mediators",
    shows="rate",
    times=100.0,
    decimals=1,
    unit=mark("disputes"),
    scheme="load",
    short=mark("Per 100"),
)
MEDIATORS_OPEN = _mediator(
    "mediators_open",
    mark("Open disputes"),
    top="open",
    unit=mark("disputes"),
    scheme="load",
)
MEDIATORS = _mediator(
    "mediators",
    mark("Mediators in office"),
    top="mediators",
    unit=mark("people"),
    better="high",
    short=mark("In office"),
)
OF_MEDIATORS = (
    MEDIATORS,
    MEDIATORS_OPEN,
    MEDIATORS_LOAD,
    _mediator("mediators_room", mark("Room for more"), top="room", better="high"),
    _mediator("mediators_stranded", mark("Waiting for a hand-over"), top="stranded"),
)
"""Columns of the table of places."""


# tasks


def task_rows(ask: Ask) -> pd.DataFrame:
    """The parts of the task `narrow` names, grid by grid."""
    room: Tasks = ask.room
    table = room.parts(ask.narrow.get("task", 0), ask.selection.area)
    done = (table["done_at"] > 0).astype("int64")
    return pd.DataFrame({"code": table["grid"], "done": done, "parts": 1})


_task = partial(
    _RECORDS,
    source=of_rows(task_rows),
    base="parts",
    room="tasks",
    standing=True,
)
TASK_SHARE = _task(
    "task_share",
    mark("Done"),
    top="done",
    shows="share",
    decimals=1,
    better="high",
    short=mark("Share"),
)
TASK_PARTS = _task("task_parts", mark("Asked"), top="parts")
OF_TASK = (_task("task_done", mark("Done"), top="done"), TASK_PARTS, TASK_SHARE)
"""Columns of the table of places."""


# centres and their windows


def window_rows(ask: Ask) -> pd.DataFrame:
    """How the windows of centres are manned today."""
    room: Windows = ask.room
    table = room.counts(ask.area, ask.desk.today, level=ask.places.level)
    return table.rename(columns={"area": "code"})


WINDOWS_MISSING = _RECORDS(
    "windows_missing",
    mark("Windows without their unit today"),
    of_rows(window_rows),
    "missing",
    "windows",
    room="windows",
    unit=mark("windows"),
    scheme="lack",
    finest=Level.VILLAGE,
    standing=True,
)


def centre_rows(ask: Ask) -> pd.DataFrame:
    """What centres took in in the period, and what became of it."""
    room: Centres = ask.room
    return room.taken(ask.selection).rename(columns={"grid": "code"})


CENTRE_ACCEPTED = _RECORDS(
    "centre_accepted",
    mark("Accepted at windows of centres"),
    of_rows(centre_rows),
    "accepted",
    room="centres",
    unit=mark("matters"),
    finest=Level.VILLAGE,
)

FIGURES = (
    CONTRACTS_DECIDED,
    *CLEAN_UP,
    *DELIBERATED,
    MEDIATED,
    DISPUTES_OPEN,
    *OF_MEDIATORS,
    *OF_TASK,
    WINDOWS_MISSING,
    CENTRE_ACCEPTED,
)
