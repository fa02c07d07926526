"""How matters begin: reported, accepted or rejected, and passed on by a whistle."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from gridmap.cases.matters.acts import Act
from gridmap.demo import phrases
from gridmap.demo.play import Flags, Ints, Play
from gridmap.demo.stage import TOWNSHIP, VILLAGE
from gridmap.model import Status

_WHISTLED, _UP, _APT, _RATED, _WORKER_BLOWS = 0.12, 0.6, 0.88, 0.75, 0.3
_MOVED_ON, _ANSWERED, _NOT_ACCEPTED = 0.85, 0.2, 0.5
_ANSWER_WITHIN_S = 8 * 3600


def stand(play: Play) -> None:
    """Where open matters stand this morning: some of last night's are not accepted yet, few
    lie where they should not.
    """
    imported, status, lot = play.imported, play.status, play.lot()
    accepted = np.maximum(imported.accepted_at, imported.reported_at)
    dispatch_due = play.limit("dispatch", play.rows, accepted)
    handle_due = play.limit("handle", play.rows, accepted)
    slow = play.is_in(Status.ACCEPTED) & (dispatch_due < play.now)
    slow |= play.is_in(Status.DISPATCHED) & (handle_due < play.now)
    status[slow & (lot < _MOVED_ON)] = Status.HANDLING
    status[play.is_in(Status.HANDLING) & (play.lot() < _ANSWERED)] = Status.ANSWERED
    night = play.is_in(Status.ACCEPTED, Status.DISPATCHED, Status.HANDLING)
    night &= play.limit("accept", play.rows, imported.reported_at) >= play.now
    waits = (play.lot() < _NOT_ACCEPTED) | (imported.accepted_at >= play.now - 1)
    status[night & waits] = Status.REPORTED


def report(play: Play) -> None:
    """Every matter is reported, and lies with its first office."""
    imported, stage, rows = play.imported, play.stage, play.rows
    play.line(
        Act.REPORT,
        rows,
        imported.reported_at,
        imported.reporter,
        grid=stage.codes[imported.grid],
        category=stage.codes_of(imported.category),
        status=int(Status.REPORTED),
        office=imported.first,
        reporter=imported.reporter,
        department=pa.DictionaryArray.from_arrays(
            pa.array(imported.department), stage.departments
        ),
        reported_at=imported.reported_at,
        due_at=play.clocks.whole(imported.category, imported.reported_at),
        step_due_at=play.limit("accept", rows, imported.reported_at),
        rule=imported.rule,
    )


def accept(play: Play) -> None:
    """First offices accept or reject; what lies in the dispatcher's queue comes to the
    county's desk by it.
    """
    dispatcher = play.of_grid(play.stage.crew.dispatcher, play.rows)
    clerk = np.where(play.desk > 0, play.sits(play.rows), dispatcher)
    _reject(play, clerk)
    accepted = ~play.is_in(Status.REJECTED, Status.REPORTED)
    queued = play.desk == 0
    _accepted(play, play.rows[accepted & ~queued], clerk)
    rows = play.rows[accepted & queued]
    play.desk[rows] = play.of_grid(play.stage.crew.desk[:, 2], rows)
    _accepted(play, rows, clerk, office=play.desk[rows])


def _reject(play: Play, clerk: Ints) -> None:
    rows = play.rows[play.is_in(Status.REJECTED)]
    play.soon[rows] = np.minimum(play.at[rows] + _ANSWER_WITHIN_S, play.now)
    at = play.wait(rows, 6, 0.9)
    reason = play.say(phrases.REJECTED, rows)
    play.line(
        Act.REJECT,
        rows,
        at,
        clerk[rows],
        reason=reason,
        status=int(Status.REJECTED),
        due_at=0,
        step_due_at=0,
    )


def _accepted(play: Play, rows: Ints, clerk: Ints, **office: Ints) -> None:
    at = play.imported.accepted_at[rows]
    due = play.limit("dispatch", rows, at)
    whole = play.clocks.whole(play.imported.category[rows], at)
    play.line(
        Act.ACCEPT,
        rows,
        at,
        clerk[rows],
        status=int(Status.ACCEPTED),
        **office,
        due_at=whole,
        step_due_at=due,
        dispatch_due_at=due,
    )


def whistle(play: Play) -> None:
    """Some villages and townships blow the whistle: up to the desk above, or sideways to
    the department.
    """
    crew, imported, every = play.stage.crew, play.imported, play.rows
    level = play.stage.level[play.desk]
    township, county = (play.of_grid(crew.desk[:, desk], every) for desk in (1, 2))
    above = np.where(level == VILLAGE, township, county)
    sideways = play.stage.office_of(imported.grid, imported.department)
    target = np.where((play.lot() < _UP) | (sideways == 0), above, sideways)
    under_way = ~play.is_in(Status.REPORTED, Status.REJECTED, Status.VOIDED)
    rows = every[
        under_way & (level <= TOWNSHIP) & (play.lot() < _WHISTLED) & (target != play.desk)
    ]
    worker = np.where(level[rows] == VILLAGE, play.of_grid(crew.worker, rows), 0)
    by = np.where((worker > 0) & play.some(rows, _WORKER_BLOWS), worker, play.sits(rows))
    home, at = play.desk[rows], play.wait(rows, 20, 0.12)
    play.line(
        Act.WHISTLE,
        rows,
        at,
        by,
        office=target[rows],
        person=0,
        reason=play.say(phrases.WHISTLES, rows),
        step_due_at=play.limit("heed", rows, at),
    )
    play.desk[rows] = target[rows]
    waits = play.status[rows] == Status.ACCEPTED
    play.waiting[rows[waits]] = True
    _heed(play, rows[~waits], home[~waits], by[~waits])


def _heed(play: Play, rows: Ints, home: Ints, by: Ints) -> None:
    """Whistles are judged: apt and taken on, or sent back; most answers are rated by who blew."""
    at, who = play.wait(rows, 25, 0.15, 1.4), play.sits(rows)
    due = play.limit("dispatch", rows, at)
    apt: Flags = play.some(rows, _APT)
    play.line(Act.HEED, rows[apt], at[apt], who[apt], apt=True, step_due_at=due[apt])
    sent = rows[~apt]
    play.line(
        Act.HEED,
        sent,
        at[~apt],
        who[~apt],
        apt=False,
        reason=play.say(phrases.NOT_APT, sent),
        office=home[~apt],
        person=0,
        step_due_at=due[~apt],
    )
    play.desk[sent] = home[~apt]
    rated = play.some(rows, _RATED)
    at = play.wait(rows, 30, 0.05)
    rating = play.rng.choice(5, size=len(rows), p=(0.03, 0.05, 0.12, 0.3, 0.5)) + 1
    play.line(
        Act.RATE_WHISTLE,
        rows[rated],
        at[rated],
        by[rated],
        rating=0,
        whistle_rating=rating[rated],
    )
