"""Putting a redrawn plan in force, and taking the last one back: one transaction each, with
all that follows the grids.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, literal, select, update

from gridmap.errors import ConflictError, Fault, InputError, NotFoundError
from gridmap.store.base.frames import to_wkb
from gridmap.store.base.store import Store, put_meta, touch
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans import plans as store_plans
from gridmap.store.plans import relocation, succession
from gridmap.store.plans.plans import Plan, Prepared
from gridmap.store.plans.succession import Moved, Succession
from gridmap.store.tables import grids, plans, unit_shapes
from gridmap.words import mark

PUBLISHED = "plan.published"
"""Under this key stands when a plan was last put in force, Unix seconds: reports under way
then are looked at again.
"""
NOT_LATEST = mark("Only the plan in force can be taken back.")
NO_EARLIER = mark("There is no earlier plan to go back to.")
OTHER_PLAN = mark(
    "Another plan has been put in force meanwhile. Bring the draft up to it first."
)
USED = mark("The code was used before")
NEW_CODE = mark(
    "Give the grid a code that was never used; codes of retired grids stay theirs."
)


@dataclass(frozen=True, slots=True)
class Publication:
    """What becomes a plan: its name, its first day, who puts it in force and when, and the
    plan it was drawn on.
    """

    name: str
    start: date
    by: int
    at: int
    base: int
    draft: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the plan, grids retired and made, assignments made, open matters
    moved.
    """

    plan: int
    retired: tuple[int, ...]
    made: tuple[int, ...]
    assignments: int
    matters: int


def used_codes(connection: Connection) -> frozenset[int]:
    """Every grid code any plan ever had."""
    return frozenset(connection.scalars(select(grids.c.code).distinct()))


def used_among(connection: Connection, codes: Iterable[int]) -> frozenset[int]:
    """Those of `codes` that a plan ever had."""
    wanted, found = sorted(set(codes)), set[int]()
    for at in range(0, len(wanted), relocation.MOST):
        here = grids.c.code.in_(wanted[at : at + relocation.MOST])
        found |= set(connection.scalars(select(grids.c.code).where(here).distinct()))
    return frozenset(found)


def publish(
    store: Store, prepared: Prepared, publication: Publication, *, version: int = 0
) -> Published:
    """Put `prepared` in force, or change nothing.

    `prepared.table` names the predecessors of each grid. In one transaction: the plan and
    its grids; the end of the plan before; assignments, leaders, keys and rules of grids
    that changed (see `succession.move`); open matters, each into the grid its point lies in
    (see `relocation.relocate`); outlines of the levels above, which no redrawing moves.

    `version`: that of the draft it comes from, which is published with it.

    Raises ConflictError when the plan it was drawn on is no longer in force, StaleError
    when the draft has changed, InputError for a code that was used.
    """
    before = store_plans.read_grids(store, publication.base)
    changed = _changed(before, prepared)
    waiting = relocation.imported_open(store, np.array(changed, dtype=np.int64))
    index = store_plans.index_of(store, prepared.digest)
    with store.write() as connection:
        _check(connection, before, prepared, publication)
        line = Succession.between(before["code"].tolist(), prepared.table)
        number = store_plans.put_in_force(
            connection,
            prepared,
            name=publication.name,
            start=publication.start,
            draft=publication.draft or None,
            published_by=publication.by,
            published_at=publication.at,
        )
        _copy_shapes(connection, publication.base, number)
        moved = succession.move(connection, line, publication.start)
        open_ones = [*waiting, *relocation.candidates(connection, changed)]
        moved.matters = relocation.relocate(
            connection, open_ones, index, plan=number, now=publication.at
        )
        _finish(connection, number, moved, publication.at)
        if publication.draft:
            draft = replace(
                store_drafts.load(connection, publication.draft), version=version
            )
            store_drafts.change(
                connection,
                draft,
                at=publication.at,
                state=store_drafts.PUBLISHED,
                plan=number,
            )
            store_drafts.release(connection, draft.id)
    made = sorted(set(prepared.table["code"].tolist()) - set(before["code"].tolist()))
    return Published(
        number, tuple(sorted(line.retired)), tuple(made), len(moved.made), moved.matters
    )


def roll_back(
    store: Store, plan: int, *, name: str, day: date, by: int, at: int
) -> Published:
    """Take back `plan`, the one in force: the grids before it come back as a plan of their
    own, from `day` on.

    Its grids keep the codes they had, for they are the same grids. What publishing moved is
    moved back, where nobody changed it since; what was assigned to grids that go now
    follows to the grids they were made of; open matters are located anew. Raises
    ConflictError when `plan` is not in force, NotFoundError when none was before it.
    """
    earlier = _earlier(store, plan)
    before, after = (
        store_plans.read_grids(store, plan),
        store_plans.read_grids(store, earlier.id),
    )
    line = _backwards(store, plan, before, after)
    prepared = store_plans.prepare(
        store, after.assign(predecessors=_predecessors(line, after))
    )
    changed = _changed(before, prepared)
    waiting = relocation.imported_open(store, np.array(changed, dtype=np.int64))
    index = store_plans.index_of(store, prepared.digest)
    with store.write() as connection:
        store_plans.hold(connection)
        found = store_plans.in_force(connection)
        if found is None or found.id != plan:
            raise ConflictError(NOT_LATEST)
        was = Moved.from_json(
            connection.scalar(select(plans.c.moved).where(plans.c.id == plan))
        )
        number = store_plans.put_in_force(
            connection,
            prepared,
            name=name,
            start=max(day, found.valid_from),
            restores=earlier.id,
            published_by=by,
            published_at=at,
        )
        _copy_shapes(connection, earlier.id, number)
        again = succession.take_back(connection, was, day)
        moved = succession.move(connection, line, day, leave=[*again.made, *was.made])
        moved.made += again.made
        moved.ended += again.ended
        open_ones = [*waiting, *relocation.candidates(connection, changed)]
        moved.matters = relocation.relocate(
            connection, open_ones, index, plan=number, now=at
        )
        _finish(connection, number, moved, at)
    made = sorted(set(after["code"].tolist()) - set(before["code"].tolist()))
    return Published(
        number, tuple(sorted(line.retired)), tuple(made), len(moved.made), moved.matters
    )


