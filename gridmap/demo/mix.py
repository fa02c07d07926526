"""What is reported where: the categories' odds by kind of place and month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.demo.population import KINDS
from gridmap.demo.rhythm import RHYTHMS, month_factor

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PROFILES = ("rural", "urban", *KINDS)

# What the exclusive grids have more of, by prefix of the category.
_FAVOURED = {
    "农贸市场": {"D04": 6.0, "E04": 2.5, "E01": 1.6, "H01": 1.5},
    "学校": {"H0402": 12.0, "E0402": 2.0, "S0402": 8.0, "E0401": 1.5},
    "医院": {"D06": 60.0, "E0402": 2.5, "S02": 3.0},
    "产业园": {"H02": 6.0, "D01": 5.0, "E03": 2.0, "S0401": 3.0},
}


@dataclass(frozen=True)
class CategoryMix:
    """The leaves of the tree with their odds.

    `codes` text[c]; `amount`, `unit` their limits; `rhythm` int64[c] row of
    `rhythm.RHYTHMS`; `rare` bool[c]; `zh` text[c]; `odds` float64[profiles, 12, c].
    """

    codes: npt.NDArray[np.object_]
    zh: npt.NDArray[np.object_]
    amount: Floats
    unit: npt.NDArray[np.object_]
    rhythm: Ints
    odds: Floats

    @classmethod
    def of(cls, categories: pd.DataFrame, mix: pd.DataFrame) -> CategoryMix:
        """From the tree (`data/categories.csv`) and its odds (`data/category_mix.csv`)."""
        leaves = mix.merge(categories, on="code", validate="one_to_one").sort_values(
            "code", ignore_index=True
        )
        peak = leaves["peak_month"].to_numpy(np.int64)
        base = {name: leaves["weight"] * leaves[name] for name in ("rural", "urban")}
        for kind in KINDS:
            base[kind] = base["urban"] * _favour(leaves["code"], kind)
        seasons = np.stack([month_factor(peak, month) for month in range(1, 13)])
        odds = np.stack(
            [base[profile].to_numpy()[None, :] * seasons for profile in PROFILES]
        )
        return cls(
            leaves["code"].to_numpy(object),
            leaves["zh"].to_numpy(object),
            leaves["limit_amount"].to_numpy(np.float64),
            leaves["limit_unit"].to_numpy(object),
            np.array([RHYTHMS.index(rhythm) for rhythm in leaves["rhythm"]]),
            odds / odds.sum(axis=2, keepdims=True),
        )

    def draw(self, profile: Ints, month: int, rng: np.random.Generator) -> Ints:
        """A category (row) for each place of `profile` (row of `PROFILES`) in `month` (1–12)."""
        running = np.cumsum(self.odds[:, month - 1, :], axis=1)
        running /= running[:, -1:]
        flat = (running + np.arange(len(PROFILES))[:, None]).ravel()
        at = np.searchsorted(flat, profile + rng.uniform(size=len(profile)), side="right")
        first = profile * len(self.codes)
        return np.asarray(np.minimum(at, first + len(self.codes) - 1) - first)


def _favour(codes: pd.Series, kind: str) -> Floats:
    factor = np.ones(len(codes))
    for prefix, more in _FAVOURED[kind].items():
        factor[codes.str.startswith(prefix).to_numpy()] *= more
    return factor


def profiles(grids: pd.DataFrame, urban: npt.NDArray[np.bool_]) -> Ints:
    """Row of `PROFILES` of each grid (columns name, kind)."""
    profile = urban.astype(np.int64)
    for kind in KINDS:
        profile[grids["name"].str.endswith(f"{kind}专属网格").to_numpy()] = PROFILES.index(
            kind
        )
    return profile
