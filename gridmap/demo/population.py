"""Households, population, kinds and names of the demonstration's grids, and the frame of
its divisions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.demo.density import is_urban
from gridmap.demo.shares import apportion
from gridmap.model import GridKind, Level
from gridmap.names import english_name, grid_name

POPULATION = 6_170_000
HOUSEHOLDS = 2_243_000
CITY = (4107, "新乡市")

EXCLUSIVE_SHARE = 0.035
KINDS = ("农贸市场", "学校", "医院", "产业园")
"""What an exclusive grid is for; its name is 〈village〉〈kind〉专属网格."""

_KIND_ODDS = (0.34, 0.34, 0.16, 0.16)
_URBAN_SIZE, _RURAL_SIZE = 2.5, 2.95
_SUFFIXES = (
    r"(?:虚拟生活区|虚拟社区|社区居民委员会|社区居委会|社区村民委员会|村村民委员会|村村委会"
    r"|居民委员会|居委会|村民委员会|村委会|社区|村)$"
)


def units_frame(divisions: pd.DataFrame) -> pd.DataFrame:
    """The city and `divisions` (columns code, level by name, name) as code, level (number),
    name, name_en.
    """
    frame = divisions[["code", "name"]].copy()
    frame["level"] = [int(Level[level.upper()]) for level in divisions["level"]]
    top = pd.DataFrame({"code": [CITY[0]], "name": [CITY[1]], "level": [int(Level.CITY)]})
    frame = pd.concat([top, frame], ignore_index=True).sort_values(
        "code", ignore_index=True
    )
    frame["name_en"] = [english_name(name) for name in frame["name"]]
    return frame[["code", "level", "name", "name_en"]]


def settle(
    grids: gpd.GeoDataFrame,
    divisions: pd.DataFrame,
    *,
    households: int = HOUSEHOLDS,
    population: int = POPULATION,
    rng: np.random.Generator,
) -> gpd.GeoDataFrame:
    """`grids` (code, mass, geometry) with name, kind, households, population instead of mass.

    The totals are exact. Exclusive grids stand in villages of four grids or more and hold
    few households.
    """
    codes = grids["code"].to_numpy(np.int64)
    purpose = _purposes(codes, rng)
    exclusive = purpose >= 0
    weight = grids["mass"].to_numpy() * rng.lognormal(sigma=0.22, size=len(grids))
    weight = np.where(exclusive, weight * rng.uniform(0.01, 0.12, size=len(grids)), weight)
    homes = apportion(weight, households)
    size = np.where(is_urban(codes // 10**6), _URBAN_SIZE, _RURAL_SIZE) * rng.normal(
        1, 0.04, size=len(grids)
    )
    people = apportion(homes * size, population)
    village_names = dict(zip(divisions["code"], divisions["name"], strict=True))
    purposes = zip(codes.tolist(), purpose.tolist(), strict=True)
    names = [_name(code, kind, village_names) for code, kind in purposes]
    kinds = np.where(exclusive, GridKind.EXCLUSIVE.value, GridKind.BASIC.value)
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "name": names,
            "kind": kinds,
            "households": homes,
            "population": people,
        },
        geometry=np.asarray(grids.geometry.array, dtype=object),
        crs=grids.crs,
    )


def _name(code: int, kind: int, village_names: Mapping[int, str]) -> str:
    """The name of a grid; `kind` is a row of `KINDS`, −1 for a basic one."""
    if kind < 0:
        return grid_name(code % 1000)
    return f"{short_name(village_names[code // 1000])}{KINDS[kind]}专属网格"


def short_name(village: str) -> str:
    """The proper part of a village's official name: 杨庄村村民委员会 → 杨庄."""
    core = re.sub(r"[（(].*$", "", village)
    return re.sub(_SUFFIXES, "", core) or core


def _purposes(
    codes: npt.NDArray[np.int64], rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Row of `KINDS` of each grid, −1 for a basic one; no kind twice in a village."""
    village = codes // 1000
    _, row, count = np.unique(village, return_inverse=True, return_counts=True)
    eligible = np.flatnonzero(count[row] >= 4)
    wanted = min(int(EXCLUSIVE_SHARE * len(codes)), len(eligible) // 4)
    urban = is_urban(codes[eligible] // 10**6) if len(eligible) else np.array([], bool)
    odds = np.where(urban, 2.0, 1.0)
    chosen = (
        rng.choice(eligible, size=wanted, replace=False, p=odds / odds.sum())
        if wanted
        else np.array([], int)
    )
    purpose = np.full(len(codes), -1, dtype=np.int64)
    taken: set[tuple[int, int]] = set()
    for grid, kind in zip(
        chosen, rng.choice(len(KINDS), size=wanted, p=_KIND_ODDS), strict=True
    ):
        if (int(village[grid]), int(kind)) not in taken:
            taken.add((int(village[grid]), int(kind)))
            purpose[grid] = kind
    return purpose
