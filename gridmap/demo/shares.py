"""Whole numbers shared out in proportion, with an exact total."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def apportion(
    weights: Floats, total: int, *, least: int = 0, most: Ints | None = None
) -> Ints:
    """Whole numbers in proportion to `weights` that add up to `total` (largest remainder),
    int64[n].

    Each is at least `least` and, where there is room, at most `most`.
    """
    weights = np.maximum(np.asarray(weights, dtype=np.float64), 1e-12)
    number = np.full(len(weights), least, dtype=np.int64)
    cap = np.full(len(weights), total, dtype=np.int64)
    if most is not None:
        cap = np.maximum(most, least)
    if least * len(weights) > total or cap.sum() < total:
        raise ValueError(
            f"{total} cannot be shared out among {len(weights)} with these limits"
        )
    ideal = weights * total / weights.sum()
    while (left := total - int(number.sum())) > 0:
        need = np.clip(ideal - number, 0, None) + 1e-9 * weights / weights.max()
        need[number >= cap] = 0
        quota = need * left / need.sum()
        whole = np.minimum(np.floor(quota).astype(np.int64), cap - number)
        if whole.sum() == 0:
            take = np.lexsort((-weights, -(quota * (number < cap))))[:left]
            whole = np.zeros_like(number)
            whole[take] = (number < cap)[take]
        number += whole
    return number
