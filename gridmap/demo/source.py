"""What the demonstration's reports are drawn from: grids with their people, places and habits."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from gridmap.demo.density import is_urban
from gridmap.demo.mix import PROFILES, CategoryMix, profiles
from gridmap.demo.places import ReportPlaces
from gridmap.model import Channel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOBILE, CENTRE, HOTLINE = int(Channel.MOBILE), int(Channel.CENTRE), int(Channel.HOTLINE)

SILENT_SHARE = 0.018
"""Grids from which almost nothing is reported."""

_SILENT_PULL = 0.04
_HOT_SHARE, _HOT_PULL = 0.02, (2.5, 5.0)
_PROFILE_PULL = {"农贸市场": 2.6, "学校": 0.9, "医院": 1.4, "产业园": 1.1}
_PUNCTUAL, _PUNCTUAL_SPREAD, _PUNCTUAL_RANGE = 0.957, 0.022, (0.87, 0.99)


@dataclass(frozen=True)
class GridSource:
    """The grids (sorted by code) as the draw needs them, g of them.

    `codes`; `names` for texts; `profile` row of `mix.PROFILES`; `pull` relative number of
    reports; `holder` the worker in office or 0; `punctual` share closed in time; `places`;
    `mix`.
    """

    codes: Ints
    names: npt.NDArray[np.object_]
    profile: Ints
    pull: Floats
    holder: Ints
    punctual: Floats
    places: ReportPlaces
    mix: CategoryMix

    @classmethod
    def of(
        cls,
        grids: gpd.GeoDataFrame,
        *,
        holder: Ints,
        villages: dict[int, str],
        mix: CategoryMix,
        rng: np.random.Generator,
    ) -> GridSource:
        """From `grids` (code, name, kind, households, geometry), workers in office, and
        village names by code.
        """
        codes = grids["code"].to_numpy(np.int64)
        urban = is_urban(codes // 10**6)
        profile = profiles(grids, urban)
        named = zip(codes.tolist(), grids["name"], strict=True)
        full_names = [f"{villages[code // 1000]}{name}" for code, name in named]
        names = np.array(full_names, dtype=object)
        _, township = np.unique(codes // 10**6, return_inverse=True)
        habit = rng.normal(_PUNCTUAL, _PUNCTUAL_SPREAD, size=int(township.max()) + 1)
        return cls(
            codes=codes,
            names=names,
            profile=profile,
            pull=_pull(grids["households"].to_numpy(np.float64), urban, profile, rng),
            holder=holder,
            punctual=np.clip(habit, *_PUNCTUAL_RANGE)[township],
            places=ReportPlaces.of(np.asarray(grids.geometry.array, dtype=object), rng),
            mix=mix,
        )


def _pull(
    households: Floats,
    urban: npt.NDArray[np.bool_],
    profile: Ints,
    rng: np.random.Generator,
) -> Floats:
    """Relative number of reports: by households, with hot grids, and grids from which
    almost nothing comes.
    """
    count = len(households)
    pull = (
        np.maximum(households, 12.0) ** 0.85
        * np.where(urban, 1.35, 1.0)
        * rng.lognormal(sigma=0.38, size=count)
    )
    for kind, factor in _PROFILE_PULL.items():
        of_kind = profile == PROFILES.index(kind)
        pull[of_kind] = (
            factor * np.median(pull) * rng.lognormal(sigma=0.3, size=int(of_kind.sum()))
        )
    pull *= np.where(
        rng.uniform(size=count) < _HOT_SHARE, rng.uniform(*_HOT_PULL, size=count), 1.0
    )
    return pull * np.where(rng.uniform(size=count) < SILENT_SHARE, _SILENT_PULL, 1.0)
