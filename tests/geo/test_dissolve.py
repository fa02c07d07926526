"""Outlines of the levels above."""

import numpy as np
import pytest
import shapely
from layers import box, drawn, rough_rings

from gridmap.geo.crs import to_metres
from gridmap.geo.dissolve import dissolve
from gridmap.model import Level

CODES = np.array([410702001001001, 410702001002001, 410702001001002, 410703001001001])


def test_grids_of_a_village_become_its_outline():
    """
    +---+---+---+---+
    | 1 | 3 | 2 | 4 |     1 and 3 are one village, 2 another, 4 lies in another county
    +---+---+---+---+
    """
    layer = drawn(
        box(0, 0, 10, 10),
        box(20, 0, 30, 10),
        box(10, 0, 20, 10),
        box(30, 0, 40, 10),
        codes=CODES,
    )
    villages, outlines = dissolve(CODES, layer.geometry.array, Level.VILLAGE)
    assert villages.tolist() == [410702001001, 410702001002, 410703001001]
    assert shapely.area(to_metres(outlines)) == pytest.approx([200, 100, 100], abs=0.1)
    counties, whole = dissolve(villages, outlines, Level.COUNTY, of=Level.VILLAGE)
    assert counties.tolist() == [410702, 410703]
    assert shapely.coverage_is_valid(whole)


def test_outlines_of_a_coverage_are_a_coverage():
    rings = rough_rings(6, 6, np.random.default_rng(4107))
    codes = np.array(
        [
            410702001000000 + village * 1000 + 1 + grid
            for village in range(1, 13)
            for grid in range(3)
        ]
    )
    _, outlines = dissolve(codes, drawn(*rings, codes=codes).geometry.array, Level.VILLAGE)
    assert len(outlines) == 12
    assert shapely.coverage_is_valid(outlines)


def test_no_grids_have_no_outlines():
    codes, outlines = dissolve(
        np.array([], dtype=np.int64), np.array([], dtype=object), Level.COUNTY
    )
    assert len(codes) == len(outlines) == 0


def test_grids_that_overlap_still_have_an_outline():
    layer = drawn(box(0, 0, 12, 10), box(10, 0, 20, 10), codes=CODES[[0, 2]])
    assert not shapely.coverage_is_valid(layer.geometry.array)
    _, outlines = dissolve(CODES[[0, 2]], layer.geometry.array, Level.VILLAGE)
    assert shapely.area(to_metres(outlines)) == pytest.approx([200], abs=0.1)
