"""On which side of a line a point lies, without error.

A floating-point determinant with a bound on its rounding error (Shewchuk, "Adaptive
Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates", 1997) answers
nearly always; where it cannot, the determinant is expanded into products whose rounding
errors are computed too, and summed without loss. Exact while no product under- or
overflows: coordinates of degrees and metres are far from it.
"""

# ruff: noqa: PLR0917  (compiled code is called by position)

from __future__ import annotations

import numpy as np

from gridmap.geo.compiled import compiled

ERROR_BOUND = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
# Halves the 53 bits of a double, so that products of halves are exact.
_SPLITTER = 2.0**27 + 1.0
# Six products of two parts each.
_TERMS = 12


@compiled
def orientation(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """1 when c lies left of the line from a to b, −1 when right of it, 0 when exactly on it."""
    left = (ax - cx) * (by - cy)
    right = (ay - cy) * (bx - cx)
    determinant = left - right
    bound = ERROR_BOUND * (abs(left) + abs(right))
    if determinant > bound:
        return 1
    if determinant < -bound:
        return -1
    return exact_orientation(ax, ay, bx, by, cx, cy)


@compiled
def exact_orientation(
    ax: float, ay: float, bx: float, by: float, cx: float, cy: float
) -> int:
    """As `orientation`, by exact sums only: ax·by − ay·bx + bx·cy − by·cx + cx·ay − cy·ax."""
    if (ax == cx and ay == cy) or (bx == cx and by == cy):
        return 0
    total = np.zeros(_TERMS)
    size = _add_product(total, 0, ax, by)
    size = _add_product(total, size, -ay, bx)
    size = _add_product(total, size, bx, cy)
    size = _add_product(total, size, -by, cx)
    size = _add_product(total, size, cx, ay)
    size = _add_product(total, size, -cy, ax)
    # The parts don't overlap: the largest that is not zero has the sign.
    for i in range(size - 1, -1, -1):
        if total[i] != 0.0:
            return 1 if total[i] > 0.0 else -1
    return 0


@compiled
def _add_product(total: np.ndarray, size: int, a: float, b: float) -> int:
    """Add a·b, without loss, to the expansion `total` of `size` parts; returns the new size."""
    product = a * b
    a_high, a_low = _split(a)
    b_high, b_low = _split(b)
    error = a_low * b_low - (
        ((product - a_high * b_high) - a_low * b_high) - a_high * b_low
    )
    return _add(total, _add(total, size, error), product)


@compiled
def _split(a: float) -> tuple[float, float]:
    """The upper and lower 26 bits of a number (Dekker)."""
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return high, a - high


@compiled
def _add(total: np.ndarray, size: int, value: float) -> int:
    """Grow the expansion by one number: each two-sum passes its rounding error down (Knuth)."""
    carried = value
    for i in range(size):
        summed = carried + total[i]
        part = summed - carried
        total[i] = (carried - (summed - part)) + (total[i] - part)
        carried = summed
    total[size] = carried
    return size + 1
