"""`measures`: what a map, a bar or a table can be coloured by; defined once, so that they
agree on every page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.city.look.silence import silence_on
from gridmap.errors import Fault, InputError
from gridmap.insight import counts, coverage, indicators, outcomes, trend, workload
from gridmap.insight.areas import Areas, Real
from gridmap.insight.classes import Floats, Method, breaks
from gridmap.insight.classes import counts as in_classes
from gridmap.insight.indicators import Key
from gridmap.insight.selection import Selection
from gridmap.model import Level

Shape = Literal["sequential", "diverging"]
Worse = Literal["high", "low", ""]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its `key`, the `group` it is listed under, `unit`, `kind`, which way is
    `worse`, `decimals` shown.
    """

    key: str
    group: str
    unit: str
    kind: Shape = "sequential"
    worse: Worse = "high"
    decimals: int = 0


@dataclass(frozen=True, eq=False)
class Values:
    """A measure at every place of a level in an area.

    `codes` int64[n], `values` float64[n] (NaN: no data), `breaks` float64[k + 1] rising,
    `counts` int64[k] places in each class (breaks[i], breaks[i + 1]], the first with its
    lower end, `no_data` places.
    """

    key: str
    level: Level
    codes: npt.NDArray[np.int64]
    values: Real
    unit: str
    kind: Shape
    worse: Worse
    decimals: int
    breaks: Floats
    counts: npt.NDArray[np.int64]
    no_data: int
    scheme: Method


MEASURES: tuple[Measure, ...] = (
    Measure("per_100_households", "heat", "per_100_households", decimals=1),
    Measure("reports", "heat", "reports"),
    Measure("per_km2", "heat", "per_km2", decimals=1),
    Measure("change", "heat", "percent", "diverging"),
    Measure("change_year", "heat", "percent", "diverging"),
    Measure("open", "flow", "reports"),
    Measure("open_per_100_households", "flow", "per_100_households", decimals=2),
    Measure("overdue", "flow", "reports"),
    Measure("on_time", "flow", "percent", worse="low", decimals=1),
    Measure("closing", "flow", "percent", worse="low", decimals=1),
    Measure("acceptance", "flow", "percent", worse="", decimals=1),
    Measure("load", "workload", "hours"),
    Measure("load_per_worker", "workload", "hours_per_worker", decimals=1),
    Measure("load_per_100_households", "workload", "hours_per_100_households", decimals=1),
    Measure("load_per_km2", "workload", "hours_per_km2", decimals=1),
    Measure("without_worker", "coverage", "percent", decimals=1),
    Measure("shared_worker", "coverage", "percent", decimals=1),
    Measure("lacking_role", "coverage", "roles"),
    Measure("days_unseen", "coverage", "days"),
    Measure("silent", "coverage", "grids"),
    Measure("expectation", "coverage", "percent", "diverging", "low"),
)
ENOUGH_REPORTS = 4
_BY_KEY = {measure.key: measure for measure in MEASURES}


