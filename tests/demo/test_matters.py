import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, contains_xy
from square_counties import divisions, outlines

from gridmap.calendar import day_numbers, to_epoch
from gridmap.demo import CLOCK, matters, population, staff, story
from gridmap.demo.geography import make_geography
from gridmap.demo.mix import CategoryMix
from gridmap.demo.places import ReportPlaces
from gridmap.demo.source import GridSource
from gridmap.geo import GridIndex
from gridmap.settings import data_folder
from gridmap.sources.reports import read_reports

NOW = to_epoch(CLOCK)


@pytest.fixture(scope="module")
def grids():
    geography = make_geography(divisions(), outlines(), grids=60, seed=3)
    return population.settle(
        geography.grids,
        divisions(),
        households=9000,
        population=25_001,
        rng=np.random.default_rng(3),
    )


@pytest.fixture(scope="module")
def source(grids):
    team = staff.recruit(
        grids["code"].to_numpy(),
        today=CLOCK.date(),
        share=0.01,
        rng=np.random.default_rng(4),
    )
    mix = CategoryMix.of(
        pd.read_csv(data_folder() / "categories.csv"),
        pd.read_csv(data_folder() / "category_mix.csv"),
    )
    names = dict(zip(divisions()["code"], divisions()["name"], strict=True))
    return GridSource.of(
        grids, holder=team.holder, villages=names, mix=mix, rng=np.random.default_rng(5)
    )


def drawn(source, reports, seed=1):
    return pa.Table.from_batches(
        matters.report_batches(source, reports=reports, now=NOW, seed=seed)
    )


@pytest.fixture(scope="module")
def table(source):
    return drawn(source, 30_000)


def test_households_and_people_add_up_exactly(grids):
    assert (grids["households"].sum(), grids["population"].sum()) == (9000, 25_001)


def test_there_are_as_many_reports_as_asked_for_over_the_three_years(table):
    days = day_numbers(table["reported_at"].to_numpy())
    assert table.num_rows == 30_000
    assert (days.min(), days.max()) == (18_768, 19_863)
    assert pc.count_distinct(table["id"]).as_py() == 30_000


def test_every_report_lies_in_a_grid_and_most_crowd_in_few_places(source, table, grids):
    index = GridIndex(
        grids["code"].to_numpy(), np.asarray(grids.geometry.array, dtype=object)
    )
    found = index.locate(table["lon"].to_numpy(), table["lat"].to_numpy())
    assert (found > 0).all()
    count = pd.Series(found).value_counts()
    assert count.max() > 3 * count.median()


def test_times_follow_each_other_and_nothing_happens_after_the_clock(table):
    frame = table.to_pandas()
    assert (
        frame["accepted_at"].dropna()
        >= frame.loc[frame["accepted_at"].notna(), "reported_at"]
    ).all()
    closed = frame.dropna(subset=["closed_at"])
    assert (closed["closed_at"] >= closed["accepted_at"]).all()
    assert closed["closed_at"].max() <= NOW
    assert set(closed["status"]) == {"closed"}


def test_open_matters_are_recent_and_nearly_all_others_were_closed_in_time(table):
    frame = table.to_pandas()
    going_on = frame[frame["status"].isin(["accepted", "dispatched", "handling"])]
    assert 0 < len(going_on) < 0.01 * len(frame)
    assert (going_on["reported_at"] > NOW - 90 * 86_400).all()
    closed = frame[frame["status"] == "closed"]
    assert 0.93 < (closed["closed_at"] <= closed["due_at"]).mean() < 0.975


def test_recent_reports_alone_have_a_text(table):
    silent = table["text"].is_null().to_numpy()
    recent = table["reported_at"].to_numpy() >= NOW - matters.TEXT_DAYS * 86_400
    assert (silent == ~recent).all()


def test_the_centre_of_hongqi_has_its_published_figures(source, table, grids):
    index = GridIndex(
        grids["code"].to_numpy(), np.asarray(grids.geometry.array, dtype=object)
    )
    frame = table.to_pandas()
    county = index.locate(frame["lon"].to_numpy(), frame["lat"].to_numpy()) // 10**9
    own = frame[(county == story.HONGQI) & (frame["channel"] == "centre")]
    quarter = own[
        (own["accepted_at"] >= story.QUARTER[0]) & (own["accepted_at"] < story.QUARTER[1])
    ]
    assert len(quarter) == 2514
    assert (quarter["closed_at"] < story.QUARTER[1]).sum() == 2303


def test_a_small_city_goes_without_the_story(source):
    assert drawn(source, 500).num_rows == 500


def test_the_same_seed_gives_the_same_reports(source):
    assert drawn(source, 400, seed=9).equals(drawn(source, 400, seed=9))
    assert not drawn(source, 400, seed=9).equals(drawn(source, 400, seed=10))


def test_a_written_file_reads_back_as_it_was(source, table, tmp_path):
    path = tmp_path / "reports.csv"
    assert (
        matters.write_reports_csv(
            path, matters.report_batches(source, reports=700, now=NOW, seed=1)
        )
        == 700
    )
    back = pa.Table.from_batches(read_reports([path], crs="cgcs2000"))
    first = drawn(source, 700)
    for name in (
        "id",
        "category",
        "reported_at",
        "accepted_at",
        "due_at",
        "closed_at",
        "worker",
    ):
        assert back[name].to_pylist() == first[name].to_pylist()
    np.testing.assert_allclose(back["lon"].to_numpy(), first["lon"].to_numpy(), atol=1e-12)


@given(st.integers(0, 2**31))
@settings(max_examples=10, deadline=None)
def test_points_lie_strictly_inside_even_a_bent_grid(seed):
    r"""
    A hook, whose corners' triangles reach across the gap, and a triangle without an inner corner.

    +--+ +--+
    |  +-+  |
    +-------+
    """
    hook = Polygon([(0, 0), (7, 0), (7, 3), (5, 3), (5, 1), (2, 1), (2, 3), (0, 3)])
    wedge = Polygon([(10, 0), (11, 0), (10, 1)])
    shapes = np.array(gpd.GeoSeries([hook, wedge]).array, dtype=object)
    rng = np.random.default_rng(seed)
    row = rng.integers(0, 2, size=200)
    point = ReportPlaces.of(shapes, rng).draw(row, rng)
    assert contains_xy(shapes[row], point[:, 0], point[:, 1]).all()
