"""The whistle ladder: at which level matters are solved, and how long they travel up each rung."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

LEVELS = ("village", "township", "county", "city")
"""Levels of desks from the lowest; a department stands on the level of the place it works for."""
LEVEL_COLUMNS = ["group", "closed", *LEVELS]
RUNG_COLUMNS = [
    "group",
    "lower",
    "upper",
    "whistles",
    "answered",
    "lapsed",
    "in_time",
    "due",
    "travel_median_s",
    "travel_p90_s",
    "answer_median_s",
    "answer_p90_s",
    "apt",
    "judged",
    "rating",
    "rated",
]


def levels(solved: pd.DataFrame) -> pd.DataFrame:
    """How many matters were closed at each level, a row a group.

    `solved`: group, level (of `LEVELS`). Columns: group, closed (all), and a number for
    each level; they add up.
    """
    counts = (
        pd.crosstab(solved["group"], solved["level"]) if len(solved) else pd.DataFrame()
    )
    table = counts.reindex(columns=list(LEVELS), fill_value=0).astype("int64")
    table.insert(0, "closed", table.sum(axis=1))
    return table.rename_axis(index="group", columns=None).reset_index()[LEVEL_COLUMNS]


def rungs(whistles: pd.DataFrame, *, now: int) -> pd.DataFrame:
    """What became of the whistles on each rung, a row a group and rung, from the lowest desk up.

    `whistles`: group, lower, upper (of `LEVELS`: the levels whistled from and to), came_at
    (when the matter had come to the lower desk), at, due_at, heeded_at, lapsed_at (0: not),
    apt (1, 0, −1 not judged), rating (0: none); Unix seconds.

    Columns: whistles; answered; lapsed (the matter ended before an answer); due: whistles
    whose limit is over, in_time of them answered before it (lapsed before the limit they
    leave both); travel: from the coming to the lower desk to the answer of the upper one,
    answer: from the whistle to the answer, median and 90th percentile in seconds over those
    answered, each an observed time (NaN: none); judged whistles and apt ones of them; rated
    answers and their mean rating (NaN: none).
    """
    heeded, due_at, lapsed = (
        whistles[name].to_numpy(np.int64) for name in ("heeded_at", "due_at", "lapsed_at")
    )
    answered = heeded > 0
    due = (due_at > 0) & (due_at < now) & ~((lapsed > 0) & (lapsed <= due_at))
    table = pd.DataFrame(
        {
            **{name: whistles[name].to_numpy() for name in ("group", "lower", "upper")},
            "whistles": 1,
            "answered": answered.astype(np.int64),
            "lapsed": (lapsed > 0).astype(np.int64),
            "due": due.astype(np.int64),
            "in_time": (due & answered & (heeded <= due_at)).astype(np.int64),
            "travel": np.where(
                answered, heeded - whistles["came_at"].to_numpy(np.int64), np.nan
            ),
            "answer": np.where(
                answered, heeded - whistles["at"].to_numpy(np.int64), np.nan
            ),
            "judged": (whistles["apt"].to_numpy() >= 0).astype(np.int64),
            "apt": (whistles["apt"].to_numpy() == 1).astype(np.int64),
            "rated": (whistles["rating"].to_numpy() > 0).astype(np.int64),
            "stars": whistles["rating"].to_numpy(np.int64),
        }
    )
    rows = [
        _rung(keys, own)
        for keys, own in table.groupby(["group", "lower", "upper"], sort=False)
    ]
    found = pd.DataFrame(rows, columns=RUNG_COLUMNS)
    order = {level: number for number, level in enumerate(LEVELS)}
    ranks = found[["lower", "upper"]].apply(lambda column: column.map(order))
    if found.empty:
        return found
    return found.iloc[
        np.lexsort((ranks["upper"], ranks["lower"], found["group"].astype(str)))
    ].reset_index(drop=True)


def _rung(keys: Sequence[Any], own: pd.DataFrame) -> dict[str, Any]:
    sums = own[
        ["whistles", "answered", "lapsed", "in_time", "due", "apt", "judged", "rated"]
    ].sum()
    told: dict[str, Any] = {str(name): int(value) for name, value in sums.items()}
    for name in ("travel", "answer"):
        told |= {
            f"{name}_median_s": quantile(own[name], 0.5),
            f"{name}_p90_s": quantile(own[name], 0.9),
        }
    rating = own["stars"].sum() / told["rated"] if told["rated"] else float("nan")
    return {
        "group": keys[0],
        "lower": keys[1],
        "upper": keys[2],
        **told,
        "rating": float(rating),
    }


def quantile(seconds: pd.Series, share: float) -> float:
    """The smallest observed time that `share` of all do not exceed; NaN without any."""
    known = seconds.dropna().to_numpy(np.float64)
    return (
        float(np.quantile(known, share, method="inverted_cdf"))
        if len(known)
        else float("nan")
    )