def settle(store: Store, *, now: int, within_s: int = 600) -> int:
    """Move matters that were on their way while a plan was put in force, up to `within_s`
    after it; how many.
    """
    since = int(store.get_meta(PUBLISHED, "0"))
    if not since or now - since > within_s:
        return 0
    plan = store_plans.plan_in_force(store)
    with store.read() as connection:
        late = relocation.latecomers(connection, plan=plan.id, since=since)
    if not late:
        return 0
    index = store_plans.index(store, plan.id)
    with store.write() as connection:
        return relocation.relocate(connection, late, index, plan=plan.id, now=now)


def read_lineage(store: Store) -> pd.DataFrame:
    """Every line of descent of every plan: plan, code, predecessor (int64)."""
    query = select(grids.c.plan, grids.c.code, grids.c.predecessors).where(
        grids.c.predecessors.is_not(None)
    )
    with store.read() as connection:
        rows = connection.execute(query.order_by(grids.c.plan, grids.c.code)).all()
    found = [(plan, code, one) for plan, code, text in rows for one in json.loads(text)]
    return pd.DataFrame(found, columns=["plan", "code", "predecessor"]).astype("int64")


def _check(
    connection: Connection,
    before: gpd.GeoDataFrame,
    prepared: Prepared,
    publication: Publication,
) -> None:
    store_plans.hold(connection)
    found = store_plans.in_force(connection)
    if found is None or found.id != publication.base:
        raise ConflictError(OTHER_PLAN)
    used = used_among(
        connection, set(prepared.table["code"].tolist()) - set(before["code"].tolist())
    )
    if used:
        raise InputError(
            [
                Fault(rule=USED, field="code", value=str(code), cure=NEW_CODE)
                for code in sorted(used)
            ]
        )


def _changed(before: gpd.GeoDataFrame, prepared: Prepared) -> list[int]:
    """Codes of `before` that are gone or have another shape now."""
    after = dict(zip(prepared.table["code"].tolist(), prepared.blobs, strict=True))
    blobs = to_wkb(before.geometry)
    return [
        code
        for code, blob in zip(before["code"].tolist(), blobs, strict=True)
        if after.get(code) != blob
    ]


def _copy_shapes(connection: Connection, source: int, target: int) -> None:
    columns = (literal(target), unit_shapes.c.code, unit_shapes.c.wkb)
    rows = select(*columns).where(unit_shapes.c.plan == source)
    connection.execute(insert(unit_shapes).from_select(["plan", "code", "wkb"], rows))


def _finish(connection: Connection, plan: int, moved: Moved, at: int) -> None:
    connection.execute(
        update(plans).where(plans.c.id == plan).values(moved=moved.to_json())
    )
    put_meta(connection, PUBLISHED, str(at))
    touch(connection)


def _earlier(store: Store, plan: int) -> Plan:
    """The plan that was in force before `plan`."""
    with store.read() as connection:
        row = connection.execute(
            select(plans.c.parent, plans.c.state).where(plans.c.id == plan)
        ).first()
    if row is None:
        raise NotFoundError(f"There is no plan {plan}.")
    if row.state != store_plans.IN_FORCE:
        raise ConflictError(NOT_LATEST)
    if row.parent is None:
        raise NotFoundError(NO_EARLIER)
    return store_plans.read_plan(store, row.parent)


def _backwards(
    store: Store, plan: int, before: gpd.GeoDataFrame, after: gpd.GeoDataFrame
) -> Succession:
    """From the grids of `plan` back to those they were made of."""
    lines = read_lineage(store)
    lines = lines[lines["plan"] == plan]
    made = lines.groupby("predecessor")["code"].agg(tuple).to_dict()
    table = after[["code", "households"]].assign(
        predecessors=[made.get(code, ()) for code in after["code"].tolist()]
    )
    return Succession.between(before["code"].tolist(), table)


def _predecessors(line: Succession, after: gpd.GeoDataFrame) -> list[tuple[int, ...]]:
    made: dict[int, list[int]] = {}
    for code, heirs in line.heirs.items():
        for heir in heirs:
            made.setdefault(heir, []).append(code)
    return [tuple(sorted(made.get(code, ()))) for code in after["code"].tolist()]
