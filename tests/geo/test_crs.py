"""Coordinate systems."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from gridmap.errors import InputError
from gridmap.geo import crs

BOUNDS = (113.4, 34.9, 115.1, 36.0)
TENTH_OF_A_MILLIMETRE_DEG = 1e-9


@pytest.mark.parametrize(
    ("system", "lon", "lat"),
    [("gcj02", 116.41024449916938, 39.91640428150164), ("wgs84", 116.404, 39.915)],
)
def test_a_known_point_is_shifted_as_published(system, lon, lat):
    x, y = crs.from_wgs84([116.404], [39.915], system)
    assert x[0] == pytest.approx(lon, abs=1e-12)
    assert y[0] == pytest.approx(lat, abs=1e-12)


def test_a_known_point_goes_from_gcj02_to_bd09_as_published():
    lon, lat = crs.to_wgs84([116.404], [39.915], "gcj02")
    x, y = crs.from_wgs84(lon, lat, "bd09")
    assert x[0] == pytest.approx(116.41036949371029, abs=1e-10)
    assert y[0] == pytest.approx(39.92133699351021, abs=1e-10)


@pytest.mark.parametrize("system", crs.SYSTEMS)
@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.tuples(st.floats(74, 134), st.floats(18, 53)), min_size=1, max_size=20))
def test_there_and_back_is_closer_than_a_tenth_of_a_millimetre(system, points):
    lon, lat = np.array(points).T
    back_lon, back_lat = crs.to_wgs84(*crs.from_wgs84(lon, lat, system), system)
    assert np.abs(back_lon - lon).max() < TENTH_OF_A_MILLIMETRE_DEG
    assert np.abs(back_lat - lat).max() < TENTH_OF_A_MILLIMETRE_DEG


def test_the_shift_is_some_hundred_metres_here():
    lon, lat = np.array([113.9]), np.array([35.3])
    for system, least, most in [("gcj02", 300, 700), ("bd09", 600, 1800)]:
        shifted = crs.from_wgs84(lon, lat, system)
        *_, metres = Geod(ellps="WGS84").inv(lon, lat, *shifted)
        assert least < metres[0] < most


def test_values_that_are_not_finite_stay_so():
    lon, _ = crs.to_wgs84([np.nan, np.inf, 113.9], [35.0, 35.0, 35.0], "wgs84")
    assert np.isnan(lon[0])
    assert np.isinf(lon[1])
    lon, _ = crs.to_wgs84([np.nan, np.inf, 113.9], [35.0, 35.0, 35.0], "bd09")
    assert np.isfinite(lon).tolist() == [False, False, True]


def test_an_unknown_system_is_refused_with_those_known():
    with pytest.raises(InputError, match="gcj02") as refused:
        crs.to_wgs84([113.9], [35.3], "mars")
    assert refused.value.faults[0].value == "mars"


def test_metres_are_easting_then_northing():
    metres = crs.to_metres(shapely.Point(114.0, 35.3))
    assert metres.x == pytest.approx(500_000, abs=1e-3)
    assert 3.90e6 < metres.y < 3.92e6
    assert shapely.equals_exact(
        crs.to_degrees(metres), shapely.Point(114.0, 35.3), tolerance=1e-11
    )


def test_an_area_is_measured_on_the_ground():
    box = shapely.box(114.0, 35.3, 114.01, 35.31)
    true_m2 = abs(Geod(ellps="GRS80").geometry_area_perimeter(box)[0])
    assert crs.area_km2(np.array([box]))[0] == pytest.approx(true_m2 / 1e6, rel=1e-4)


def _transformed(source, target, lon=113.9, lat=35.3):
    x, y = Transformer.from_crs(source, target, always_xy=True).transform([lon], [lat])
    return np.array(x), np.array(y)


def test_points_inside_the_city_are_plausible():
    assert crs.implausible([113.9, 114.0, np.nan], [35.3, 35.4, 35.0], BOUNDS) is None


def test_no_points_at_all_are_plausible():
    assert crs.implausible([], [], BOUNDS) is None


@pytest.mark.parametrize(
    ("points", "hint"),
    [
        (([35.3], [113.9]), "swapped"),
        (_transformed(crs.GEOGRAPHIC, "EPSG:3857"), "EPSG:3857"),
        (_transformed(crs.GEOGRAPHIC, crs.PROJECTED), "EPSG:4547"),
        (_transformed(crs.GEOGRAPHIC, crs.PROJECTED)[::-1], "northing and easting swapped"),
        (_transformed(crs.PROJECTED, crs.GEOGRAPHIC), "declared as metres of EPSG:4547"),
        (_transformed("EPSG:3857", crs.GEOGRAPHIC), "declared as metres of EPSG:3857"),
        (([2.35], [48.85]), "outside the city"),
        (([9e6], [2e7]), "no degrees"),
    ],
)
def test_implausible_points_are_explained(points, hint):
    assert hint in crs.implausible(*points, BOUNDS)
