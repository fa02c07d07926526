"""How a dispute stands, as its journal tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gridmap.cases.mediation import OPEN, Act, Dispute, Kind, Line, Source, State


def replay(number: int, lines: Iterable[Line]) -> Dispute:
    """The dispute its journal tells of. Raises ValueError when the journal is empty or has
    a hole.
    """
    dispute: Dispute | None = None
    for line in lines:
        dispute = apply(dispute, line) if dispute else _begun(number, line)
    if dispute is None:
        raise ValueError(f"Dispute {number} has no journal.")
    return dispute


def _begun(number: int, line: Line) -> Dispute:
    told = line.data
    return Dispute(
        id=number,
        area=int(told["area"]),
        source=Source(told["source"]),
        kind=Kind(told["kind"]),
        matter=int(told.get("matter", 0)),
        slip=str(told.get("slip", "")),
        return_due_at=int(told.get("return_due_at", 0)),
        version=1,
        entrusted_at=line.at,
        last_at=line.at,
    )


def apply(dispute: Dispute, line: Line) -> Dispute:
    """`dispute` after `line`; whether it was allowed has been decided before it was written."""
    if line.number != dispute.version + 1:
        raise ValueError(
            f"Line {line.number} does not follow line {dispute.version} of dispute {dispute.id}."
        )
    state = State(line.data.get("state", dispute.state))
    told: dict[str, Any] = {
        "state": state,
        "mediator": int(line.data.get("mediator", dispute.mediator)),
    }
    if state is not dispute.state:
        told["ended_at"] = 0 if state in OPEN else line.at
    return replace(
        dispute,
        version=line.number,
        last_at=max(dispute.last_at, line.at),
        **told | _marks(dispute, line),
    )


def _marks(dispute: Dispute, line: Line) -> dict[str, Any]:  # noqa: PLR0911  (one line a move)
    """What an act leaves behind beside state and mediator."""
    match line.act:
        case Act.HOLD:
            return {"sessions": dispute.sessions + 1}
        case Act.AGREE:
            return {
                "agreed_at": line.at,
                "follow_up_at": int(line.data["follow_up_at"]),
                "visited_at": 0,
            }
        case Act.VISIT:
            return {"visited_at": line.at}
        case Act.RELAPSE:
            return {"relapses": dispute.relapses + 1, "agreed_at": 0, "follow_up_at": 0}
        case Act.RETURN:
            late = bool(line.data.get("late", False))
            return {
                "returned_at": line.at,
                "late": late,
                "explained": late and bool(line.data.get("words")),
            }
        case Act.EXPLAIN:
            return {"explained": True}
    return {}
