"""The topology check."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from layers import FIRST, box, drawn, rough_rings, shifted

from gridmap.geo.coverage import COLUMNS, check
from gridmap.geo.crs import GEOGRAPHIC, to_metres


def rules(faults):
    return faults["rule"].tolist()


def test_a_good_layer_has_no_fault_and_the_table_its_columns():
    faults = check(drawn(box(0, 0, 100, 100), box(100, 0, 200, 100)))
    assert len(faults) == 0
    assert tuple(faults.columns) == COLUMNS


def test_straight_rows_of_grids_are_a_good_layer_wherever_one_looks():
    """
    +---+---+
    | 3 | 4 |    the middle of the whole lies on the borders of all four
    | 1 | 2 |
    +---+---+
    """
    columns = [
        box(i * 100, j * 100, i * 100 + 100, j * 100 + 100)
        for i in range(2)
        for j in range(2)
    ]
    assert rules(check(drawn(*columns))) == []
    squares = [
        shapely.box(113 + i / 100, 35 + j / 100, 113.01 + i / 100, 35.01 + j / 100)
        for i in (0, 1)
        for j in (0, 1)
    ]
    exact = gpd.GeoDataFrame(
        {"code": [FIRST + row for row in range(4)]}, geometry=squares, crs=GEOGRAPHIC
    )
    assert rules(check(exact)) == []


def test_an_overlap_is_named_with_its_grids_place_and_size():
    """
    +-----+##+-----+    20 m wide
    |  1  |##|  2  |
    +-----+##+-----+
    """
    faults = check(drawn(box(0, 0, 100, 100), box(80, 0, 200, 100)))
    assert rules(faults) == ["overlap"]
    fault = faults.iloc[0]
    assert fault["codes"] == f"{FIRST},{FIRST + 1}"
    assert fault["size_m2"] == pytest.approx(2000, rel=1e-3)
    assert fault["size_m"] == pytest.approx(20, rel=0.01)
    lon, lat = map(float, fault["place"].split(","))
    assert fault.geometry.buffer(1e-6).contains(shapely.Point(lon, lat))
    assert "--repair" in fault["cure"]


def test_three_grids_on_one_place_are_one_fault():
    faults = check(drawn(box(0, 0, 100, 100), box(0, 0, 100, 100), box(0, 0, 100, 100)))
    assert rules(faults) == ["overlap"]
    assert faults["codes"].iloc[0] == ",".join(str(FIRST + row) for row in range(3))


def test_a_grid_over_others_that_fit_is_named_with_all_of_them():
    """
    +-------+
    |   1   |   1 lies over 2 and 3, which share a border it does not touch
    | 2 | 3 |
    +---+---+
    """
    faults = check(drawn(box(0, 0, 200, 100), box(0, 0, 100, 100), box(100, 0, 200, 100)))
    assert rules(faults) == ["overlap"]
    assert faults["codes"].iloc[0] == ",".join(str(FIRST + row) for row in range(3))


def test_a_grid_inside_another_overlaps_it():
    faults = check(drawn(box(0, 0, 100, 100), box(40, 40, 60, 60)))
    assert rules(faults) == ["overlap"]
    assert faults["size_m2"].iloc[0] == pytest.approx(400, rel=1e-3)


def test_a_gap_is_named_with_the_grids_around_it():
    ring = shapely.Polygon(box(0, 0, 300, 300), [box(100, 100, 200, 200)])
    faults = check(drawn(ring, box(300, 0, 400, 300)))
    assert rules(faults) == ["gap"]
    assert faults["codes"].iloc[0] == str(FIRST)
    assert faults["size_m2"].iloc[0] == pytest.approx(10_000, rel=1e-3)


def test_a_large_hole_is_land_of_somebody_else():
    ring = shapely.Polygon(box(0, 0, 3000, 3000), [box(1000, 1000, 2000, 2000)])
    assert rules(check(drawn(ring), enclosed_km2=0.5)) == []
    assert rules(check(drawn(ring), enclosed_km2=2)) == ["gap"]


def test_a_hole_filled_by_another_grid_is_no_gap():
    ring = shapely.Polygon(box(0, 0, 300, 300), [box(100, 100, 200, 200)])
    assert rules(check(drawn(ring, box(100, 100, 200, 200)))) == []


def test_a_narrow_grid_is_a_sliver():
    faults = check(drawn(box(0, 0, 100, 100), box(100, 0, 100.5, 100)))
    assert rules(faults) == ["sliver"]
    assert faults["codes"].iloc[0] == str(FIRST + 1)
    assert faults["size_m"].iloc[0] == pytest.approx(0.5, rel=0.02)


def test_a_border_that_crosses_itself_is_invalid_and_the_crossing_is_the_place():
    """A bow tie: (0,0) (100,100) (100,0) (0,100)."""
    faults = check(drawn([(0, 0), (100, 100), (100, 0), (0, 100)]))
    assert rules(faults) == ["invalid"]
    crossing = to_metres(faults.geometry.iloc[0])
    assert (crossing.x - 500_000, crossing.y - 3_875_000) == pytest.approx(
        (50, 50), abs=0.01
    )


def test_borders_without_shared_vertices_are_unmatched_and_no_more():
    faults = check(drawn(box(0, 0, 100, 100), box(100, 50, 200, 100), box(100, 0, 200, 50)))
    assert set(rules(faults)) == {"unmatched"}


def test_codes_are_judged_as_text_or_number():
    layer = drawn(
        *(box(row * 100, 0, row * 100 + 100, 100) for row in range(7)),
        codes=[
            "410702001001001",
            "410702001001001",
            "41070200100100",
            "四一〇七",
            "4107020010010012",
            "0",
            "0",
        ],
    )
    faults = check(layer)
    assert sorted(zip(rules(faults), faults["codes"], strict=True)) == [
        ("duplicate_code", "410702001001001"),
        ("malformed_code", "0"),
        ("malformed_code", "0"),
        ("malformed_code", "41070200100100"),
        ("malformed_code", "4107020010010012"),
        ("malformed_code", "四一〇七"),
    ]


def test_empty_and_missing_shapes_are_named():
    layer = gpd.GeoDataFrame(
        {"code": [FIRST, FIRST + 1, FIRST + 2]},
        geometry=[shapely.Polygon(), None, drawn(box(0, 0, 100, 100)).geometry.iloc[0]],
        crs=GEOGRAPHIC,
    )
    faults = check(layer)
    assert rules(faults) == ["empty", "empty"]
    assert faults["place"].tolist() == ["", ""]


def test_a_grid_outside_the_unit_of_its_code_is_not_nested():
    """
    village 410702001001: +----+----+ : 410702001002
                          | 1  | 2##|##   2 sticks out by 30 m
                          +----+----+
    """
    layer = drawn(box(0, 0, 100, 100), box(100, 0, 230, 100))
    parents = drawn(
        box(0, 0, 200, 100), box(200, 0, 400, 100), codes=[410702001001, 410702001002]
    )
    faults = check(layer, parents=parents)
    assert rules(faults) == ["not_nested"]
    assert faults["codes"].iloc[0] == str(FIRST + 1)
    assert faults["size_m2"].iloc[0] == pytest.approx(3000, rel=1e-3)
    assert rules(check(layer, parents=parents, tolerance_m=31)) == []


def test_a_grid_of_a_unit_nobody_knows_is_not_nested():
    parents = drawn(box(0, 0, 100, 100), codes=[410702001009])
    assert rules(check(drawn(box(0, 0, 100, 100)), parents=parents)) == ["not_nested"]


def test_land_of_a_unit_left_out_by_its_grids_is_a_gap():
    parents = drawn(box(0, 0, 200, 100), codes=[410702001001])
    faults = check(drawn(box(0, 0, 150, 100)), parents=parents)
    assert rules(faults) == ["gap"]
    assert faults["codes"].iloc[0] == "410702001001"
    assert faults["size_m2"].iloc[0] == pytest.approx(5000, rel=1e-3)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), most_m=st.sampled_from([0.1, 3.0, 30.0]))
def test_gaps_and_overlaps_account_for_the_area_of_the_union(seed, most_m):
    """Area of all grids = area of their union + what is counted twice; the holes of the
    union are the gaps.
    """
    rng = np.random.default_rng(seed)
    layer = drawn(*(shifted(ring, rng, most_m) for ring in rough_rings(4, 4, rng)))
    faults = check(layer, tolerance_m=0.001)
    valid = to_metres(
        shapely.make_valid(np.asarray(layer.geometry.array), method="structure")
    )
    union = shapely.union_all(valid)
    overlaps = faults[faults["rule"] == "overlap"]
    twice = sum(
        row.size_m2 * (len(row.codes.split(",")) - 1) for row in overlaps.itertuples()
    )
    assert shapely.area(valid).sum() - union.area == pytest.approx(twice, rel=0.01, abs=2)
    rings = [
        shapely.Polygon(ring)
        for part in shapely.get_parts(union)
        for ring in part.interiors
    ]
    holes = shapely.union_all(rings).difference(union)
    gaps = shapely.union_all(
        to_metres(np.asarray(faults[faults["rule"] == "gap"].geometry.array))
    )
    around_m = shapely.length(union) * 0.002
    assert holes.difference(gaps).area < around_m  # every hole is named
    assert gaps.intersection(union).area < around_m  # and nothing that a grid covers
