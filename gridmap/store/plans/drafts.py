"""Drafts of plans in the truth: a tree of steps that only grows, the step each draft stands
at, comments, locks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, update

from gridmap.errors import NotFoundError, StaleError
from gridmap.store.base.frames import frame
from gridmap.store.tables import draft_comments, draft_locks, draft_steps, drafts
from gridmap.words import mark

DRAFT, SUBMITTED, RETURNED, APPROVED, PUBLISHED, DROPPED = STATES = (
    "draft",
    "submitted",
    "returned",
    "approved",
    "published",
    "dropped",
)
OPEN = (DRAFT, RETURNED)
"""States in which a draft can be edited."""
CHANGED = mark("Somebody else has changed this draft meanwhile. Look at how it stands now.")
_MOST = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """How a draft stands. Instants in Unix seconds, 0 = not yet; `plan` is what it was
    published as, 0 = not.
    """

    id: int
    base: int
    name: str
    owner: int
    shared: bool
    state: str
    head: int
    version: int
    made_at: int
    changed_at: int
    submitted_by: int = 0
    submitted_at: int = 0
    decided_by: int = 0
    decided_at: int = 0
    decision: str = ""
    effective: date | None = None
    plan: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it can be edited."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One edit: what it is made on, what it changes, by whom and when.

    `parent` 0: the published plan `base`; `grids` are the codes it took away or made;
    `aside`: kept beside the draft, since somebody else had saved first.
    """

    step: int
    parent: int
    base: int
    kind: str
    grids: tuple[int, ...]
    change: bytes
    by: int
    at: int
    note: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """Who is working on a grid of a draft, until when."""

    draft: int
    grid: int
    by: int
    until: int


def add_draft(
    connection: Connection, *, base: int, name: str, owner: int, shared: bool, at: int
) -> int:
    """Begin a draft on the plan `base`; its number."""
    row = {
        "base": base,
        "name": name,
        "owner": owner,
        "shared": shared,
        "state": DRAFT,
        "head": 0,
        "version": 1,
        "made_at": at,
        "changed_at": at,
    }
    return int(
        connection.execute(insert(drafts).values(row).returning(drafts.c.id)).scalar_one()
    )


def load(connection: Connection, draft: int, *, for_update: bool = False) -> Draft:
    """How a draft stands. Raises NotFoundError."""
    query = select(drafts).where(drafts.c.id == draft)
    row = (
        connection.execute(query.with_for_update() if for_update else query)
        .mappings()
        .first()
    )
    if row is None:
        raise NotFoundError(f"There is no draft {draft}.")
    told = {**row, "decision": row["decision"] or "", "plan": row["plan"] or 0}
    return Draft(**told)


def read_drafts(connection: Connection, *, states: Sequence[str] = STATES) -> pd.DataFrame:
    """Drafts, those changed last first: the fields of `Draft`, and steps (number of them)."""
    count = (
        select(func.count())
        .where(draft_steps.c.draft == drafts.c.id)
        .scalar_subquery()
        .label("steps")
    )
    query = (
        select(drafts, count)
        .where(drafts.c.state.in_(states))
        .order_by(drafts.c.changed_at.desc(), drafts.c.id)
    )
    table = frame(connection, query)
    table["decision"] = table["decision"].astype(object).fillna("")
    table["plan"] = table["plan"].fillna(0).astype("int64")
    return table


def change(connection: Connection, draft: Draft, *, at: int, **values: Any) -> Draft:
    """Set `values` of a draft and count its version up. Raises StaleError when it is not at
    `draft.version` any more.
    """
    values = {"changed_at": at, **values, "version": draft.version + 1}
    fits = (drafts.c.id == draft.id) & (drafts.c.version == draft.version)
    if not connection.execute(update(drafts).where(fits).values(values)).rowcount:
        raise StaleError(CHANGED)
    return load(connection, draft.id)


# steps


def add_step(connection: Connection, draft: int, step: DraftStep) -> int:
    """Add a step to a draft's tree; its number (`step.step` is not looked at)."""
    number = (
        int(
            connection.scalar(
                select(func.max(draft_steps.c.step)).where(draft_steps.c.draft == draft)
            )
            or 0
        )
        + 1
    )
    values = {
        "draft": draft,
        "step": number,
        "parent": step.parent,
        "base": step.base,
        "kind": step.kind,
        "grids": json.dumps(list(step.grids)),
        "change": step.change,
        "by": step.by,
        "at": step.at,
        "note": step.note or None,
        "aside": step.aside,
    }
    connection.execute(insert(draft_steps).values(values))
    return number


def steps_of(connection: Connection, draft: int) -> dict[int, DraftStep]:
    """Every step of a draft by number."""
    query = (
        select(draft_steps).where(draft_steps.c.draft == draft).order_by(draft_steps.c.step)
    )
    return {row.step: _step(row) for row in connection.execute(query)}


