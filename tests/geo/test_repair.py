"""Mending layers into coverages."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from layers import FIRST, bowtied, box, doubled, drawn, rough_rings, shifted, spiked

from gridmap.geo.coverage import check
from gridmap.geo.crs import GEOGRAPHIC, to_metres
from gridmap.geo.repair import made_valid, repair
from gridmap.settings import data_folder


def metres(layer):
    return to_metres(np.asarray(layer.geometry.array, dtype=object))


def shapes(layer):
    return np.asarray(layer.geometry.array, dtype=object)


def farthest_move_m(before, after):
    """How far a point of a new border lies from the border its grid had, at most."""
    moved = 0.0
    for old, new in zip(to_metres(made_valid(shapes(before))), metres(after), strict=True):
        if not new.is_empty:
            points = shapely.points(shapely.get_coordinates(shapely.segmentize(new, 1.0)))
            moved = max(moved, float(shapely.distance(shapely.boundary(old), points).max()))
    return moved


def test_a_layer_without_fault_stays_as_it_is():
    """
    +---+---+
    | 1 | 2 |
    +---+---+
    """
    layer = drawn(box(0, 0, 100, 100), box(100, 0, 200, 100))
    result = repair(layer, tolerance_m=5)
    assert len(result.moves) == len(result.left) == 0
    assert farthest_move_m(layer, result.grids) < 0.002
    assert shapely.equals(
        shapely.set_precision(shapes(layer), 1e-8), shapes(result.grids)
    ).all()


def test_a_narrow_overlap_goes_to_the_owner_with_the_longest_border_along_it():
    """
    2 reaches 2 m into 1, between the two:  +----+-+----+
                                            | 1  |#| 2  |     # is theirs both
                                            +----+-+----+
    """
    layer = drawn(box(0, 0, 100, 100), box(98, 0, 200, 90))
    result = repair(layer, tolerance_m=5)
    assert shapely.coverage_is_valid(shapes(result.grids))
    assert shapely.area(metres(result.grids)) == pytest.approx(
        [10_000, 102 * 90 - 180], abs=1
    )
    assert result.moves[["rule", "codes"]].values.tolist() == [
        ["overlap", f"{FIRST},{FIRST + 1}"]
    ]
    assert result.moves["moved_m"].iloc[0] == pytest.approx(2, abs=0.01)


def test_a_wide_overlap_is_left_and_listed():
    layer = drawn(box(0, 0, 100, 100), box(90, 0, 200, 100))
    result = repair(layer, tolerance_m=5)
    assert len(result.moves) == 0
    assert result.left["rule"].tolist() == ["overlap"]
    assert result.left["size_m"].iloc[0] == pytest.approx(10, rel=0.02)
    assert result.left["size_m2"].iloc[0] == pytest.approx(1000, rel=0.001)
    assert shapely.area(metres(result.grids)) == pytest.approx([10_000, 11_000], abs=1)


def test_the_same_grid_drawn_twice_is_left_and_loses_nothing():
    layer = drawn(box(0, 0, 100, 100), box(0, 0, 100, 100))
    result = repair(layer, tolerance_m=5)
    assert shapely.area(metres(result.grids)) == pytest.approx([10_000, 10_000], abs=1)
    assert result.left["codes"].tolist() == [f"{FIRST},{FIRST + 1}"]


def test_a_narrow_gap_goes_to_the_neighbour_with_the_longest_shared_border():
    """
    +----+-+---+
    |    | | 2 |
    | 1  | +---+
    |    | | 3 |
    +----+-+---+
         4        4 closes the gap below, 5 above
    """
    layer = drawn(
        box(0, 0, 100, 100),
        box(102, 50, 200, 100),
        box(102, 0, 200, 50),
        box(0, -50, 200, 0),
        box(0, 100, 200, 150),
    )
    result = repair(layer, tolerance_m=5)
    assert shapely.coverage_is_valid(shapes(result.grids))
    assert shapely.area(metres(result.grids))[0] == pytest.approx(10_200, abs=1)
    assert result.moves[["rule", "codes"]].values.tolist() == [["gap", str(FIRST)]]


def test_a_wide_gap_is_left_and_listed():
    layer = drawn(shapely.Polygon(box(0, 0, 100, 100), [box(40, 40, 60, 60)]))
    result = repair(layer, tolerance_m=5)
    assert result.left["rule"].tolist() == ["gap"]
    assert shapely.get_num_interior_rings(shapes(result.grids)).tolist() == [1]


def test_a_gap_that_runs_between_many_grids_is_shared_out_among_them():
    """Each of nine squares is drawn one metre too small: the gaps between them are one
    connected net.
    """
    squares = [
        box(i * 100 + 1, j * 100 + 1, i * 100 + 99, j * 100 + 99)
        for i in range(3)
        for j in range(3)
    ]
    frame = shapely.Polygon(box(-50, -50, 350, 350), [box(0, 0, 300, 300)])
    layer = drawn(*squares, frame)
    result = repair(layer, tolerance_m=3)
    assert shapely.coverage_is_valid(shapes(result.grids))
    assert len(result.left) == 0
    assert farthest_move_m(layer, result.grids) <= 3
    assert shapely.area(metres(result.grids)).sum() == pytest.approx(400 * 400, abs=2)


def test_a_narrow_part_apart_from_its_grid_goes_to_the_neighbour():
    """A piece of 1, two metres wide, lies beyond 2."""
    far = shapely.MultiPolygon(
        [shapely.Polygon(box(0, 0, 100, 100)), shapely.Polygon(box(200, 20, 202, 80))]
    )
    layer = drawn(far, box(100, 0, 200, 100))
    result = repair(layer, tolerance_m=3)
    assert result.moves[["rule", "codes"]].values.tolist() == [
        ["sliver", f"{FIRST + 1},{FIRST}"]
    ]
    assert shapes(result.grids)[0].geom_type == "Polygon"
    assert shapely.area(metres(result.grids)) == pytest.approx([10_000, 10_120], abs=1)


def test_a_narrow_part_that_touches_nobody_is_dropped_and_said_so():
    far = shapely.MultiPolygon(
        [shapely.Polygon(box(0, 0, 100, 100)), shapely.Polygon(box(500, 0, 502, 60))]
    )
    result = repair(drawn(far), tolerance_m=3)
    assert result.moves["codes"].tolist() == [str(FIRST)]
    assert shapely.area(metres(result.grids)) == pytest.approx([10_000], abs=1)


def test_missing_vertices_on_a_shared_border_are_added_and_nothing_moves():
    """
    +---+---+
    |   | 2 |
    | 1 +---+    1 has no vertex where 2 and 3 meet
    |   | 3 |
    +---+---+
    """
    layer = drawn(box(0, 0, 100, 100), box(100, 50, 200, 100), box(100, 0, 200, 50))
    assert not shapely.coverage_is_valid(shapes(layer))
    result = repair(layer, tolerance_m=0.002)
    assert shapely.coverage_is_valid(shapes(result.grids))
    assert len(result.moves) == len(result.left) == 0
    assert farthest_move_m(layer, result.grids) < 0.002


def test_a_shape_of_nothing_is_listed_as_empty():
    flat = [(0, 0), (100, 0), (100, 0), (0, 0)]
    result = repair(drawn(box(0, 0, 100, 100), flat), tolerance_m=3)
    assert result.left["rule"].tolist() == ["empty"]
    assert result.left["codes"].tolist() == [str(FIRST + 1)]


def test_other_columns_and_the_order_of_rows_are_kept():
    layer = drawn(box(0, 0, 100, 100), box(98, 0, 200, 100))
    layer["name"] = ["第一网格", "第二网格"]
    layer.index = [7, 3]
    result = repair(layer, tolerance_m=3)
    assert result.grids["name"].tolist() == ["第一网格", "第二网格"]
    assert result.grids.index.tolist() == [7, 3]
    assert result.grids.crs == GEOGRAPHIC


def test_the_published_county_outlines_become_a_coverage_without_hole():
    counties = gpd.read_file(data_folder() / "counties.geojson").to_crs(GEOGRAPHIC)
    assert not counties.is_valid.any()
    result = repair(counties, tolerance_m=130)
    assert shapely.coverage_is_valid(shapes(result.grids))
    assert len(result.left) == 0
    whole = shapely.coverage_union_all(shapes(result.grids))
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert result.moves["moved_m"].max() <= 130
    assert set(result.moves["rule"]) == {"invalid", "sliver", "gap"}


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size_m=st.sampled_from([0.05, 0.5, 2.0]))
@example(
    seed=29374, size_m=0.05
)  # a gap that tapers off to less than a millimetre beside a third grid
@example(seed=1478, size_m=0.05)  # rounding cuts off a part of a mended grid
def test_a_damaged_coverage_is_mended_within_the_tolerance(seed, size_m):
    """Every vertex of every grid is off by up to `size_m`; some borders have knots and
    hairs, some are drawn twice.
    """
    rng = np.random.default_rng(seed)
    rings = rough_rings(5, 5, rng)
    sound = drawn(*rings)
    spoiled = [shifted(ring, rng, size_m) for ring in rings]
    for spoil in (spiked, bowtied, doubled):
        row = int(rng.integers(len(spoiled)))
        spoiled[row] = spoil(spoiled[row], rng, size_m)
    layer = drawn(*spoiled)
    tolerance_m = 4 * size_m
    result = repair(layer, tolerance_m=tolerance_m)
    mended = shapes(result.grids)
    assert shapely.is_valid(mended).all()
    assert shapely.coverage_is_valid(mended)
    assert len(result.left) == 0
    assert set(check(result.grids)["rule"]) <= {
        "unmatched"
    }  # a notch in the outer border may be too fine to see
    assert farthest_move_m(layer, result.grids) <= tolerance_m
    outer_m = shapely.length(shapely.coverage_union_all(metres(sound)))
    assert shapely.area(metres(result.grids)).sum() == pytest.approx(
        shapely.area(metres(sound)).sum(), abs=outer_m * size_m + 1
    )


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_wider_than_the_tolerance_stays_and_is_listed_and_nothing_moves_farther(
    seed,
):
    rng = np.random.default_rng(seed)
    layer = drawn(*(shifted(ring, rng, 20.0) for ring in rough_rings(4, 4, rng)))
    result = repair(layer, tolerance_m=2.0)
    assert farthest_move_m(layer, result.grids) <= 2.0
    found = check(result.grids)
    for rule in ("overlap", "gap"):
        left = result.left.loc[result.left["rule"] == rule, "size_m2"].sum()
        assert left == pytest.approx(
            found.loc[found["rule"] == rule, "size_m2"].sum(), rel=1e-3, abs=0.5
        )