class Measures:
    """The measures and their values."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._makers: dict[
            str, Callable[[Data, Selection, Areas], npt.NDArray[np.generic]]
        ] = {
            "reports": self._reports,
            "per_100_households": lambda d, s, p: workload.per_100_households(
                self._reports(d, s, p), d.grids, p
            ),
            "per_km2": lambda d, s, p: workload.per_km2(self._reports(d, s, p), d.grids, p),
            "change": lambda d, s, p: self._change(d, s, s.previous(), p),
            "change_year": lambda d, s, p: self._change(d, s, s.last_year(), p),
            "open": self._open,
            "open_per_100_households": lambda d, s, p: workload.per_100_households(
                self._open(d, s, p), d.grids, p
            ),
            "overdue": self._overdue,
            "on_time": lambda d, s, p: self._indicator(d, s, p, "on_time"),
            "closing": lambda d, s, p: self._indicator(d, s, p, "closing"),
            "acceptance": lambda d, s, p: self._indicator(d, s, p, "acceptance"),
            "load": self._load,
            "load_per_worker": self._load_per_worker,
            "load_per_100_households": lambda d, s, p: workload.per_100_households(
                self._load(d, s, p), d.grids, p
            ),
            "load_per_km2": lambda d, s, p: workload.per_km2(
                self._load(d, s, p), d.grids, p
            ),
            "without_worker": self._without_worker,
            "shared_worker": self._shared_worker,
            "lacking_role": self._lacking_role,
            "days_unseen": self._days_unseen,
            "silent": self._silent,
            "expectation": self._expectation,
        }

    def list(self) -> tuple[Measure, ...]:
        """All measures, in the order they are offered."""
        return MEASURES

    def get(self, key: str) -> Measure:
        """One measure. Raises InputError when there is none of this name."""
        found = _BY_KEY.get(key)
        if found is None:
            cure = f"Use {', '.join(_BY_KEY)}."
            raise InputError(
                Fault(rule="unknown measure", field="measure", value=key, cure=cure)
            )
        return found

    def finest(self, selection: Selection) -> Level:
        """The finest level below the area whose places have `ENOUGH_REPORTS` reports on
        average, townships at most.

        With fewer a map shows which places happened to have one, not where there are many.
        """
        data = self._desk.data
        reports = int(
            self._reports(data, selection, self._desk.place(data, selection.area))[0]
        )
        for level in (Level.GRID, Level.VILLAGE):
            if reports >= ENOUGH_REPORTS * len(
                self._desk.places(data, selection.area, level)
            ):
                return level
        return max(Level.TOWNSHIP, selection.level.below)

    def values(
        self,
        key: str,
        selection: Selection,
        level: Level,
        *,
        scheme: Method = "quantiles",
        classes: int = 6,
    ) -> Values:
        """The measure at every place of `level` in the selection's area, cut into at most
        `classes` classes.

        reports; open and overdue at the period's end; change against the period before and
        change_year against the same days of last year, percent; load in hours;
        without_worker and shared_worker in percent of the grids; lacking_role: roles the
        villages lack; days_unseen: of the grid unseen longest; silent: number of grids;
        expectation: reports of the silence window against the expected, percent above (+)
        or below (−).
        """
        measure = self.get(key)
        data = self._desk.data
        day = self._desk.today_number

        def make() -> Values:
            places = self._desk.places(data, selection.area, level)
            values = np.asarray(
                self._makers[key](data, selection, places), dtype=np.float64
            )
            limits = _limits(values, measure.kind, scheme, classes)
            known = int(np.isfinite(values).sum())
            return Values(
                key,
                level,
                places.codes,
                values,
                measure.unit,
                measure.kind,
                measure.worse,
                measure.decimals,
                limits,
                in_classes(values, limits),
                len(values) - known,
                scheme,
            )

        return self._desk.remember(
            data, ("measure", key, selection, level, scheme, classes, day), make
        )

    def _reports(
        self, data: Data, selection: Selection, places: Areas
    ) -> npt.NDArray[np.generic]:
        return counts.by_area(data.facts, self._desk.mask(data, selection), places)

    def _change(
        self, data: Data, selection: Selection, other: Selection, places: Areas
    ) -> Real:
        if other.first_day < data.facts.first_day:
            return np.full(len(places), np.nan)
        return trend.change(
            self._reports(data, selection, places), self._reports(data, other, places)
        )

    def _open(
        self, data: Data, selection: Selection, places: Areas
    ) -> npt.NDArray[np.generic]:
        mask = self._desk.mask(data, selection.any_status())
        return np.asarray(places.total(outcomes.open_by_grid(data.facts, mask)))

    def _overdue(
        self, data: Data, selection: Selection, places: Areas
    ) -> npt.NDArray[np.generic]:
        mask = self._desk.mask(data, selection.any_status())
        return np.asarray(places.total(outcomes.overdue_by_grid(data.facts, mask)))

    def _indicator(self, data: Data, selection: Selection, places: Areas, key: Key) -> Real:
        mask = self._desk.mask(data, selection.any_status())
        found = indicators.of_period(data.facts, mask, today=self._desk.today_number)
        return found[key].percent(places)

    def _load(self, data: Data, selection: Selection, places: Areas) -> Real:
        mask = self._desk.mask(data, selection).weighted(data.categories.effort)
        return places.sums(counts.by_grid(data.facts, mask))

    def _load_per_worker(self, data: Data, selection: Selection, places: Areas) -> Real:
        workers = self._desk.staff(data, selection.end).per_area(places)
        return workload.per(self._load(data, selection, places), workers)

    def _without_worker(self, data: Data, _selection: Selection, places: Areas) -> Real:
        flags = coverage.without_worker(self._desk.staff(data, self._desk.today))
        return trend.share(places.sums(flags), places.sizes)

    def _shared_worker(self, data: Data, _selection: Selection, places: Areas) -> Real:
        staff = self._desk.staff(data, self._desk.today)
        return trend.share(
            places.sums(coverage.with_shared_worker(staff)), places.sums(staff.per_grid > 0)
        )

    def _lacking_role(self, data: Data, _selection: Selection, places: Areas) -> Real:
        villages = self._desk.places(data, self._desk.code, Level.VILLAGE)
        staff = self._desk.staff(data, self._desk.today)
        lacks = np.sum(
            [coverage.lacking(staff, role, villages) for role in coverage.ROLES], axis=0
        )
        if places.level is Level.GRID:
            return np.repeat(lacks, villages.sizes)[places.first : places.end].astype(
                np.float64
            )
        at_first = np.zeros(len(data.grids), dtype=np.float64)
        at_first[villages.starts] = lacks
        return places.sums(at_first)

    def _days_unseen(
        self, data: Data, _selection: Selection, places: Areas
    ) -> npt.NDArray[np.generic]:
        seen = coverage.seen(data.facts, data.visits, day=self._desk.today_number)
        return places.highest(seen.days_unseen)

    def _silent(self, data: Data, selection: Selection, places: Areas) -> Real:
        return places.sums(silence_on(self._desk, data, selection.last_day).silent)

    def _expectation(self, data: Data, selection: Selection, places: Areas) -> Real:
        judged = silence_on(self._desk, data, selection.last_day)
        return trend.change(places.sums(judged.observed), places.sums(judged.expected))


def _limits(values: Real, kind: Shape, scheme: Method, classes: int) -> Floats:
    """Class limits; those of a diverging measure are mirrored around nought, which is one
    of them.
    """
    if not 2 <= classes <= 12:
        raise InputError(
            Fault(
                rule="not a number of classes",
                field="classes",
                value=str(classes),
                cure="Use 2 to 12.",
            )
        )
    if kind == "sequential":
        return breaks(values, method=scheme, classes=classes)
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if not sizes.size:
        return np.array([-1.0, 0.0, 1.0])
    half = breaks(sizes, method=scheme, classes=max(classes // 2, 1))[1:]
    return np.concatenate([-half[::-1], [0.0], half])
