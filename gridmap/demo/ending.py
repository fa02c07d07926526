"""How matters end: closed by somebody who did not handle them, rated, voided, parked; and
what the clock has noted.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.clocks import NEXT_STEP
from gridmap.demo import phrases
from gridmap.demo.play import Flags, Ints, Play, RaisedAlarms
from gridmap.model import OPEN_STATUSES, Status

_WORKER_CHECKS, _RATED = 0.3, 0.25
_RATED_AFTER_S = (1800, 2 * 86_400)
_NOTED_WITHIN_S = 60
_NEAR_SHARE, _NEAR_LEAST_S = 0.2, 1800


def close(play: Play) -> None:
    """Verifiers and workers of the grid close what others have handled; some who reported
    it rate it.
    """
    imported, crew = play.imported, play.stage.crew
    rows = play.rows[play.is_in(Status.CLOSED)]
    worker = play.of_grid(crew.worker, rows)
    checks = (worker > 0) & ~_handled(play, rows, worker) & play.some(rows, _WORKER_CHECKS)
    who = np.where(checks, worker, play.of_grid(crew.verifier, rows))
    play.line(
        Act.CLOSE,
        rows,
        imported.closed_at[rows],
        who,
        status=int(Status.CLOSED),
        step_due_at=0,
    )
    by = imported.reporter[rows]
    at = play.at[rows] + play.rng.integers(*_RATED_AFTER_S, size=len(rows))
    rated = (by > 0) & ~_handled(play, rows, by) & (at < play.now) & play.some(rows, _RATED)
    rating = play.rng.choice(5, size=len(rows), p=(0.02, 0.03, 0.1, 0.3, 0.55)) + 1
    play.line(Act.EVALUATE, rows[rated], at[rated], by[rated], rating=rating[rated])


def void(play: Play) -> None:
    """Dispatchers void what turned out to be nothing."""
    rows = play.rows[play.is_in(Status.VOIDED)]
    at, who = play.wait(rows, 90, 0.6), play.of_grid(play.stage.crew.dispatcher, rows)
    reason = play.say(phrases.VOIDED, rows)
    play.line(
        Act.VOID,
        rows,
        at,
        who,
        reason=reason,
        status=int(Status.VOIDED),
        due_at=0,
        step_due_at=0,
    )


def park(play: Play) -> None:
    """Dispatchers put what cannot be done now into the register of problems; its limit stops."""
    rows = play.rows[play.is_in(Status.PARKED)]
    due = play.ledger.case["due_at"][rows]
    at = play.between(rows, 0.3, 0.9, np.minimum(due, play.now))
    codes = play.stage.mix.codes[play.imported.category[rows]].tolist()
    clocks = play.clocks.deadlines
    left = [
        clocks.left(*limit) for limit in zip(codes, at.tolist(), due.tolist(), strict=True)
    ]
    play.line(
        Act.PARK,
        rows,
        at,
        play.of_grid(play.stage.crew.dispatcher, rows),
        reason=play.say(phrases.PARKED, rows),
        due_at=0,
        due_left=np.array([amount for amount, _ in left]),
        left_unit=pa.array([unit for _, unit in left], pa.string()).dictionary_encode(),
        status=int(Status.PARKED),
        step_due_at=0,
    )


def note_alarms(play: Play) -> None:
    """What the city's clock has noted of open matters by now, so that its first look finds
    nothing old.
    """
    case = play.ledger.case
    running = np.isin(
        case["status"], [int(status) for status in OPEN_STATUSES - {Status.PARKED}]
    )
    raised = np.zeros(len(play.rows), dtype=bool)
    for alarm in play.raised:
        raised[alarm.row] = case["due_at"][alarm.row] == alarm.due_at
    due, step = case["due_at"], case["step_due_at"]
    late = running & (due > 0) & (due <= play.now) & ~raised
    slow = running & (step > 0) & (step <= play.now) & (step != due)
    first = slow & ((step <= due) | (due == 0))
    _overdue(play, first, step, "step_overdue")
    _overdue(play, late, due, "overdue")
    _overdue(play, slow & ~first, step, "step_overdue")
    _near(play, running & (due > play.now))


def _overdue(play: Play, chosen: Flags, due: Ints, kind: str) -> None:
    rows = play.rows[chosen]
    noted = due[rows] + play.rng.integers(0, _NOTED_WITHIN_S, size=len(rows))
    at = np.minimum(np.maximum(noted, play.at[rows]), play.now)
    more = {"of": _steps(play, rows)} if kind == "step_overdue" else {}
    play.line(Act.OVERDUE, rows, at, 0, kind=kind, limit=due[rows], **more)
    play.raised.append(
        RaisedAlarms(rows, kind, due[rows].copy(), at, play.desk[rows].copy())
    )


def _near(play: Play, coming: Flags) -> None:
    case, rows = play.ledger.case, play.rows[coming]
    start = np.where(
        case["accepted_at"][rows] > 0, case["accepted_at"][rows], case["reported_at"][rows]
    )
    codes = play.stage.mix.codes[play.imported.category[rows]].tolist()
    due, clocks = case["due_at"][rows], play.clocks.deadlines
    asked = zip(codes, start.tolist(), due.tolist(), strict=True)
    warn = np.array(
        [
            clocks.warn_at(*limit, share=_NEAR_SHARE, least_s=_NEAR_LEAST_S)
            for limit in asked
        ],
        dtype=np.int64,
    )
    near = warn <= play.now
    rows, due = rows[near], due[near]
    at = np.minimum(np.maximum(warn[near], play.at[rows]), play.now)
    play.line(Act.NEAR_DUE, rows, at, 0, kind="near_due", limit=due)
    play.raised.append(RaisedAlarms(rows, "near_due", due, at, play.desk[rows].copy()))


def _steps(play: Play, rows: Ints) -> pa.DictionaryArray:
    """Which step of each of `rows` is late."""
    names = ["heed", *NEXT_STEP.values()]
    number = np.zeros(len(play.ledger.case["status"]), dtype=np.int64)
    for place, status in enumerate(NEXT_STEP, start=1):
        number[play.ledger.case["status"] == status] = place
    number[play.waiting] = 0
    return pa.DictionaryArray.from_arrays(pa.array(number[rows]), names)


def _handled(play: Play, rows: Ints, who: Ints) -> Flags:
    return np.asarray((play.ledger.handled_by[rows] == who[:, None]).any(axis=1))
