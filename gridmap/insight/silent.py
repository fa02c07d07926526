"""Silent grids: far fewer reports than population, kind, season and township lead one to expect.

*Expected.* Over a window of D days that ends at the day asked about, grid g of kind k in
township t is expected to report

    μ_g = D · e_g · r_tk · s_k

where e_g is its exposure (residents; one for an exclusive grid, which has none), r_tk the
reports per exposure and day of the township's grids of that kind over the reference (up to
three years before the window's end), drawn towards the city's rate of the kind as
`ranking.rates` does it, and s_k the season: reports of the kind in the whole city during
the window over those that its rate over the reference gives for D days. A township that
stopped reporting as a whole is thus still expected to.

*Probability.* Grids differ by more than chance, so counts are negative binomial with mean μ
and variance μ + μ²/κ; κ comes from the reports y of all grids over the reference and what
is expected there by moments, 1/κ = Σ((y − μ)² − μ) / Σ μ², kept between 1 and 20.
`probability` is P(Y ≤ observed).

*Verdict.* A grid is `silent` when it has less than `ratio` of what is expected **and** so
few are improbable (below `IMPROBABLE`); with few but not improbably few it is `quiet`:
nothing can be said against it. A silent grid with a visit inside the window is marked
`visited`: somebody looked and had nothing to report.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from gridmap.codes import parents
from gridmap.facts import Facts
from gridmap.insight import counts, ranking
from gridmap.insight import mask as masks
from gridmap.insight.areas import Grids, Real, Whole
from gridmap.insight.categories import Categories
from gridmap.model import Level

IMPROBABLE = 0.02
REFERENCE_DAYS = 1096
SHORTEST_DAYS, LONGEST_DAYS = 28, 365
LEAST_DISPERSION, MOST_DISPERSION = 1.0, 20.0
ENOUGH_EXPECTED = 8.0
"""The window is long enough for the median grid to be expected to report so often."""


@dataclass(frozen=True, eq=False)
class Silence:
    """Per grid of the city [n]: `observed`, `expected`, `probability` of no more than
    observed, `silent`, `quiet`.

    `window_days` days up to `last_day` were looked at; `dispersion` is κ.
    """

    observed: Whole
    expected: Real
    probability: Real
    silent: npt.NDArray[np.bool_]
    quiet: npt.NDArray[np.bool_]
    window_days: int
    last_day: int
    dispersion: float


def silence(
    facts: Facts,
    grids: Grids,
    categories: Categories,
    *,
    last_day: int,
    ratio: float,
    window_days: int | None = None,
) -> Silence:
    """Judge every grid by its reports, of all categories, up to day number `last_day`.

    `ratio` is the share of the expected number below which a grid may be silent. Without
    `window_days` it is as long as needed for the median grid to be expected to report
    `ENOUGH_EXPECTED` times, from 28 to 365 days.
    """
    first = max(facts.first_day, last_day - REFERENCE_DAYS + 1)
    everything = masks.everything(facts, categories)
    reference = counts.by_grid(facts, everything.during(facts, first, last_day))
    reference_days = max(last_day - first + 1, 1)
    window_days = _window(reference, reference_days) if window_days is None else window_days
    observed = counts.by_grid(
        facts, everything.during(facts, last_day - window_days + 1, last_day)
    )
    usual = _usual(reference, grids)
    expected = usual * _season(observed, reference, grids)
    dispersion = _dispersion(reference, usual)
    probability = _at_most(observed, expected, dispersion)
    few = observed < ratio * expected
    improbable = probability < IMPROBABLE
    return Silence(
        observed,
        expected,
        probability,
        few & improbable,
        few & ~improbable,
        window_days,
        last_day,
        dispersion,
    )


def _window(reference: Whole, reference_days: int) -> int:
    typical = float(np.median(reference)) / reference_days if len(reference) else 0.0
    if typical <= 0:
        return LONGEST_DAYS
    return int(np.clip(math.ceil(ENOUGH_EXPECTED / typical), SHORTEST_DAYS, LONGEST_DAYS))


def _usual(reference: Whole, grids: Grids) -> Real:
    """What each grid is expected to report over the reference: its exposure at the rate of
    its township and kind.
    """
    usual = np.zeros(len(grids), dtype=np.float64)
    township = np.unique(parents(grids.codes, Level.TOWNSHIP), return_inverse=True)[1]
    for kind in (False, True):
        rows = np.flatnonzero(grids.exclusive == kind)
        exposure = _exposure(grids, rows, exclusive=kind)
        events = np.bincount(township[rows], weights=reference[rows])
        rate = ranking.rates(events, np.bincount(township[rows], weights=exposure)).rate
        usual[rows] = exposure * rate[township[rows]]
    return np.nan_to_num(usual)


def _season(observed: Whole, reference: Whole, grids: Grids) -> Real:
    """The window's part of the reference's reports of the whole city, for the kind of each grid."""
    part = np.zeros(len(grids), dtype=np.float64)
    for kind in (False, True):
        rows = grids.exclusive == kind
        part[rows] = observed[rows].sum() / max(int(reference[rows].sum()), 1)
    return part


def _exposure(grids: Grids, rows: Whole, *, exclusive: bool) -> Real:
    people = grids.population[rows].astype(np.float64)
    return np.ones(len(rows)) if exclusive or not people.any() else people


def _dispersion(reference: Whole, usual: Real) -> float:
    """κ of the reports over the reference."""
    # The few grids that report many times their share say nothing about how low a normal
    # grid may be.
    kept = (usual > 0) & (reference <= 4 * usual + 4)
    y, mean = reference[kept], usual[kept]
    excess = float(((y - mean) ** 2 - mean).sum())
    return (
        float(np.clip((mean**2).sum() / excess, LEAST_DISPERSION, MOST_DISPERSION))
        if excess > 0
        else MOST_DISPERSION
    )


def _at_most(observed: Whole, expected: Real, dispersion: float) -> Real:
    """P(Y ≤ observed) of a negative binomial with mean `expected` and size `dispersion`."""
    success = dispersion / (dispersion + expected)
    return np.asarray(
        special.betainc(dispersion, observed + 1.0, success), dtype=np.float64
    )
