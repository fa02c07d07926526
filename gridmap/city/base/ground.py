"""`Ground`: what a report is held against: the plan's point location, the city's extent,
the tree of categories.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gridmap.geo.locate import GridIndex
from gridmap.model import Level
from gridmap.store import Store
from gridmap.store.flow.categories import read_categories
from gridmap.store.plans import plans
from gridmap.store.plans.plans import Plan
from gridmap.store.plans.units import read_unit_shapes

LOOK_EVERY_S = 0.25
"""How late a new plan or category is seen."""


@dataclass(frozen=True)
class Ground:
    """One state of it; made without reading a single matter.

    `bounds`: west, south, east, north of the city in degrees. `leaves` maps the codes that
    can be reported to their numbers, `codes` the numbers of all categories to their codes,
    `below` each code to the numbers of it and all below.
    """

    plan: Plan
    index: GridIndex
    bounds: tuple[float, float, float, float]
    leaves: Mapping[str, int]
    codes: Mapping[int, str]
    below: Mapping[str, tuple[int, ...]]

    def locate(self, lon: float, lat: float) -> int:
        """The grid of a point (degrees, finite); 0 outside."""
        return int(self.index.locate(np.array([lon]), np.array([lat]))[0])


class Grounds:
    """The ground in force, read again when the city's data have changed; safe between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._held: tuple[str, Ground] | None = None
        self._look_at = 0.0

    def get(self) -> Ground:
        """The ground now. Raises NotFoundError when the city has no grids yet."""
        held = self._held
        if held is not None and time.monotonic() < self._look_at:
            return held[1]
        with self._lock:
            revision = self._store.get_meta("revision", "0")
            if self._held is None or self._held[0] != revision:
                self._held = (
                    revision,
                    _read(self._store, self._held[1] if self._held else None),
                )
            self._look_at = time.monotonic() + LOOK_EVERY_S
            return self._held[1]

    def forget(self) -> None:
        """Look again at the next question."""
        self._look_at = 0.0


def _read(store: Store, before: Ground | None) -> Ground:
    plan = plans.plan_in_force(store)
    if before is not None and before.plan == plan:
        index, bounds = before.index, before.bounds
    else:
        index = plans.index(store, plan.id)
        west, south, east, north = read_unit_shapes(
            store, plan=plan.id, level=Level.COUNTY
        ).total_bounds
        bounds = (float(west), float(south), float(east), float(north))
    table = read_categories(store)
    codes = dict(zip(table["id"].tolist(), table["code"].tolist(), strict=True))
    parents = dict(zip(table["code"].tolist(), table["parent"].tolist(), strict=True))
    below: dict[str, list[int]] = {code: [] for code in parents}
    for number, code in codes.items():
        for above in _line(code, parents):
            below[above].append(number)
    leaves = {code: numbers[0] for code, numbers in below.items() if len(numbers) == 1}
    return Ground(
        plan,
        index,
        bounds,
        leaves,
        codes,
        {code: tuple(numbers) for code, numbers in below.items()},
    )


def _line(code: str, parents: Mapping[str, str]) -> list[str]:
    """`code` and the codes above it."""
    line: list[str] = []
    while code in parents and code not in line:
        line.append(code)
        code = parents[code]
    return line
