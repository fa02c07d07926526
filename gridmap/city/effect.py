"""What a draft would have meant for the past year: reports and hours of the grids it changes, before and after."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import day_number
from gridmap.city.data import Data
from gridmap.geo.locate import GridIndex
from gridmap.insight.selection import Selection
from gridmap.planning import Plan

Floats = npt.NDArray[np.float64]
FIGURES = ("households", "reports", "hours")


def effect(data: Data, plan: Plan, diff: pd.DataFrame, period: Selection) -> pd.DataFrame:
    """`diff` with reports_before, reports, hours_before, hours of the period: of the grids of `data`, and of `plan`.

    Only the reports of grids that changed are located anew. NaN where there is no such grid.
    """
    facts, codes = data.facts, diff["code"].to_numpy(np.int64)
    before = codes[diff["households_before"].notna().to_numpy()]
    after = codes[diff["households"].notna().to_numpy()]
    start, end = facts.rows(day_number(period.start), day_number(period.end))
    rows = np.searchsorted(facts.grid_codes, before)
    hit = start + np.flatnonzero(np.isin(facts.grid[start:end], rows))
    hours = data.categories.effort[facts.category[hit]]
    where = facts.grid_codes[facts.grid[hit]]
    index = GridIndex(after, plan.shapes[plan.rows(after)]) if len(after) else None
    there = index.locate(facts.lon[hit].astype(float), facts.lat[hit].astype(float)) if index is not None else where * 0
    return diff.assign(
        reports_before=_per(codes, before, where, np.ones(len(hit))),
        reports=_per(codes, after, there, np.ones(len(hit))),
        hours_before=_per(codes, before, where, hours),
        hours=_per(codes, after, there, hours),
    )


def evenness(base: Plan, plan: Plan, touched: npt.NDArray[np.int64]) -> pd.DataFrame:
    """How even the households of the townships a draft touches are, in its base and in it.

    Columns: township, grids_before, grids, largest_before, largest (the largest grid over the mean), gini_before, gini.
    """
    rows = []
    for township in np.unique(touched // 10**6).tolist():
        told: list[float] = [township]
        pairs = [_spread(one, township) for one in (base, plan)]
        for one, other in zip(*pairs, strict=True):
            told += [one, other]
        rows.append(told)
    names = ["grids", "largest", "gini"]
    columns = ["township", *(f"{name}{suffix}" for name in names for suffix in ("_before", ""))]
    return pd.DataFrame(rows, columns=columns).astype({"township": "int64", "grids_before": "int64", "grids": "int64"})


def _per(
    codes: npt.NDArray[np.int64], there: npt.NDArray[np.int64], found: npt.NDArray[np.int64], weight: Floats
) -> Floats:
    sums = pd.Series(weight).groupby(found).sum()
    return np.asarray(np.where(np.isin(codes, there), sums.reindex(codes).fillna(0.0), np.nan))


def _spread(plan: Plan, township: int) -> tuple[float, float, float]:
    inside = (plan.codes // 10**6 == township) & (plan.kinds == "basic")
    values = np.sort(plan.households[inside].astype(float))
    if not len(values) or not values.sum():
        return float(len(values)), float("nan"), float("nan")
    order = np.arange(1, len(values) + 1)
    gini = float((2 * order - len(values) - 1) @ values / (len(values) * values.sum()))
    return float(len(values)), float(values[-1] / values.mean()), gini
