from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.errors import InputError
from gridmap.geo.simplify import METRES_PER_DEGREE, simplify


def wavy(cells: int, bends: int, seed: int) -> np.ndarray:
    """A row of cells, the borders between them and their rims rough by about 100 m."""
    random = np.random.default_rng(seed)
    steps = np.linspace(0, 1, bends + 2)
    walls = [
        np.column_stack((c + np.r_[0, random.uniform(-0.1, 0.1, bends), 0], steps))
        for c in range(cells + 1)
    ]
    shapes = [
        shapely.Polygon(np.vstack((walls[c], walls[c + 1][::-1]))) for c in range(cells)
    ]
    return np.array(
        shapely.transform(shapes, lambda xy: xy * 0.01 + (113.9, 35.3)), dtype=object
    )


@settings(deadline=None, max_examples=30)
@given(
    cells=st.integers(1, 5),
    bends=st.integers(0, 20),
    seed=st.integers(0, 99),
    tolerance=st.floats(0, 500),
)
def test_neighbours_stay_neighbours(cells, bends, seed, tolerance) -> None:
    shapes = wavy(cells, bends, seed)
    simple = simplify(shapes, tolerance)
    assert len(simple) == len(shapes)
    assert shapely.coverage_is_valid(simple)
    assert not shapely.is_empty(simple).any()
    merged = shapely.coverage_union_all(simple)
    assert len(shapely.get_parts(merged)) == 1
    assert merged.area == pytest.approx(shapely.area(simple).sum())


def test_takes_out_bends_smaller_than_the_tolerance_and_keeps_larger_ones() -> None:
    shapes = wavy(4, 20, 1)
    fine, coarse = simplify(shapes, 20), simplify(shapes, 400)
    counts = [shapely.get_num_coordinates(each).sum() for each in (shapes, fine, coarse)]
    assert counts[0] >= counts[1] > counts[2]
    moved = shapely.hausdorff_distance(shapes, fine).max() * METRES_PER_DEGREE
    assert moved < 100


def test_no_tolerance_changes_nothing() -> None:
    shapes = wavy(2, 5, 1)
    assert shapely.equals_exact(simplify(shapes, 0), shapes).all()
    assert len(simplify(np.array([], dtype=object), 10)) == 0


@pytest.mark.parametrize("tolerance", [-1.0, float("nan")])
def test_a_tolerance_below_zero_is_refused(tolerance) -> None:
    with pytest.raises(InputError, match="tolerance"):
        simplify(wavy(1, 1, 1), tolerance)
