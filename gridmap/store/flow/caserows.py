"""Rows that keep a case, its journal and its stays, and the case a row keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, RowMapping

from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case, Whistle
from gridmap.cases.records.record import Entry
from gridmap.cases.stays import Stay
from gridmap.model import Status

COLUMNS = (
    "grid",
    "version",
    "office",
    "person",
    "reporter",
    "since",
    "step_due_at",
    "due_at",
    "reported_at",
    "accepted_at",
    "dispatch_due_at",
    "dispatched_at",
    "handled_at",
    "answered_at",
    "closed_at",
    "parked_at",
    "whistles",
    "reworks",
    "supervised",
    "reopened",
    "extension_by",
    "rating",
    "parent",
)
"""Fields of a case that have a column of their own, beside matter, status and category."""

STATE = (
    "category",
    "department",
    "dispatched_from",
    "handled_by",
    "extension_until",
    "extension_for",
    "due_left",
    "left_unit",
    "step_left",
    "step_unit",
    "last_at",
)
"""Fields that stand in the column `state`, beside parked_from and whistle; left out where
they say nothing.
"""


def row_of(case: Case, **more: Any) -> dict[str, Any]:
    """The row of `cases` that keeps `case`.

    `more`: number, receipt and category (its number) for a new row; digest, address,
    contact where there are any. Without `more` the result holds the columns that a move may
    change.
    """
    state: dict[str, Any] = {
        name: value for name in STATE if (value := getattr(case, name))
    }
    if case.parked_from is not None:
        state["parked_from"] = int(case.parked_from)
    if case.whistle is not None:
        state["whistle"] = asdict(case.whistle)
    row = {name: getattr(case, name) for name in COLUMNS}
    row.update(
        matter=case.matter,
        status=int(case.status),
        whistled_at=case.whistle.at
        if case.whistle is not None and case.whistle_open
        else 0,
        state=json.dumps(state, ensure_ascii=False, separators=(",", ":")),
    )
    return row | more


def case_of(row: Mapping[str, Any] | RowMapping) -> Case:
    """The case a row of `cases` keeps."""
    state: dict[str, Any] = json.loads(row["state"])
    columns: dict[str, Any] = {name: int(row[name]) for name in COLUMNS}
    blown = state.pop("whistle", None)
    parked = state.pop("parked_from", None)
    state["handled_by"] = tuple(state.get("handled_by", ()))
    return Case(
        matter=int(row["matter"]),
        status=Status(row["status"]),
        whistle=Whistle(**blown) if blown else None,
        parked_from=None if parked is None else Status(parked),
        **columns,
        **state,
    )


def matter_row_of(case: Case) -> dict[str, Any]:
    """The columns of `matters` that follow the case; a matter not accepted has no limit to
    be held to.
    """
    held = case.accepted_at and case.status not in {Status.REJECTED, Status.VOIDED}
    return {
        "status": int(case.status),
        "accepted_at": case.accepted_at or None,
        "due_at": (case.due_at or None) if held else None,
        "closed_at": case.closed_at or None,
    }


def event_row_of(matter: int, step: Entry) -> dict[str, Any]:
    """The row of `events` that keeps a line of the journal."""
    data = json.dumps(dict(step.data), ensure_ascii=False, separators=(",", ":"))
    return {
        "matter": matter,
        "kind": str(step.act),
        "at": step.at,
        "actor": str(step.actor),
        "data": data,
        "step": step.number,
    }


def step_of(row: Row[Any]) -> Entry:
    """The line of the journal a row of `events` keeps."""
    return Entry(
        int(row.step),
        Act(row.kind),
        int(row.at),
        int(row.actor or 0),
        json.loads(row.data or "{}"),
    )


def stay_row_of(stay: Stay) -> dict[str, int]:
    """The row of `stays` that keeps `stay`."""
    return asdict(stay) | {"left": int(stay.left)}
