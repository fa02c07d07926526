"""The places that need a look, and why: every reason is a departure from what is expected,
on one scale.

Each candidate gets a score: how many standard deviations its figure is worse than expected,
from the probability of being so bad. Counts may vary by more than chance (`SPREAD`), so
that a large place does not lead every list for a small departure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from gridmap.calendar import day_from_number
from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.city.look.silence import silence_on
from gridmap.insight import counts, coverage, outcomes, ranking
from gridmap.insight.areas import Areas, Real, Whole
from gridmap.insight.indicators import due_until
from gridmap.insight.mask import Mask
from gridmap.insight.selection import Selection
from gridmap.model import VILLAGE_ROLES, Level

BASELINE_DAYS = 56
SPREAD = 0.15
"""Standard deviation of a count beyond chance, as a share of what is expected."""
LEAST_TAIL = 1e-60
WORTH_A_LOOK = 2.0
MOST_OF_A_KIND = 3
LEAST_OVERDUE = 3
"""Fewer matters past their limit are not worth a line on the wall, however few are open."""

Row = dict[str, Any]


def attention(desk: Desk, data: Data, selection: Selection) -> pd.DataFrame:
    """Candidates by falling score, at most `MOST_OF_A_KIND` a reason: code, level, reason,
    params, value, score.
    """
    mask = desk.mask(data, selection.any_status())
    level = max(selection.children_level, Level.TOWNSHIP)
    places = desk.places(data, selection.area, level)
    below = desk.places(data, selection.area, level.below)
    rows: list[Row] = []
    for found in (
        _surges(data, mask, places),
        _late(data, mask, places, today=desk.today_number),
        _backlogs(data, mask, places),
        _silent(desk, data, mask, below),
        _vacancies(desk, data, mask, places),
        _roles(desk, data, selection, places),
    ):
        rows += sorted(found, key=lambda row: -row["score"])[:MOST_OF_A_KIND]
    table = pd.DataFrame(
        rows, columns=["code", "level", "reason", "params", "value", "score"]
    )
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def _rows(
    places: Areas,
    reason: str,
    score: Real,
    value: npt.NDArray[Any],
    params: dict[str, npt.NDArray[Any]],
) -> Iterator[Row]:
    for row in np.flatnonzero(np.nan_to_num(score) >= WORTH_A_LOOK):
        plain = {name: numbers[row].item() for name, numbers in params.items()}
        yield {
            "code": int(places.codes[row]),
            "level": int(places.level),
            "reason": reason,
            "params": plain,
            "value": float(value[row]),
            "score": float(score[row]),
        }


def _totals(places: Areas, values: npt.NDArray[Any]) -> Whole:
    return np.asarray(places.total(values.astype(np.int64)), dtype=np.int64)


def _above(observed: npt.NDArray[Any], expected: Real) -> Real:
    """How improbably far `observed` counts lie above `expected`, as standard deviations of
    a normal distribution.

    From P(Y ≥ observed) of a negative binomial whose spread beyond chance is `SPREAD`; 0
    where nothing is expected.
    """
    size = 1 / SPREAD**2
    some = (expected > 0) & (observed > 0)
    tail = special.betainc(
        np.where(some, observed, 1.0), size, expected / (size + expected)
    )
    return np.where(some, -special.ndtri(np.maximum(tail, LEAST_TAIL)), 0.0)


def _below(observed: npt.NDArray[Any], expected: Real) -> Real:
    """How improbably far `observed` counts lie below `expected`; see `_above`."""
    size = 1 / SPREAD**2
    tail = special.betainc(size, observed + 1.0, size / (size + expected))
    return np.asarray(-special.ndtri(np.maximum(tail, LEAST_TAIL)), dtype=np.float64)


def _surges(data: Data, mask: Mask, places: Areas) -> Iterator[Row]:
    """More reports than the eight weeks before the period, as the whole city has changed,
    lead one to expect.
    """
    days = mask.last_day - mask.first_day + 1
    before = mask.during(data.facts, mask.first_day - BASELINE_DAYS, mask.first_day - 1)
    now = counts.by_area(data.facts, mask, places)
    past = counts.by_area(data.facts, before, places)
    usual = np.asarray((past + 0.5) * days / BASELINE_DAYS, dtype=np.float64)
    expected = usual * min(max(float(now.sum()) / float(usual.sum()), 0.5), 2.0)
    score = np.where(past > 0, _above(now, expected), 0.0)
    params = {
        "observed": now,
        "expected": np.round(expected, 1),
        "ratio": np.round(now / expected, 2),
    }
    return _rows(places, "surge", score, now / expected, params)


def _late(data: Data, mask: Mask, places: Areas, *, today: int) -> Iterator[Row]:
    """On-time closing below the city's, by the interval of the shrunken share."""
    due = np.asarray(places.total(due_until(data.facts, mask, today=today)))
    met, of = due[:, 3], due[:, 2]
    if not of.sum():
        return iter(())
    ranked = ranking.shares(met, of)
    all_share = met.sum() / of.sum()
    deviation = np.maximum((ranked.high - ranked.low) / 3.92, 1e-9)
    score = (all_share - ranked.rate) / np.hypot(deviation, 0.01)
    percent = 100.0 * met / np.maximum(of, 1)
    params = {
        "late": of - met,
        "due": of,
        "percent": np.round(percent, 1),
        "city_percent": np.full(len(of), round(100.0 * all_share, 1)),
    }
    return _rows(places, "late", score, percent, params)