def used_codes(connection: Connection) -> frozenset[int]:
    """Every grid code any step of any draft ever spoke of."""
    return frozenset(
        grid
        for text in connection.scalars(select(draft_steps.c.grids).distinct())
        for grid in json.loads(text)
    )


def path(steps: dict[int, DraftStep], head: int) -> list[DraftStep]:
    """The steps from the base plan to `head`."""
    found = []
    while head:
        found.append(steps[head])
        head = steps[head].parent
    return found[::-1]


def following(steps: dict[int, DraftStep], head: int) -> int:
    """The step a redo leads to: the latest made on `head` that is not aside; 0 when there
    is none.
    """
    return max(
        (one.step for one in steps.values() if one.parent == head and not one.aside),
        default=0,
    )


def _step(row: Any) -> DraftStep:
    return DraftStep(
        row.step,
        row.parent,
        row.base,
        row.kind,
        tuple(json.loads(row.grids)),
        bytes(row.change),
        int(row.by),
        int(row.at),
        row.note or "",
        bool(row.aside),
    )


# comments


def add_comment(
    connection: Connection,
    draft: int,
    *,
    by: int,
    at: int,
    words: str,
    lon: float | None,
    lat: float | None,
) -> int:
    """Say something about a draft, or about a place of it (degrees); the comment's number."""
    row = {"draft": draft, "by": by, "at": at, "words": words, "lon": lon, "lat": lat}
    return int(
        connection.execute(
            insert(draft_comments).values(row).returning(draft_comments.c.id)
        ).scalar_one()
    )


def resolve(connection: Connection, draft: int, comment: int, *, by: int, at: int) -> None:
    """Note that a comment has been seen to. Raises NotFoundError."""
    this = (draft_comments.c.id == comment) & (draft_comments.c.draft == draft)
    if not connection.execute(
        update(draft_comments).where(this).values(resolved_by=by, resolved_at=at)
    ).rowcount:
        raise NotFoundError(f"There is no comment {comment} on this draft.")


def read_comments(connection: Connection, draft: int) -> pd.DataFrame:
    """The comments on a draft, oldest first: id, by, at, words, lon, lat (NaN: none),
    resolved_by, resolved_at.
    """
    columns = [
        draft_comments.c[name]
        for name in ("id", "by", "at", "words", "lon", "lat", "resolved_by", "resolved_at")
    ]
    query = (
        select(*columns)
        .where(draft_comments.c.draft == draft)
        .order_by(draft_comments.c.id)
    )
    return frame(
        connection, query, id="int64", by="int64", at="int64", lon="float64", lat="float64"
    )


# locks


def locks_on(connection: Connection, grids: Iterable[int], *, now: int) -> list[Lock]:
    """The locks that hold on `grids`, in any draft."""
    wanted = sorted(set(grids))
    found: list[Lock] = []
    for at in range(0, len(wanted), _MOST):
        here = draft_locks.c.grid.in_(wanted[at : at + _MOST]) & (draft_locks.c.until > now)
        rows = connection.execute(
            select(draft_locks)
            .where(here)
            .order_by(draft_locks.c.draft, draft_locks.c.grid)
        )
        found += [Lock(row.draft, row.grid, row.by, row.until) for row in rows]
    return found


def locks_of(connection: Connection, draft: int, *, now: int) -> list[Lock]:
    """The locks that hold in a draft."""
    here = (draft_locks.c.draft == draft) & (draft_locks.c.until > now)
    rows = connection.execute(select(draft_locks).where(here).order_by(draft_locks.c.grid))
    return [Lock(row.draft, row.grid, row.by, row.until) for row in rows]


def hold(
    connection: Connection, draft: int, grids: Iterable[int], *, by: int, until: int
) -> None:
    """Lock `grids` of a draft for `by`; whoever held them before does no longer."""
    wanted = sorted(set(grids))
    for at in range(0, len(wanted), _MOST):
        some = wanted[at : at + _MOST]
        connection.execute(
            delete(draft_locks).where(
                draft_locks.c.draft == draft, draft_locks.c.grid.in_(some)
            )
        )
        connection.execute(
            insert(draft_locks),
            [{"draft": draft, "grid": grid, "by": by, "until": until} for grid in some],
        )


def release(connection: Connection, draft: int, *, by: int = 0, now: int = 0) -> None:
    """Give up the locks of a draft: those of `by`, or all; and whatever has run out by `now`."""
    theirs = draft_locks.c.draft == draft
    connection.execute(
        delete(draft_locks).where(theirs & (draft_locks.c.by == by) if by else theirs)
    )
    if now:
        connection.execute(delete(draft_locks).where(draft_locks.c.until <= now))
