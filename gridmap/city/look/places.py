"""`places`: names, breadcrumbs, search, neighbours and extents of everything with a code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
from pypinyin import Style, lazy_pinyin

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.borders import Borders, borders
from gridmap.codes import ancestors, level_of, parents
from gridmap.errors import InputError, NotFoundError
from gridmap.insight.areas import Areas
from gridmap.model import GridKind, Level
from gridmap.names import english_name, grid_name
from gridmap.store.plans.plans import shapes_of

Bounds = tuple[float, float, float, float]
_LATTICE = 25  # odd: the middle itself is tried


@dataclass(frozen=True, slots=True)
class About:
    """What a place holds."""

    code: int
    level: Level
    kind: str
    grids: int
    villages: int
    townships: int
    households: int
    population: int
    area_km2: float


@dataclass(frozen=True, eq=False)
class _Entry:
    """A place as the search sees it."""

    code: int
    level: int
    name: str
    sounds: tuple[str, ...]


class Places:
    """Answers about places; every code is checked, unknown ones raise NotFoundError."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def known(self, code: int) -> bool:
        """Whether the plan in force has a place with this code."""
        try:
            self._row(self._desk.data, code)
        except (NotFoundError, InputError):
            return False
        return True

    def name(self, code: int, lang: Lang = "zh") -> str:
        """The name of a place: 第八网格 or Grid 8, 小店镇 or Xiaodian Town."""
        data = self._desk.data
        self._row(data, code)
        return name_of(data, code, lang)

    def names(self, codes: Iterable[int], lang: Lang = "zh") -> list[str]:
        """The names of many places; a code without a name is its own name."""
        data = self._desk.data
        return [name_of(data, int(code), lang) for code in codes]

    def path(self, code: int, lang: Lang = "zh") -> str:
        """The names from the county down, as tables show them: 红旗区 › 小店镇."""
        data = self._desk.data
        return " › ".join(name_of(data, part, lang) for part in ancestors(int(code))[1:])

    def breadcrumb(self, code: int, lang: Lang = "zh") -> list[tuple[int, str]]:
        """Code and name of every place from the city down to `code`, itself included."""
        data = self._desk.data
        self._row(data, code)
        return [(part, name_of(data, part, lang)) for part in ancestors(code)]

    def children(self, code: int, lang: Lang = "zh") -> pd.DataFrame:
        """The places one level below `code`: code, name, kind (of grids: basic or
        exclusive); none below a grid.
        """
        data = self._desk.data
        level = level_of(code)
        if level is Level.GRID:
            self._row(data, code)
            return pd.DataFrame(
                {"code": np.array([], dtype=np.int64), "name": [], "kind": []}
            )
        found = self._desk.places(data, code, level.below)
        kinds = [""] * len(found)
        if found.level is Level.GRID:
            kinds = [
                _kind(exclusive)
                for exclusive in data.grids.exclusive[found.first : found.end].tolist()
            ]
        names = [name_of(data, int(child), lang) for child in found.codes]
        return pd.DataFrame({"code": found.codes, "name": names, "kind": kinds})

    def about(self, code: int) -> About:
        """What lies in a place: grids, villages, townships, households, people, area."""
        data = self._desk.data
        rows = self._rows(data, code)
        codes = data.grids.codes[rows]
        level = level_of(code)
        return About(
            code=int(code),
            level=level,
            kind=_kind(bool(data.grids.exclusive[rows.start]))
            if level is Level.GRID
            else "",
            grids=len(codes),
            villages=len(np.unique(parents(codes, Level.VILLAGE))),
            townships=len(np.unique(parents(codes, Level.TOWNSHIP))),
            households=int(data.grids.households[rows].sum()),
            population=int(data.grids.population[rows].sum()),
            area_km2=float(data.grids.area_km2[rows].sum()),
        )

    def at(self, lon: float, lat: float) -> int:
        """The code of the grid that holds a point (degrees, EPSG:4490); 0 when it lies
        outside the city.
        """
        found = self._desk.data.index.locate(
            np.array([lon], dtype=np.float64), np.array([lat], dtype=np.float64)
        )
        return int(found[0])

    def bounds(self, code: int) -> Bounds:
        """West, south, east and north of a place, degrees."""
        data = self._desk.data
        boxes = data.boxes[self._rows(data, code)]
        west, south = boxes[:, :2].min(axis=0)
        east, north = boxes[:, 2:].max(axis=0)
        return float(west), float(south), float(east), float(north)

    def middle(self, code: int) -> tuple[float, float]:
        """Longitude and latitude of a point inside a place, as near to the middle of its
        extent as a lattice finds one.
        """
        data = self._desk.data
        west, south, east, north = self.bounds(code)
        steps = (np.arange(_LATTICE) + 0.5) / _LATTICE
        lon, lat = (
            axis.ravel()
            for axis in np.meshgrid(
                west + steps * (east - west), south + steps * (north - south)
            )
        )
        rows = self._rows(data, code)
        found = data.index.locate(lon, lat)
        inside = np.isin(found, data.grids.codes[rows])
        if (
            not inside.any()
        ):  # thinner than the lattice is dense: the middle of its extent is as good as any
            return (west + east) / 2, (south + north) / 2
        away = np.hypot(lon - (west + east) / 2, lat - (south + north) / 2)
        best = int(np.argmin(np.where(inside, away, np.inf)))
        return float(lon[best]), float(lat[best])

    def neighbours(self, grid: int, lang: Lang = "zh") -> pd.DataFrame:
        """The grids that share a border with `grid`, longest first: code, name, shared_m."""
        data = self._desk.data
        row = self._row(data, grid)
        left, right, shared_m = self._borders(data)
        mine = (left == row) | (right == row)
        other = np.where(left[mine] == row, right[mine], left[mine])
        order = np.argsort(-shared_m[mine], kind="stable")
        codes = data.grids.codes[other[order]]
        names = [name_of(data, int(code), lang) for code in codes]
        return pd.DataFrame(
            {"code": codes, "name": names, "shared_m": shared_m[mine][order]}
        )

    def grids(self, code: int) -> list[int]:
        """The codes of all grids in a place."""
        data = self._desk.data
        return [int(grid) for grid in data.grids.codes[self._rows(data, code)]]

    def shapes(self, grids: Iterable[int]) -> dict[int, shapely.Geometry]:
        """The polygons (EPSG:4490) of up to 500 grids, by code; codes of no grid are left out."""
        return shapes_of(self._desk.store, [int(code) for code in grids])

    def search(self, text: str, lang: Lang = "zh", limit: int = 20) -> pd.DataFrame:
        """Places whose code starts with `text` or whose name has all its words: code, name,
        path, level.

        Names are found in Chinese, in pinyin with or without spaces, by initials and in
        English. Words may name places above as well: "小店 第八" finds the eighth grids of
        Xiaodian. Larger places come first.
        """
        data = self._desk.data
        words = [word for word in re.split(r"[\s›>/,，]+", text.strip().lower()) if word]
        if not words:
            codes: list[int] = []
        elif len(words) == 1 and words[0].isdecimal():
            codes = self._by_code(data, words[0], limit)
        else:
            codes = self._by_words(data, words, limit)
        return pd.DataFrame(
            {
                "code": np.array(codes, dtype=np.int64),
                "name": [name_of(data, code, lang) for code in codes],
                "path": [
                    self.path(code, lang) or name_of(data, code, lang) for code in codes
                ],
                "level": np.array([int(level_of(code)) for code in codes], dtype=np.int64),
            }
        )

    def _by_code(self, data: Data, digits: str, limit: int) -> list[int]:
        units = [
            code
            for code in data.units["code"].tolist()
            if str(code).startswith(digits) and self.known(code)
        ]
        missing = Level.GRID.digits - len(digits)
        grids: list[int] = []
        if missing >= 0 and len(units) < limit:
            low = int(digits) * 10**missing
            first, end = np.searchsorted(data.grids.codes, [low, low + 10**missing])
            grids = data.grids.codes[first : min(end, first + limit)].tolist()
        return (sorted(units, key=lambda code: (len(str(code)), code)) + grids)[:limit]

    def _by_words(self, data: Data, words: list[str], limit: int) -> list[int]:
        entries = self._entries(data)
        hits = {
            word: {entry.code for entry in entries if _matches(entry, word)}
            for word in words
        }
        found = []
        for entry in entries:
            line = ancestors(entry.code)
            own = any(entry.code in hits[word] for word in words)
            if own and all(any(code in hits[word] for code in line) for word in words):
                exact = 0 if entry.name == words[-1] else 1
                found.append((exact, entry.level, entry.code))
        codes = [code for *_, code in sorted(found)[:limit]]
        return (codes + self._numbered(data, words, hits, limit))[:limit]

    def _numbered(
        self, data: Data, words: list[str], hits: dict[str, set[int]], limit: int
    ) -> list[int]:
        """Grids whose own name has a word, inside the places that the other words name."""
        lower = self._grid_names(data)
        named = {
            word: [index for index, name in enumerate(lower) if word in name]
            for word in words
        }
        found = []
        for word in words:
            others = [other for other in words if other != word]
            for index in named[word]:
                code = int(data.grids.codes[index])
                line = ancestors(code)
                if all(
                    any(above in hits[other] for above in line) or other in lower[index]
                    for other in others
                ):
                    found.append(code)
                if len(found) >= limit:
                    return found
        return list(dict.fromkeys(found))

    def _entries(self, data: Data) -> tuple[_Entry, ...]:
        def make() -> tuple[_Entry, ...]:
            english = data.unit_names["en"]
            rows = zip(
                data.units["code"], data.units["level"], data.units["name"], strict=True
            )
            return tuple(
                _Entry(
                    int(code),
                    int(level),
                    str(name),
                    (*sounds(str(name)), english[int(code)].lower()),
                )
                for code, level, name in rows
                if self.known(int(code))
            )

        return self._desk.remember(data, "search entries", make)

    def _grid_names(self, data: Data) -> tuple[str, ...]:
        return self._desk.remember(
            data,
            "grid names",
            lambda: tuple(
                f"{name} {english_name(str(name)).lower()}" for name in data.names
            ),
        )

    def warm_up(self) -> None:
        """Make ready what the first search and the first neighbours would wait for."""
        self._entries(self._desk.data)
        self._borders(self._desk.data)

    def _borders(self, data: Data) -> Borders:
        """The shared borders by row of the grids, which may be more than those of the plan."""
        rows = np.searchsorted(data.grids.codes, data.index.codes)

        def make() -> Borders:
            left, right, shared_m = borders(self._desk.store, data.plan)
            return rows[left], rows[right], shared_m

        return self._desk.remember(data, "borders", make)

    def _rows(self, data: Data, code: int) -> slice:
        found: Areas = self._desk.places(data, int(code), Level.GRID)
        return slice(found.first, found.end)

    def _row(self, data: Data, code: int) -> int:
        """The row of the first grid of a place."""
        return int(self._rows(data, code).start)


def name_of(data: Data, code: int, lang: Lang) -> str:
    """The name of a place in a language; the code itself when it has none."""
    if level_of(code) is Level.GRID:
        row = int(np.searchsorted(data.grids.codes, code))
        own = (
            str(data.names[row])
            if row < len(data.grids) and data.grids.codes[row] == code
            else ""
        )
        own = own or grid_name(code % 1000 or 1)
        return own if lang == "zh" else english_name(own)
    name = data.unit_names[lang].get(int(code))
    return name or str(code)


@lru_cache(maxsize=16384)
def sounds(name: str) -> tuple[str, str, str]:
    """How a name is found by its sound: pinyin joined, pinyin spaced, initials."""
    whole = lazy_pinyin(name)
    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(whole).lower(), " ".join(whole).lower(), "".join(initials).lower()


def _matches(entry: _Entry, word: str) -> bool:
    if word in entry.name:
        return True
    joined, spaced, initials, english = entry.sounds
    return word in joined or word in spaced or initials.startswith(word) or word in english


def _kind(exclusive: bool) -> str:  # noqa: FBT001
    return (GridKind.EXCLUSIVE if exclusive else GridKind.BASIC).value
