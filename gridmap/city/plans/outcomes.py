"""`Outcomes`: what a draft comes to: the past replayed on it, how even and compact it is,
what moves from where to where.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.desk import Desk
from gridmap.city.base.files import format_of, writing
from gridmap.city.plans.drafts import Drafts
from gridmap.city.plans.drawings import Drawings
from gridmap.city.plans.pastroom import PastRoom, Replayed
from gridmap.city.plans.weights import Weights
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.planning import Plan, Points
from gridmap.planning.balance import PlanMeasures, measures, rows_in
from gridmap.planning.crosswalk import crosswalk
from gridmap.planning.difference import differing
from gridmap.planning.replay import COLUMNS
from gridmap.store.plans.drafts import Draft

FIGURES = tuple(name for name in COLUMNS if name not in {"code", "households"})
MOST_MEASURED = 60


@dataclass(frozen=True, slots=True)
class Weighed:
    """The measures of a draft, or of the plan in force (`draft` 0), in an area."""

    draft: int
    name: str
    measures: PlanMeasures


class Outcomes:
    """Figures of drafts. Reports are counted up to yesterday."""

    def __init__(
        self,
        desk: Desk,
        *,
        drafts: Drafts,
        drawings: Drawings,
        past: PastRoom,
        weights: Weights,
    ) -> None:
        self._desk = desk
        self._drafts = drafts
        self._drawings = drawings
        self._past = past
        self._weights = weights
        self._measured: dict[tuple[object, ...], PlanMeasures] = {}

    def period(self, *, year: bool = False) -> Selection:
        """All reports up to yesterday, or with `year` those of the past year."""
        return self._past.period(year=year)

    def effect(self, draft: Draft, period: Selection) -> pd.DataFrame:
        """`diff` with the figures of the period on its base and on it, as
        `gridmap.planning.replay` counts them.

        For each of `FIGURES` a column `<name>_before` and one `<name>`; missing where there
        is no such grid.
        """
        table, found = self._drawings.diff(draft), self._replayed(draft, period).grids
        before, after = (
            one.set_index("code").reindex(table["code"])
            for one in (found.before, found.after)
        )
        for name in FIGURES:
            table[f"{name}_before"], table[name] = (
                before[name].to_numpy(),
                after[name].to_numpy(),
            )
        return table

    def township_effect(self, draft: Draft, period: Selection) -> pd.DataFrame:
        """The same per township the draft touches: code, then each figure and households
        before and after.
        """
        found = self._replayed(draft, period).townships()
        codes = np.unique(self._drawings.diff(draft)["code"].to_numpy(np.int64) // 10**6)
        table = pd.DataFrame({"code": codes})
        before, after = (
            one.set_index("code").reindex(codes) for one in (found.before, found.after)
        )
        for name in ("households", *FIGURES):
            table[f"{name}_before"], table[name] = (
                before[name].to_numpy(),
                after[name].to_numpy(),
            )
        return table

    def balance(
        self, drafts: Sequence[Draft], area: int, period: Selection
    ) -> list[Weighed]:
        """The measures of the plan in force in `area` (any level), then of each draft,
        compared with it.

        Load is hours of effort in the period. Raises NotFoundError for an area without grids.
        """
        self._desk.places(self._desk.data, area, Level.GRID)
        number = self._drawings.in_force()
        plan = self._drawings.published(number)
        load = (
            self._past.on(number, period)
            .past.table.set_index("code")["hours"]
            .reindex(plan.codes)
            .fillna(0.0)
        )
        own = self._measures(
            ("plan", number, area, period), plan, area, load.to_numpy(np.float64), None
        )
        rows = [Weighed(0, self._desk.data.plan.name, own)]
        for draft in drafts:
            done = self._replayed(draft, period)
            hours = done.grids.after["hours"].to_numpy(np.float64)
            key = (number, draft.id, draft.base, draft.head, area, period)
            rows.append(
                Weighed(
                    draft.id, draft.name, self._measures(key, done.plan, area, hours, plan)
                )
            )
        return rows

    def places_touched(self, draft: Draft) -> list[int]:
        """The townships a draft touches, by code."""
        return sorted({int(code) // 10**6 for code in self._drawings.diff(draft)["code"]})

    def crosswalk(self, draft: Draft, *, every: bool = False) -> pd.DataFrame:
        """From the grids of the plan a draft stands on to its own; see
        `gridmap.planning.crosswalk`.

        All reports up to yesterday count. Grids that stay as they are are left out, unless `every`.
        """
        base, plan = self._drawings.base(draft), self._drawings.plan(draft)
        codes = base.codes if every else differing(base, plan)[0]
        points = self._weights.reports(draft.base, codes)
        return crosswalk(
            base,
            plan,
            buildings=self._as_shared(draft, base, codes),
            reports=(points.lon, points.lat),
            changed_only=not every,
        )

    def write_crosswalk(
        self,
        target: str | Path,
        draft: Draft,
        *,
        every: bool = False,
        suffix: str | None = None,
    ) -> Path:
        """Write `crosswalk` as CSV or Excel, whole or not at all."""
        path = Path(target)
        with writing(path, format_of(path, suffix)) as writer:
            writer.write(self.crosswalk(draft, every=every))
        return path

    def moved(self, draft: Draft) -> pd.DataFrame:
        """Households that pass from one grid to another in a draft, as counts.

        old, new (codes), share_of_area (of the grid before, in percent), households (add up
        to what it had).
        """
        base = self._drawings.base(draft)
        codes = differing(base, self._drawings.plan(draft))[0]
        table = crosswalk(
            base,
            self._drawings.plan(draft),
            buildings=self._as_shared(draft, base, codes),
            changed_only=True,
        )
        share = (100 * table["area_share"]).round(2)
        return table.assign(share_of_area=share)[
            ["old", "new", "share_of_area", "households"]
        ]

    def write_moved(
        self, target: str | Path, draft: Draft, *, suffix: str | None = None
    ) -> Path:
        """Write `moved` as Excel or CSV: household counts from old to new grid, never a
        list of people.
        """
        path = Path(target)
        with writing(path, format_of(path, suffix)) as writer:
            writer.write(self.moved(draft))
        return path

    def _replayed(self, draft: Draft, period: Selection) -> Replayed:
        def plans() -> tuple[Plan, Plan, dict[int, tuple[int, ...]], bool]:
            kinds = {step.kind for step in self._drafts.path(draft)}
            return (
                self._drawings.base(draft),
                self._drawings.plan(draft),
                self._drawings.origins(draft),
                "import" in kinds,
            )

        return self._past.replay((draft.id, draft.head), draft.base, period, plans)

    def _as_shared(
        self, draft: Draft, plan: Plan, codes: npt.NDArray[np.int64]
    ) -> Points | None:
        """The buildings in grids of a plan, unless the draft shared households out by area:
        counts are to agree.
        """
        return (
            None
            if "households_by_area" in self._drawings.notes(draft)
            else self._weights.buildings_on(plan, codes)
        )

    def _measures(
        self,
        key: tuple[object, ...],
        plan: Plan,
        area: int,
        load: npt.NDArray[np.float64],
        other: Plan | None,
    ) -> PlanMeasures:
        if key not in self._measured:
            here = (
                self._weights.buildings_on(other, other.codes[rows_in(other, area)])
                if other is not None
                else None
            )
            found = measures(plan, area, load=load, compared_with=other, buildings=here)
            self._measured = dict([*self._measured.items(), (key, found)][-MOST_MEASURED:])
        return self._measured[key]


def as_rows(found: PlanMeasures) -> dict[str, float | None]:
    """Measures one by one, in the order they are read: name → number, None where there is none."""
    rows: dict[str, float | None] = {"grids": found.grids}
    for name in ("households", "population", "load"):
        for part in ("deviation", "max_over_mean", "gini"):
            spread = getattr(found, name)
            rows[f"{name}_{part}"] = None if spread is None else getattr(spread, part)
    names = (
        "polsby_popper",
        "reock",
        "border_km",
        "villages_split",
        "moved",
        "moved_share",
    )
    return rows | {name: getattr(found, name) for name in names}
