from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gridmap.city.look import maps
from gridmap.errors import NotFoundError
from gridmap.geo import pack
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import Level
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.opening import open_store
from gridmap.store.plans.plans import publish_plan
from gridmap.store.plans.units import replace_units

UNITS = pd.DataFrame(
    [
        (4107, 0, "新乡市"),
        (410702, 1, "红旗区"),
        (410711, 1, "牧野区"),
        (410702001, 2, "东街街道"),
        (410711100, 2, "王村镇"),
    ],
    columns=["code", "level", "name"],
)
CODES = [410711100001001, 410702001001001, 410702001001002]


def grids(names=("第一网格", "第一网格", "胖东来商场")) -> gpd.GeoDataFrame:
    shapes = [
        shapely.box(113.9 + 0.01 * at, 35.3, 113.91 + 0.01 * at, 35.31) for at in (2, 0, 1)
    ]
    return gpd.GeoDataFrame(
        {"code": CODES, "name": list(names)}, geometry=shapes, crs=GEOGRAPHIC
    )


@pytest.fixture
def store(tmp_path):
    store = open_store(Settings(home=tmp_path))
    replace_units(store, UNITS)
    yield store
    store.close()


def files(store: Store) -> dict[str, int]:
    return {
        path.name: path.stat().st_mtime_ns for path in maps.folder(store.home).iterdir()
    }


def test_a_city_without_grids_has_no_map(store) -> None:
    with pytest.raises(NotFoundError):
        maps.package(store)


def test_files_are_written_once_a_plan(store) -> None:
    publish_plan(store, grids(), name="first", valid_from="2024-01-01")
    package = maps.package(store)
    before = files(store)
    assert maps.package(store).file == package.file
    assert files(store) == before
    publish_plan(store, grids().iloc[:2], name="second", valid_from="2024-02-01")
    assert maps.package(store).file != package.file
    assert maps.package(store, plan=1).file == package.file
    assert before.items() <= files(store).items()


def test_the_package_tells_codes_units_and_where_the_city_is(store) -> None:
    publish_plan(store, grids(), name="first", valid_from="2024-01-01")
    package = maps.package(store)
    assert package.codes.tolist() == sorted(CODES)
    assert package.units(Level.COUNTY).tolist() == [410702, 410711]
    assert package.bounds == pytest.approx((113.9, 35.3, 113.93, 35.31))


def test_the_overview_names_details_divisions_and_grids_with_names_of_their_own(
    store,
) -> None:
    publish_plan(store, grids(), name="first", valid_from="2024-01-01")
    package = maps.package(store)
    place = maps.folder(store.home)
    header = pack.decode((place / package.file).read_bytes()).header
    assert [detail["code"] for detail in header["details"]] == [410702, 410711]
    detail = pack.decode((place / header["details"][0]["file"]).read_bytes())
    assert detail.codes.tolist() == sorted(CODES)[:2]
    assert header["names"]["units"]["zh"].split("\n") == [
        "新乡市",
        "红旗区",
        "牧野区",
        "东街街道",
        "王村镇",
    ]
    assert header["names"]["grids"]["zh"] == "胖东来商场"
    assert np.cumsum(header["names"]["grid_codes"]).tolist() == [410702001001002]


def test_another_name_of_a_division_makes_another_file(store) -> None:
    publish_plan(store, grids(), name="first", valid_from="2024-01-01")
    before = maps.package(store).file
    replace_units(store, UNITS.assign(name=[*UNITS["name"][:-1], "王村街道"]))
    assert maps.package(store).file != before


def test_the_sharpest_overview_that_fits_is_taken(monkeypatch) -> None:
    bends = np.linspace(0, 2 * np.pi, 400)
    round_one = shapely.Polygon(
        np.column_stack((113.9 + 0.01 * np.cos(bends), 35.3 + 0.01 * np.sin(bends)))
    )
    codes, shapes = np.array([410702001001001]), np.array([round_one], dtype=object)
    sharp = maps._overview(codes, shapes, labels=pack.Labels(), details=[])
    monkeypatch.setattr(maps, "OVERVIEW_BYTES", len(sharp) - 1)
    assert len(maps._overview(codes, shapes, labels=pack.Labels(), details=[])) < len(sharp)
