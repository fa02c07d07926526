"""Ranking places by rates of small counts: shrunken estimates, intervals, and who can't be
told apart.

A grid has half a report a day, so raw rates put the smallest places at both ends. Rates are
therefore drawn towards the mean of all, the more the less a place's figures carry
(empirical Bayes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from gridmap.insight.areas import Real, Whole

Numbers = npt.NDArray[np.integer] | npt.NDArray[np.floating]

SURE = 0.9
"""Two neighbours in rank differ when the higher is really higher with at least this probability."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """Of n places: `rate` float64[n] shrunken, its central 95 % interval `low` to `high`,
    `rank` int64[n] from 1 for the highest rate, `tied` bool[n]: can't be told from the next
    lower in rank. NaN and rank 0 where there is no exposure.
    """

    rate: Real
    low: Real
    high: Real
    rank: Whole
    tied: npt.NDArray[np.bool_]

    def scaled(self, factor: float) -> Ranking:
        """The same ranking in another unit: everything but ranks times `factor`."""
        rate, low, high = (factor * one for one in (self.rate, self.low, self.high))
        return Ranking(rate, low, high, self.rank, self.tied)


def rates(events: Numbers, exposure: Numbers) -> Ranking:
    """Rank Poisson rates: `events` [n] per `exposure` [n] (households, days, km²).

    Each rate is Gamma(a + events, b + exposure) after seeing the data, where the prior
    Gamma(a, b) has the mean and the variance between places found by the method of moments
    (Marshall 1991, Applied Statistics 40:283): m = Σ events / Σ exposure, s² = Σ exposure
    (events/exposure − m)² / Σ exposure, variance between places = max(s² − m / mean
    exposure, 0).
    """
    count, size = (
        np.asarray(events, dtype=np.float64),
        np.asarray(exposure, dtype=np.float64),
    )
    some = size > 0
    if not some.any() or count[some].sum() == 0:
        return _nothing(some)
    a, b = _gamma_prior(count[some], size[some])
    shape, pace = np.where(some, a + count, np.nan), np.where(some, b + size, np.nan)
    low, high = (special.gammaincinv(shape, q) / pace for q in (0.025, 0.975))
    return _ranked(shape / pace, low, high, lambda i, j: _gamma_above(shape, pace, i, j))


def shares(successes: Numbers, trials: Numbers) -> Ranking:
    """Rank shares: `successes` [n] of `trials` [n], with a Beta prior by the method of
    moments as in `rates`.

    The share is Beta(a + successes, b + trials − successes) after seeing the data.
    """
    won, tried = (
        np.asarray(successes, dtype=np.float64),
        np.asarray(trials, dtype=np.float64),
    )
    some = tried > 0
    if not some.any():
        return _nothing(some)
    a, b = _beta_prior(won[some], tried[some])
    alpha, beta = np.where(some, a + won, np.nan), np.where(some, b + tried - won, np.nan)
    low, high = (special.betaincinv(alpha, beta, q) for q in (0.025, 0.975))
    return _ranked(
        alpha / (alpha + beta), low, high, lambda i, j: _beta_above(alpha, beta, i, j)
    )


def _gamma_prior(count: Real, size: Real) -> tuple[float, float]:
    mean = count.sum() / size.sum()
    spread = float((size * (count / size - mean) ** 2).sum() / size.sum())
    between = max(spread - mean / size.mean(), 1e-4 * mean**2)
    return float(mean**2 / between), float(mean / between)


def _beta_prior(won: Real, tried: Real) -> tuple[float, float]:
    # One success and one failure more keep the mean off 0 and 1, where a Beta has no spread.
    mean = float((won.sum() + 1) / (tried.sum() + 2))
    room = mean * (1 - mean)
    spread = float((tried * (won / tried - mean) ** 2).sum() / tried.sum())
    between = float(np.clip(spread - room / tried.mean(), 1e-4 * room, 0.5 * room))
    strength = room / between - 1
    return mean * strength, (1 - mean) * strength


def _gamma_above(shape: Real, pace: Real, i: Whole, j: Whole) -> Real:
    """P(rate i > rate j) of independent Gammas, exactly: a ratio of Gammas is a Beta."""
    return np.asarray(
        special.betainc(shape[j], shape[i], pace[j] / (pace[i] + pace[j])), dtype=np.float64
    )


def _beta_above(alpha: Real, beta: Real, i: Whole, j: Whole) -> Real:
    """P(share i > share j) of independent Betas, by their normal approximation."""
    total = alpha + beta
    mean, variance = alpha / total, alpha * beta / (total**2 * (total + 1))
    return np.asarray(
        special.ndtr((mean[i] - mean[j]) / np.sqrt(variance[i] + variance[j])),
        dtype=np.float64,
    )


def _ranked(
    rate: Real, low: Real, high: Real, above: Callable[[Whole, Whole], Real]
) -> Ranking:
    known = np.flatnonzero(np.isfinite(rate))
    order = known[np.argsort(-rate[known], kind="stable")]
    rank = np.zeros(len(rate), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    tied = np.zeros(len(rate), dtype=np.bool_)
    if len(order) > 1:
        tied[order[:-1]] = above(order[:-1], order[1:]) < SURE
    return Ranking(rate, low, high, rank, tied)


def _nothing(some: npt.NDArray[np.bool_]) -> Ranking:
    """Nothing has happened anywhere: all rates are nought and nobody is ahead."""
    rate = np.where(some, 0.0, np.nan)
    rank = np.cumsum(some) * some
    return Ranking(rate, rate, rate, rank.astype(np.int64), some.copy())