def _backlogs(data: Data, mask: Mask, places: Areas) -> Iterator[Row]:
    """More open matters past their limit than the whole area's share of late ones gives."""
    still = _totals(places, outcomes.open_by_grid(data.facts, mask))
    late = _totals(places, outcomes.overdue_by_grid(data.facts, mask))
    expected = still * (late.sum() / max(still.sum(), 1))
    score = np.where(late >= LEAST_OVERDUE, _above(late, expected), 0.0)
    return _rows(places, "backlog", score, late, {"overdue": late, "open": still})


def _silent(desk: Desk, data: Data, mask: Mask, places: Areas) -> Iterator[Row]:
    """Silent grids together: the reports they lack."""
    judged = silence_on(desk, data, mask.last_day)
    expected = places.sums(np.where(judged.silent, judged.expected, 0.0))
    observed = places.sums(np.where(judged.silent, judged.observed, 0))
    silent = _totals(places, judged.silent)
    score = _below(observed, expected)
    params = {
        "silent": silent,
        "grids": places.sizes,
        "expected": np.round(expected, 1),
        "observed": observed.astype(np.int64),
        "days": np.full(len(places), judged.window_days),
    }
    return _rows(places, "silent", score, silent, params)


def _vacancies(desk: Desk, data: Data, mask: Mask, places: Areas) -> Iterator[Row]:
    """Grids nobody is responsible for, against the whole area's share of them."""
    staff = desk.staff(data, day_from_number(mask.last_day))
    without = _totals(places, coverage.without_worker(staff))
    return _share_rows(places, "vacancy", without, places.sizes, ("without", "grids"))


def _roles(desk: Desk, data: Data, selection: Selection, places: Areas) -> Iterator[Row]:
    """Villages that lack one of the roles every village has, against the whole area's share
    of them.
    """
    if places.level > Level.VILLAGE:
        return iter(())
    staff = desk.staff(data, selection.end)
    villages = desk.places(data, selection.area, Level.VILLAGE)
    lacking = np.zeros(len(villages), dtype=np.bool_)
    for role in VILLAGE_ROLES:
        lacking |= coverage.lacking(staff, role, villages)
    per_grid = np.zeros(len(data.grids), dtype=np.int64)
    per_grid[villages.starts] = lacking
    number = np.zeros(len(data.grids), dtype=np.int64)
    number[villages.starts] = 1
    found, of = _totals(places, per_grid), _totals(places, number)
    return _share_rows(places, "roles", found, of, ("lacking", "villages"))


def _share_rows(
    places: Areas,
    reason: str,
    found: npt.NDArray[Any],
    of: npt.NDArray[Any],
    names: tuple[str, str],
) -> Iterator[Row]:
    share = found.sum() / max(of.sum(), 1)
    score = _above(found, of * share)
    return _rows(places, reason, score, found, {names[0]: found, names[1]: of})
