"""Two drafts on the demonstration's planners' table: one being drawn, one handed in for
review with a comment on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from gridmap.demo.clock import NOW
from gridmap.demo.users import CHAIN
from gridmap.model import UserRole
from gridmap.planning import Change, EditRefusal, Plan, merge, split_even
from gridmap.store import Store
from gridmap.store.plans import drafts, plans
from gridmap.store.plans.drafts import DraftStep

HOUR = 3600
DRAWN, HANDED_IN = "小店片区调整", "东街大网格拆分"
SAID = "拆分后两侧户数相近，请核对东侧楼栋归属。"


def lay_out(store: Store, users: pd.DataFrame) -> None:
    """Store the drafts; `users`: id, login, role of `store.people`."""
    planners = users.loc[users["role"] == UserRole.PLANNER.value, "id"].tolist()
    base = Plan.of(plans.read_grids(store))
    pen = _Pen(base)
    first = list(islice(pen.splits(), 2))
    first += islice(pen.merges(), 1)
    pen.plan = base
    second = list(islice(pen.splits(), 1))
    with store.write() as connection:
        _draft(connection, DRAWN, planners[0], first, at=NOW - 26 * HOUR)
        number = _draft(connection, HANDED_IN, planners[-1], second, at=NOW - 20 * HOUR)
        _hand_in(connection, number, planners[-1], second, at=NOW - 19 * HOUR)


class _Pen:
    """Draws on `plan`, which becomes what was drawn; codes and grids are never used twice."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.used = set(plan.codes.tolist())
        self.townships: set[int] = set()

    def splits(self) -> Iterator[Change]:
        """Even splits of the largest grids of the county everybody looks at, one a township."""
        for code in self._by_households()[::-1]:
            if code // 10**6 not in self.townships:
                yield from self._tried(
                    partial(split_even, self.plan, code, 2, used=self._codes())
                )

    def merges(self) -> Iterator[Change]:
        """The smallest grids of the county, each joined to a neighbour in its village."""
        for code in self._by_households():
            if code // 10**6 in self.townships:
                continue
            near = self.plan.near(self.plan.grid(code).shape).tolist()
            mates = [
                other for other in near if other != code and other // 1000 == code // 1000
            ]
            for other in mates[:1]:
                yield from self._tried(
                    partial(merge, self.plan, [code, other], used=self._codes())
                )

    def _tried(self, draw: Callable[[], Change]) -> Iterator[Change]:
        try:
            change = draw()
        except EditRefusal:
            return
        self.plan = self.plan.apply(change)
        self.used |= set(change.created.tolist())
        self.townships |= {int(code) // 10**6 for code in change.touched.tolist()}
        yield change

    def _by_households(self) -> list[int]:
        inside = np.flatnonzero(
            (self.plan.codes // 10**9 == CHAIN) & (self.plan.kinds == "basic")
        )
        ordered = inside[np.argsort(self.plan.households[inside], kind="stable")]
        return [int(code) for code in self.plan.codes[ordered].tolist()]

    def _codes(self) -> npt.NDArray[np.int64]:
        return np.array(sorted(self.used), dtype=np.int64)


def _hand_in(
    connection: Connection, number: int, owner: int, changes: list[Change], *, at: int
) -> None:
    if not changes:
        return
    point = changes[0].added.geometry.iloc[0].representative_point()
    drafts.add_comment(
        connection, number, by=owner, at=at, words=SAID, lon=point.x, lat=point.y
    )
    draft = drafts.load(connection, number)
    drafts.change(
        connection,
        draft,
        at=at,
        state=drafts.SUBMITTED,
        submitted_by=owner,
        submitted_at=at,
    )


def _draft(
    connection: Connection, name: str, owner: int, changes: list[Change], *, at: int
) -> int:
    number = drafts.add_draft(
        connection, base=1, name=name, owner=owner, shared=True, at=at
    )
    head = 0
    for row, change in enumerate(changes):
        step = DraftStep(
            0,
            head,
            1,
            change.kind,
            tuple(change.touched.tolist()),
            change.to_bytes(),
            owner,
            at + row * 900,
        )
        head = drafts.add_step(connection, number, step)
    drafts.change(
        connection, drafts.load(connection, number), at=at + len(changes) * 900, head=head
    )
    return number
