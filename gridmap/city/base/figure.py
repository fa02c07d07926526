"""`Figure`: something counted per place or period, declared once; maps, tables, exports,
indicators and walls read the declaration.

    Figure("on_time", mark("On-time closing"), due, "in_time", "running", "share", better="high")

A source answers a `Ask` with named columns, a number for each of its places. A figure says
which of them is its numerator, which its denominator, and how both make the value shown:

| shows | value | no value where |
|---|---|---|
| number | numerator | there is a denominator, and it is nought |
| share | 100 × numerator / denominator | the denominator is nought |
| rate | `times` × numerator / denominator | the denominator is nought |
| change | 100 × (numerator − denominator) / denominator | the denominator is nought |

Figures of one source are counted in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.codes import level_of, lifted, parents
from gridmap.insight import ranking, trend, workload
from gridmap.insight.areas import Areas, Real
from gridmap.insight.definitions import Definition
from gridmap.insight.mask import Mask
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.settings import Settings
from gridmap.words import Words, mark

Numbers = npt.NDArray[Any]
Columns = Mapping[str, Numbers]
Shows = Literal["number", "share", "rate", "change"]
Better = Literal["high", "low", ""]
Scheme = Literal["activity", "load", "lack", "balance"]
Kind = Literal["count", "tenth", "text", "person", "level", "day", "flag"]
Text = str | Callable[[Words, Settings], str]

PERCENT = mark("%")


@dataclass(frozen=True, eq=False)
class Ask:
    """What a source is asked: about `selection`, at `places` (k of one level), `narrow`ed
    further by what only this figure knows (a task, a rule).

    `room` is the room the figure names, None when the desk is enough.
    """

    desk: Desk
    data: Data
    selection: Selection
    places: Areas
    narrow: Mapping[str, Any] = field(default_factory=dict)
    room: Any = None

    @cached_property
    def mask(self) -> Mask:
        """The reports asked about."""
        return self.desk.mask(self.data, self.selection)

    @cached_property
    def any_status(self) -> Mask:
        """The same reports in every state."""
        return self.desk.mask(self.data, self.selection.any_status())

    @property
    def area(self) -> int:
        """The area asked about, or the place asked about that it lies in."""
        area = self.selection.area
        return area if level_of(area) <= self.places.level else int(self.places.codes[0])

    def total(self, per_grid: Numbers) -> Numbers:
        """Numbers of the city's grids, [n], added up per place, [k]."""
        return np.asarray(self.places.total(per_grid))

    def below(self, level: Level) -> Areas:
        """The places of another level in the area asked about."""
        return self.desk.places(self.data, self.selection.area, level)

    def added(self, places: Areas, values: Numbers) -> Numbers:
        """Numbers of smaller `places`, added up in the places asked about, int64[k]."""
        sums = np.zeros(len(self.places), dtype=np.int64)
        level = self.places.level
        if places.level >= level:
            above = parents(places.codes, level, of=places.level)
            np.add.at(
                sums, np.searchsorted(self.places.codes, above), values.astype(np.int64)
            )
        return sums


Source = Callable[[Ask], Columns]
Course = Callable[[Ask], Real]
Rows = Callable[[Ask], pd.DataFrame]


def of_rows(rows: Rows) -> Source:
    """A source that adds up rows: `code` tells where each lies (a place of any level), the
    other columns are its numbers. A row of a larger place counts in none of those asked
    about.
    """

    def source(ask: Ask) -> Columns:
        table = rows(ask)
        codes = lifted(table["code"], ask.places.level)
        sums = table.drop(columns="code").groupby(codes).sum()
        return {
            str(name): sums[name].reindex(ask.places.codes, fill_value=0).to_numpy()
            for name in sums.columns
        }

    return source


Cases = Callable[[Ask], pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a figure's cases: its field, its heading, and how it is shown."""

    field: str
    name: str
    kind: Kind = "count"


@dataclass(frozen=True, slots=True)
class Figure:
    """Something counted; texts are of the catalogue.

    `top` and `base` name columns of what `source` answers ("": no denominator). `unit` is
    that of the numerator, or of a rate. `finest`: the smallest places it makes sense at;
    smaller ones show the value of the place they lie in. `standing`: as it stands on the
    last day of the period, whatever happened before. `anew`: counted anew each time, from
    records that change between two states of the city.

    `short` is the name where room is tight, `about` says what is counted, `definition` says
    it part by part, `cases` lists it, the first to act on on top, with `columns` beside
    code, name and path. `scatter` (columns `low` and `high`) tells by which factors chance
    alone could move the value, where that does not follow from both its parts; `course` is
    the value of the area on each day of the period, float64[days], at once. `whole` answers
    for an area as a whole where that is not the sum of its places; `marks` (column `marks`)
    tells which grids a map of grids marks where that is not those with a number; `mapped`
    names the figure that maps show in its place.
    """

    key: str
    name: str
    source: Source
    top: str
    base: str = ""
    shows: Shows = "number"
    unit: str = ""
    times: float = 1.0
    decimals: int = 0
    better: Better = "low"
    scheme: Scheme = "activity"
    finest: Level = Level.GRID
    standing: bool = False
    anew: bool = False
    room: str = ""
    short: str = ""
    about: Text = ""
    definition: Definition | None = None
    scatter: Source | None = None
    course: Course | None = None
    cases: Cases | None = None
    columns: tuple[Column, ...] = ()
    whole: Source | None = None
    marks: Source | None = None
    mapped: str = ""

    @property
    def brief(self) -> str:
        """The name where room is tight."""
        return self.short or self.name

    @property
    def diverging(self) -> bool:
        """Whether values lie on both sides of nought."""
        return self.shows == "change"

    @property
    def shown_unit(self) -> str:
        """The unit of the value shown."""
        return PERCENT if self.shows in {"share", "change"} else self.unit

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels it makes sense at, below the city."""
        return tuple(level for level in Level if Level.CITY < level <= self.finest)

    def parts(self, columns: Columns) -> tuple[Numbers, Numbers | None]:
        """Numerator, and denominator if it has one, [k] each."""
        return columns[self.top], columns[self.base] if self.base else None

    def value(self, columns: Columns) -> Real:
        """The value shown, float64[k]; NaN: none."""
        top, base = self.parts(columns)
        if base is None:
            return np.asarray(top, dtype=np.float64)
        if self.shows == "share":
            return trend.share(top, base)
        if self.shows == "change":
            return trend.change(top, base)
        if self.shows == "rate":
            return workload.per(top, base, times=self.times)
        return np.where(np.asarray(base) > 0, np.asarray(top, dtype=np.float64), np.nan)

    def share(self, columns: Columns) -> Real:
        """The numerator in percent of the denominator, whatever is shown, float64[k]."""
        top, base = self.parts(columns)
        return trend.share(top, base if base is not None else np.zeros(len(top)))

    def ranking(self, columns: Columns) -> ranking.Ranking | None:
        """Shrunken estimates with intervals, in the figure's unit; None where they make no
        sense.
        """
        top, base = self.parts(columns)
        if base is None or self.shows not in {"share", "rate"}:
            return None
        if self.shows == "share":
            return ranking.shares(top, base).scaled(100.0)
        return ranking.rates(top, base).scaled(self.times)

    def told(self, say: Words, settings: Settings) -> str:
        """What is counted, in words."""
        if callable(self.about):
            return self.about(say, settings)
        if self.definition is not None:
            return self.definition.formula(say)
        return say(self.about) if self.about else ""
