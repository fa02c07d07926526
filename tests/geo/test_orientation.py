"""Orientation against exact fractions."""

from fractions import Fraction

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gridmap.geo.orientation import exact_orientation, orientation

numbers = st.one_of(
    st.floats(113, 116),
    st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-60),
    st.integers(-4, 4).map(float),
    st.integers(0, 40).map(lambda k: 114.0 + k * 2.0**-46),
)
points = st.tuples(numbers, numbers)


def _true_side(a, b, c):
    (ax, ay), (bx, by), (cx, cy) = (tuple(map(Fraction, point)) for point in (a, b, c))
    value = (ax - cx) * (by - cy) - (ay - cy) * (bx - cx)
    return (value > 0) - (value < 0)


@settings(deadline=None)  # the first call compiles
@given(points, points, points)
@example((12.0, 12.0), (24.0, 24.0), (0.5, 0.5 + 2.0**-53))
def test_the_side_of_a_point_is_exact(a, b, c):
    assert orientation(*a, *b, *c) == _true_side(a, b, c)
    assert exact_orientation(*a, *b, *c) == _true_side(a, b, c)


@settings(deadline=None)
@given(points, points, st.floats(0, 1))
def test_a_point_computed_on_a_line_falls_on_its_true_side(a, b, share):
    c = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
    assert orientation(*a, *b, *c) == _true_side(a, b, c)


@settings(deadline=None)
@given(points, points, points)
def test_turning_the_triangle_keeps_the_side_and_mirroring_it_swaps_it(a, b, c):
    side = orientation(*a, *b, *c)
    assert orientation(*b, *c, *a) == side
    assert orientation(*b, *a, *c) == -side


def test_a_neighbourhood_of_a_diagonal_has_the_true_pattern():
    """The figure of the paper: plain floating point draws noise here."""
    for i in range(24):
        for j in range(24):
            c = (0.5 + i * 2.0**-53, 0.5 + j * 2.0**-53)
            assert orientation(12.0, 12.0, 24.0, 24.0, *c) == np.sign(j - i)
