"""Trends: the last 90 days as a line, and a period against the one before and the same of
last year.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.insight.areas import Real

SPARK_DAYS = 90


def moving_mean(values: npt.NDArray[np.generic], days: int = 7) -> Real:
    """Mean of each day and the `days` - 1 before it, float64[n]; shorter at the beginning."""
    total = np.concatenate([[0.0], np.cumsum(np.asarray(values, dtype=np.float64))])
    end = np.arange(1, len(total))
    start = np.maximum(end - days, 0)
    return np.asarray((total[end] - total[start]) / (end - start), dtype=np.float64)


def change(now: npt.NDArray[np.generic], before: npt.NDArray[np.generic]) -> Real:
    """Change from `before` to `now` in percent, float64[n]; NaN where there was nothing before."""
    new, old = np.asarray(now, dtype=np.float64), np.asarray(before, dtype=np.float64)
    return 100.0 * (new - old) / np.where(old > 0, old, np.nan)


def share(numerator: npt.NDArray[np.generic], denominator: npt.NDArray[np.generic]) -> Real:
    """`numerator` as a percentage of `denominator`, float64[n]; NaN where that is nought."""
    top, base = (
        np.asarray(numerator, dtype=np.float64),
        np.asarray(denominator, dtype=np.float64),
    )
    return 100.0 * top / np.where(base > 0, base, np.nan)


def rolling_share(
    numerator: npt.NDArray[np.generic], denominator: npt.NDArray[np.generic], days: int = 7
) -> Real:
    """`share` of the sums over each day and the `days` - 1 before it: a quiet Sunday does
    not make a spike.
    """
    return share(moving_mean(numerator, days), moving_mean(denominator, days))


def open_by_day(
    open_at_end: int, new: npt.NDArray[np.generic], closed: npt.NDArray[np.generic]
) -> Real:
    """Open matters at the end of each day, float64[n], from those open at the end of the last.

    `new` and `closed` are the matters that joined and left the open ones each day.
    """
    flow = np.asarray(new, dtype=np.float64) - np.asarray(closed, dtype=np.float64)
    later = np.concatenate([np.cumsum(flow[::-1])[::-1][1:], [0.0]])
    return np.asarray(open_at_end - later, dtype=np.float64)
