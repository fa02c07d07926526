"""How matters are handled: dispatched, taken in hand, given more time or not, answered,
reworked.
"""

from __future__ import annotations

import numpy as np

from gridmap.cases.matters.acts import Act
from gridmap.demo import phrases
from gridmap.demo.play import Flags, Ints, Play, RaisedAlarms
from gridmap.demo.stage import DEPARTMENT, VILLAGE
from gridmap.model import Level, Status

_OWN, _WORKER_HANDLES, _TRANSFERRED, _REWORKED = 0.25, 0.6, 0.03, 0.035
_ASKED, _GRANTED, _SUPERVISED = 0.35, 0.7, 0.3
_NOTED_WITHIN_S = 60
_TOO_LATE_TO_ASK_S = 1800
_MORE_DAYS = 2


def dispatch(play: Play, moving: Flags) -> None:
    """Desks send matters to their department, or keep what they can solve; some departments
    pass them on.
    """
    stage, imported = play.stage, play.imported
    office = stage.office_of(imported.grid, imported.department)
    level = stage.level[play.desk]
    nowhere = (office == 0) | (level == DEPARTMENT)
    to_stay = play.is_in(Status.DISPATCHED)
    stays = nowhere | ((level == VILLAGE) & ~to_stay & (play.lot() < _OWN))
    play.status[moving & stays & to_stay] = Status.HANDLING
    rows = play.rows[moving & ~stays]
    at = play.wait(rows, 12, 0.25, 1.1)
    play.line(
        Act.DISPATCH,
        rows,
        at,
        play.sits(rows),
        office=office[rows],
        person=0,
        status=int(Status.DISPATCHED),
        step_due_at=play.limit("handle", rows, at),
    )
    play.desk[rows] = office[rows]
    other = stage.other_office(imported.grid[rows], play.rng)
    wrong = play.some(rows, _TRANSFERRED) & (other != office[rows])
    rows, other = rows[wrong], other[wrong]
    at = play.wait(rows, 30, 0.1)
    play.line(
        Act.TRANSFER,
        rows,
        at,
        play.sits(rows),
        office=other,
        person=0,
        reason=play.say(phrases.TRANSFERRED, rows),
        step_due_at=play.limit("handle", rows, at),
    )
    play.desk[rows] = other


def handle(play: Play, handled: Flags) -> None:
    """Somebody takes each matter in hand: the department's handler, a clerk, or the worker
    of the grid.
    """
    rows = play.rows[handled]
    worker = play.of_grid(play.stage.crew.worker, rows)
    in_village = play.stage.level[play.desk[rows]] == VILLAGE
    by_worker = in_village & (worker > 0) & play.some(rows, _WORKER_HANDLES)
    play.by[rows] = np.where(by_worker, worker, play.sits(rows))
    at, due = play.wait(rows, 40, 0.2), play.ledger.case["due_at"][rows]
    by = play.by[rows]
    play.line(
        Act.HANDLE, rows, at, by, person=by, status=int(Status.HANDLING), step_due_at=due
    )


def extend(play: Play, handled: Flags) -> None:
    """Some of those who will be late ask for more time; most are granted it."""
    imported = play.imported
    late = handled & (play.end > imported.due_at) & ~play.is_in(Status.PARKED)
    in_time = play.at < imported.due_at - _TOO_LATE_TO_ASK_S
    rows = play.rows[late & (play.lot() < _ASKED) & in_time]
    until = play.clocks.working_days_later(imported.due_at[rows], _MORE_DAYS)
    at = play.between(rows, 0.1, 0.6, imported.due_at[rows])
    play.line(
        Act.ASK_EXTENSION,
        rows,
        at,
        play.sits(rows),
        reason=play.say(phrases.EXTENSION, rows),
        until=until,
    )
    at = play.between(rows, 0.1, 0.9, imported.due_at[rows])
    above = play.of_grid(play.stage.crew.dispatcher, rows)
    yes = play.some(rows, _GRANTED)
    play.line(
        Act.GRANT_EXTENSION,
        rows[yes],
        at[yes],
        above[yes],
        due_at=until[yes],
        step_due_at=until[yes],
    )
    no = rows[~yes]
    play.line(
        Act.REFUSE_EXTENSION,
        no,
        at[~yes],
        above[~yes],
        reason=play.say(phrases.REFUSED, no),
    )


def run_late(play: Play, handled: Flags) -> None:
    """Limits run out in hand; the city's clock notes it, and some chiefs look into it."""
    due = play.ledger.case["due_at"]
    passes = (due > 0) & (play.at <= due) & (play.end > due + _NOTED_WITHIN_S)
    rows = play.rows[handled & passes & ~play.is_in(Status.PARKED)]
    at = due[rows] + play.rng.integers(0, _NOTED_WITHIN_S, size=len(rows))
    play.line(Act.OVERDUE, rows, at, 0, kind="overdue", limit=due[rows])
    play.raised.append(RaisedAlarms(rows, "overdue", due[rows], at, play.desk[rows]))
    rows = rows[play.some(rows, _SUPERVISED)]
    chief = play.of_grid(play.stage.crew.chief[:, Level.COUNTY], rows)
    at = play.between(rows, 0.05, 0.5, play.end[rows])
    play.line(Act.SUPERVISE, rows, at, chief, reason=play.say(phrases.SUPERVISED, rows))


def answer(play: Play, handled: Flags) -> None:
    """What was done is told; a verifier sends some back."""
    rows = play.rows[handled & play.is_in(Status.ANSWERED, Status.CLOSED)]
    _answered(play, rows, play.between(rows, 0.4, 0.9, play.end[rows]))
    closed = rows[play.status[rows] == Status.CLOSED]
    rows = closed[play.some(closed, _REWORKED)]
    at, due = play.between(rows, 0.2, 0.5, play.end[rows]), play.ledger.case["due_at"][rows]
    play.line(
        Act.REWORK,
        rows,
        at,
        play.of_grid(play.stage.crew.verifier, rows),
        status=int(Status.HANDLING),
        reason=play.say(phrases.REWORKED, rows),
        step_due_at=due,
    )
    _answered(play, rows, play.between(rows, 0.3, 0.8, play.end[rows]))


def _answered(play: Play, rows: Ints, at: Ints) -> None:
    reason, due = play.say(phrases.ANSWERED, rows), play.limit("verify", rows, at)
    play.line(
        Act.ANSWER,
        rows,
        at,
        play.by[rows],
        reason=reason,
        status=int(Status.ANSWERED),
        step_due_at=due,
    )
