"""`figures`: every figure of the city by its key; one answer per place, one over time, one
its cases.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.figure import Ask, Columns, Figure, Numbers, Source
from gridmap.city.look.places import Places
from gridmap.codes import level_of, parents
from gridmap.errors import Fault, InputError
from gridmap.insight.areas import Areas, Real
from gridmap.insight.classes import Floats, Method, breaks
from gridmap.insight.classes import counts as in_classes
from gridmap.insight.counts import Step, steps
from gridmap.insight.selection import Selection
from gridmap.model import Level

Result = TypeVar("Result")

ENOUGH_REPORTS = 4


@dataclass(frozen=True, eq=False)
class Values:
    """A figure at every place of a level in an area, cut into classes for a map.

    `codes` int64[n], `values` float64[n] (NaN: no data), `breaks` float64[k + 1] rising,
    `counts` int64[k] places in each class (breaks[i], breaks[i + 1]], the first with its
    lower end, `no_data` places.
    """

    level: Level
    codes: npt.NDArray[np.int64]
    values: Real
    breaks: Floats
    counts: npt.NDArray[np.int64]
    no_data: int
    scheme: Method


class Total(NamedTuple):
    """A figure of one area: both parts (denominator NaN: it has none), and the value shown
    (NaN: none).
    """

    numerator: Any
    denominator: Any
    value: float


class Figures:
    """Answers about figures. Every question may be `narrow`ed by what a figure knows of its
    own; what it does not know it leaves unlooked at.
    """

    def __init__(
        self,
        desk: Desk,
        places: Places,
        figures: Iterable[Figure],
        room: Callable[[str], Any],
    ) -> None:
        self._desk = desk
        self._places = places
        self._figures = {figure.key: figure for figure in figures}
        self._room = room

    def list(self) -> tuple[Figure, ...]:
        """All figures, in the order they are offered."""
        return tuple(self._figures.values())

    def get(self, key: str) -> Figure:
        """One figure. Raises InputError when there is none of this name."""
        if key not in self._figures:
            cure = f"Use {', '.join(self._figures)}."
            fault = Fault(rule="unknown figure", field="figure", value=key, cure=cure)
            raise InputError(fault)
        return self._figures[key]

    def today(self, area: int) -> Selection:
        """The question how things stand in `area` today."""
        return Selection(self._desk.today, self._desk.today, area)

    def finest(self, selection: Selection) -> Level:
        """The finest level below the area whose places have `ENOUGH_REPORTS` reports on
        average, townships at most.

        With fewer a map shows which places happened to have one, not where there are many.
        """
        reports = int(self.total("reports", selection).numerator)
        for level in (Level.GRID, Level.VILLAGE):
            places = self._desk.places(self._desk.data, selection.area, level)
            if reports >= ENOUGH_REPORTS * len(places):
                return level
        return max(Level.TOWNSHIP, selection.level.below)

    # per place

    def values(
        self,
        key: str,
        selection: Selection,
        level: Level,
        *,
        share: bool = False,
        scheme: Method = "quantiles",
        classes: int = 6,
        **narrow: Any,
    ) -> Values:
        """A figure at every place of `level` in the selection's area, cut into at most
        `classes` classes; with `share` in percent of its denominator.

        Places smaller than the figure's finest have the value of the place they lie in.
        """
        figure = self.get(key)
        ask = self._ask(figure, selection, level, narrow)

        def make() -> Values:
            columns = self._columns(figure, ask)
            places = ask.below(level) if level > figure.finest else ask.places
            drawn = figure.share(columns) if share else figure.value(columns)
            values = _painted(drawn, ask.places, places)
            limits = _limits(values, scheme, classes, diverging=figure.diverging)
            return Values(
                level,
                places.codes,
                values,
                limits,
                in_classes(values, limits),
                int((~np.isfinite(values)).sum()),
                scheme,
            )

        return self._remember(
            figure, ask, ("values", key, level, share, scheme, classes), make
        )

    def per_place(
        self,
        key: str,
        selection: Selection,
        level: Level,
        *,
        lang: Lang = "zh",
        **narrow: Any,
    ) -> pd.DataFrame:
        """A figure of every place of `level` in the selection's area, in order of code.

        code, name, numerator, denominator (NaN: it has none), value (as counted; NaN:
        none), low, high (central 95 % where it can be told), and where a rate or share can
        be ranked: rate (drawn towards the mean of all, the more the less was counted; low
        and high are its), rank from 1 for the highest (0: nothing to count), tied (can't be
        told from the next lower).
        """
        figure = self.get(key)
        ask = self._ask(figure, selection, level, narrow)
        columns, places = self._columns(figure, ask), ask.places
        top, base = figure.parts(columns)
        table = pd.DataFrame(
            {
                "code": places.codes,
                "name": self._places.names(places.codes, lang),
                "numerator": top,
                "denominator": np.nan if base is None else base,
                "value": figure.value(columns),
            }
        )
        if figure.scatter is not None:
            spread = self._columns(figure, ask, figure.scatter)
            low, high = (table["value"] * spread[side] for side in ("low", "high"))
            return table.assign(low=low, high=high)
        ranked = figure.ranking(columns)
        if ranked is None:
            return table
        return table.assign(
            rate=ranked.rate,
            low=ranked.low,
            high=ranked.high,
            rank=ranked.rank,
            tied=ranked.tied,
        )

    def table(
        self,
        keys: Iterable[str],
        selection: Selection,
        level: Level,
        *,
        lang: Lang = "zh",
        counts: bool = False,
        **narrow: Any,
    ) -> pd.DataFrame:
        """Figures side by side, a row a place of `level` in the selection's area: code,
        name, and the value of each under its key, or with `counts` its numerator.
        """
        figures = [self.get(key) for key in keys]
        finest = max(figures, key=lambda figure: figure.finest)
        ask = self._ask(finest, selection, level, narrow)
        table: dict[str, Any] = {
            "code": ask.places.codes,
            "name": self._places.names(ask.places.codes, lang),
        }
        answered: dict[Source, Columns] = {}
        for figure in figures:
            if figure.source not in answered:
                answered[figure.source] = self._columns(figure, ask)
            columns = answered[figure.source]
            table[figure.key] = columns[figure.top] if counts else figure.value(columns)
        return pd.DataFrame(table)

    def whole(
        self, keys: Iterable[str], selection: Selection, **narrow: Any
    ) -> pd.DataFrame:
        """Figures of the area as a whole: key, numerator, denominator (NaN: it has none),
        value (NaN: none).
        """
        rows = [(key, *self.total(key, selection, **narrow)) for key in keys]
        return pd.DataFrame(rows, columns=["key", *Total._fields])

    def total(self, key: str, selection: Selection, **narrow: Any) -> Total:
        """A figure of the area as a whole."""
        figure = self.get(key)
        ask = self._ask(figure, selection, level_of(selection.area), narrow)
        columns = self._columns(figure, ask, figure.whole)
        top, base = figure.parts(columns)
        share = float("nan") if base is None else base[0]
        return Total(top[0], share, float(figure.value(columns)[0]))

    def marked(
        self, key: str, selection: Selection, **narrow: Any
    ) -> npt.NDArray[np.bool_]:
        """Which grids of the selection's area a map of grids marks, bool[n]: those the
        figure counts, or that lie in a place it counts.
        """
        figure = self.get(key)
        ask = self._ask(figure, selection, Level.GRID, narrow)
        if figure.marks is not None:
            return self._columns(figure, ask, figure.marks)["marks"]
        grids = self._desk.places(ask.data, selection.area, Level.GRID)
        top, _ = figure.parts(self._columns(figure, ask))
        return np.asarray(_painted(top, ask.places, grids) > 0)

    # over time, and what is behind it

    def over_time(
        self, key: str, selection: Selection, step: Step, **narrow: Any
    ) -> pd.DataFrame:
        """A figure of the area as a whole, step by step of the period: start, end (dates),
        numerator, denominator, value. One that is `standing` is told as at each step's end.
        """
        starts, _ = steps(selection.start, selection.end, step)
        ends = [*(start - timedelta(days=1) for start in starts[1:]), selection.end]
        tables = [
            self.whole([key], selection.between(start, end), **narrow)
            for start, end in zip(starts, ends, strict=True)
        ]
        table = pd.concat(tables, ignore_index=True).drop(columns="key")
        table.insert(0, "start", starts)
        table.insert(1, "end", ends)
        return table

    def course(self, key: str, selection: Selection, **narrow: Any) -> Real:
        """A figure of the area on each day of the period, float64[days]. Raises InputError
        for one that does not tell.
        """
        figure = self.get(key)
        course = figure.course
        if course is None:
            cure = "Ask for it step by step."
            raise InputError(Fault(rule="no course", field="figure", value=key, cure=cure))
        ask = self._ask(figure, selection, level_of(selection.area), narrow)
        return self._remember(figure, ask, ("course", key), lambda: course(ask))

    def cases(
        self,
        key: str,
        selection: Selection,
        *,
        lang: Lang = "zh",
        limit: int | None = None,
        **narrow: Any,
    ) -> pd.DataFrame:
        """What is behind a figure, the first to act on on top: code, name, path, and the
        columns of its own. Raises InputError for a figure that lists nothing.
        """
        figure = self.get(key)
        listing = figure.cases
        if listing is None:
            cure = "Choose a figure that lists what it counts."
            raise InputError(Fault(rule="no cases", field="figure", value=key, cure=cure))
        ask = self._ask(figure, selection, level_of(selection.area), narrow)
        table = self._remember(figure, ask, ("cases", key), lambda: listing(ask))
        table = table.head(limit) if limit is not None else table
        codes = table["code"].tolist()
        table.insert(1, "name", self._places.names(codes, lang))
        table.insert(2, "path", [self._places.path(code, lang) for code in codes])
        return table

    # asking

    def _ask(
        self, figure: Figure, selection: Selection, level: Level, narrow: Mapping[str, Any]
    ) -> Ask:
        """The question about the places of `level`, larger ones where the figure makes no
        sense at smaller ones.
        """
        data, area = self._desk.data, selection.area
        drawn = min(level, figure.finest)
        places = self._desk.remember(
            data, ("places", area, drawn), lambda: self._desk.places(data, area, drawn)
        )
        room = self._room(figure.room) if figure.room else None
        return Ask(self._desk, data, selection, places, narrow, room)

    def _columns(self, figure: Figure, ask: Ask, source: Source | None = None) -> Columns:
        """What the figure's source, or another one of it, answers."""
        chosen = source or figure.source
        return self._remember(
            figure, ask, ("counted", chosen, ask.places.level), lambda: chosen(ask)
        )

    def _remember(
        self,
        figure: Figure,
        ask: Ask,
        what: tuple[Hashable, ...],
        make: Callable[[], Result],
    ) -> Result:
        """What `make` gives, kept as long as the city's state says the same."""
        if figure.anew:
            return make()
        narrow = tuple(sorted(ask.narrow.items()))
        key = (*what, ask.selection, narrow, self._desk.today)
        return self._desk.remember(ask.data, key, make)


def _painted(values: Numbers, drawn: Areas, places: Areas) -> Numbers:
    """Values of the places `drawn` for the smaller `places` in them, [k]."""
    if drawn.level == places.level:
        return values
    above = parents(places.codes, drawn.level, of=places.level)
    return values[np.searchsorted(drawn.codes, above)]


def _limits(values: Real, scheme: Method, classes: int, *, diverging: bool) -> Floats:
    """Class limits; those of a diverging figure are mirrored around nought, which is one of
    them.
    """
    if not 2 <= classes <= 12:
        fault = Fault(
            rule="not a number of classes",
            field="classes",
            value=str(classes),
            cure="Use 2 to 12.",
        )
        raise InputError(fault)
    if not diverging:
        return breaks(values, method=scheme, classes=classes)
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if not sizes.size:
        return np.array([-1.0, 0.0, 1.0])
    half = breaks(sizes, method=scheme, classes=max(classes // 2, 1))[1:]
    return np.concatenate([-half[::-1], [0.0], half])
