"""Frames: no edge misses a cell it touches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.geo.frame import (
    COLUMNS,
    PER_X,
    PER_Y,
    ROWS,
    columns_touched,
    make_frame,
    reference_x,
    rows_touched,
)

places = st.tuples(st.floats(113, 115), st.floats(35, 36))


@settings(deadline=None)  # the first call compiles
@given(
    places,
    places,
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
    st.integers(1, 10_000),
)
def test_every_point_of_an_edge_lies_in_a_cell_the_edge_touches(a, b, shares, cells):
    frame = make_frame((113.0, 35.0, 115.0, 36.0), cells)
    low, high = rows_touched(frame, a[1], b[1])
    for share in shares:
        x, y = a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
        row = min(int((y - 35.0) * frame[PER_Y]), int(frame[ROWS]) - 1)
        column = min(int((x - 113.0) * frame[PER_X]), int(frame[COLUMNS]) - 1)
        assert low <= row <= high
        left, right = columns_touched(frame, *a, *b, row)
        assert left <= column <= right


def test_cells_are_about_as_many_as_wanted_and_square():
    frame = make_frame((113.0, 35.0, 115.0, 36.0), 5000)
    assert frame[COLUMNS] * frame[ROWS] == pytest.approx(5000, rel=0.05)
    assert frame[PER_X] == pytest.approx(frame[PER_Y], rel=0.05)
    assert reference_x(frame, 0) == pytest.approx(113.0 + 0.5 / frame[PER_X])


@pytest.mark.parametrize(
    "bounds", [(114.0, 35.0, 114.0, 35.0), (114.0, 35.0, 115.0, 35.0), (0.0, 0.0, 0.0, 0.0)]
)
def test_what_has_no_extent_has_a_frame_all_the_same(bounds):
    frame = make_frame(bounds, 100)
    assert np.isfinite(frame).all()
    assert frame[COLUMNS] * frame[ROWS] <= 101
