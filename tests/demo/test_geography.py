import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from square_counties import divisions, outlines

from gridmap.codes import parents
from gridmap.demo.counties import read_outlines, repair_outlines
from gridmap.demo.geography import make_geography, number_grids
from gridmap.model import Level
from gridmap.settings import data_folder

GRIDS = 60

# Where an outline touches itself, what hangs on by a point goes to the neighbour.
SLIVER = 1e-3


def shapes(frame):
    return np.asarray(frame.geometry.array, dtype=object)


def assert_nested(geography):
    """Every level is a coverage of single polygons, and each unit is the union of those
    below it.
    """
    levels = (geography.counties, geography.townships, geography.villages, geography.grids)
    for frame in levels:
        assert frame["code"].is_monotonic_increasing
        assert frame["code"].is_unique
        assert shapely.is_valid(shapes(frame)).all()
        assert shapely.coverage_is_valid(shapes(frame))
        assert (shapely.get_type_id(shapes(frame)) == shapely.GeometryType.POLYGON).all()
    for level, upper, lower in zip((1, 2, 3), levels[:-1], levels[1:], strict=True):
        above = parents(lower["code"].to_numpy(), Level(level), of=Level(level + 1))
        area = pd.Series(shapely.area(shapes(lower))).groupby(above).sum()
        np.testing.assert_array_equal(area.index, upper["code"])
        np.testing.assert_allclose(area, shapely.area(shapes(upper)), rtol=1e-9)


@given(st.integers(0, 2**31))
@settings(max_examples=12, deadline=None)
def test_any_seed_gives_nested_partitions_of_the_counties(seed):
    geography = make_geography(divisions(), outlines(), grids=GRIDS, seed=seed)
    assert_nested(geography)
    assert len(geography.grids) == GRIDS
    assert set(parents(geography.grids["code"].to_numpy(), Level.VILLAGE)) == set(
        divisions().query("level == 'village'")["code"]
    )
    vertices = shapely.get_num_coordinates(shapes(geography.grids)) - 1
    assert vertices.min() >= 20
    assert vertices.max() <= 60
    for county, outline in zip(
        shapes(geography.counties), outlines().values(), strict=True
    ):
        assert county.symmetric_difference(outline).area < 1e-6 * outline.area


def test_the_same_seed_gives_the_same_geography():
    first, again = (
        make_geography(divisions(), outlines(), grids=GRIDS, seed=7) for _ in range(2)
    )
    other = make_geography(divisions(), outlines(), grids=GRIDS, seed=8)
    assert shapely.equals_exact(shapes(first.grids), shapes(again.grids)).all()
    assert not shapely.equals_exact(shapes(first.grids), shapes(other.grids)).all()


def test_sub_districts_have_smaller_grids_than_the_country():
    grids = make_geography(divisions(), outlines(), grids=GRIDS, seed=7).grids
    kind = grids["code"] // 10**6 % 1000
    area = pd.Series(shapely.area(shapes(grids)))
    assert area[kind < 100].median() < 0.6 * area[kind >= 100].median()


def test_grids_are_numbered_row_by_row_from_the_north_west():
    r"""
    1 2
    3 4
    """
    middle = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 1.0]])
    assert number_grids(middle, np.zeros(4, dtype=np.int64)).tolist() == [4, 1, 3, 2]


@pytest.fixture(scope="session")
def whole():
    mended = repair_outlines(read_outlines(data_folder() / "counties.geojson"))
    return mended, make_geography(
        pd.read_csv(data_folder() / "divisions.csv"), mended, seed=4107
    )


def test_the_whole_city_has_its_counts_at_every_level(whole):
    _, geography = whole
    assert_nested(geography)
    levels = (geography.counties, geography.townships, geography.villages, geography.grids)
    assert [len(frame) for frame in levels] == [15, 170, 3825, 15_000]
    vertices = shapely.get_num_coordinates(shapes(geography.grids)) - 1
    assert (vertices.min(), vertices.max()) >= (20, 20)
    assert vertices.max() <= 60
    assert 28 <= vertices.mean() <= 34


def test_the_zones_are_carved_out_of_their_hosts_alone(whole):
    mended, geography = whole
    made = dict(zip(geography.counties["code"], shapes(geography.counties), strict=True))
    for zone, hosts in {
        410771: (410702, 410721),
        410772: (410702, 410721),
        410773: (410725,),
    }.items():
        land = shapely.union_all([mended[host] for host in hosts])
        assert made[zone].difference(land).area < SLIVER * made[zone].area
    untouched = {410703, 410704, 410711, 410724, 410726, 410727, 410781, 410782, 410783}
    for county in untouched:
        assert (
            made[county].symmetric_difference(mended[county]).area
            < SLIVER * mended[county].area
        )
