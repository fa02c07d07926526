"""Reference layers at the front desk: brought in by planners, cut at the city's edge,
shown, snapped to, found.
"""

import gzip
import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from tilesets import mbtiles
from town import BUSY, NOW, SOUTH, STEP, WEST

from gridmap.calendar import to_epoch
from gridmap.cases.actors import NOBODY, SYSTEM, Actor
from gridmap.city import City
from gridmap.city.look.maps import folder
from gridmap.errors import ForbiddenError, InputError, NotFoundError
from gridmap.model import LayerKind, UserRole
from gridmap.settings import Settings

PLANNER = Actor(5, UserRole.PLANNER, areas=(4107,))
MIDDLE = (WEST + STEP / 2, SOUTH + STEP / 2)


@pytest.fixture
def own(town_settings, tmp_path):
    """A copy of the town that may be changed."""
    shutil.copytree(town_settings.home, tmp_path / "home")
    opened = City.open(Settings(home=tmp_path / "home", now=NOW))
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path):
    def write(*shapes, **columns):
        path = tmp_path / "layer.gpkg"
        path.unlink(missing_ok=True)
        gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4490").to_file(
            path, driver="GPKG"
        )
        return path

    return write


@pytest.fixture
def roads(own, file):
    """Two roads: one crosses the town and goes on beyond it, one lies far outside."""
    path = file(
        shapely.LineString([(WEST - 1, MIDDLE[1]), (WEST + 1, MIDDLE[1])]),
        shapely.LineString(
            [(WEST, SOUTH + 3.5 * STEP), (WEST + 4 * STEP, SOUTH + 3.5 * STEP)]
        ),
        shapely.LineString([(WEST - 2, SOUTH - 2), (WEST - 1, SOUTH - 2)]),
        name=["人民路", "和平大道", "外路"],
    )
    return own.layers.bring_in(
        PLANNER, path, name="道路", name_en="Roads", kind=LayerKind.ROADS
    )


def test_what_lies_outside_is_left_out_and_counted(own, roads):
    assert (roads.rows, roads.kept, roads.outside, roads.cut, roads.already) == (
        3,
        2,
        1,
        1,
        False,
    )
    box = own.layers.near((WEST - 2, SOUTH - 2, WEST + 2, SOUTH + 2)).total_bounds
    assert box == pytest.approx([WEST, MIDDLE[1], WEST + 4 * STEP, SOUTH + 3.5 * STEP])


def test_the_same_file_twice_changes_nothing(own, roads, tmp_path):
    version = own.layers.version
    again = own.layers.bring_in(
        PLANNER, tmp_path / "layer.gpkg", name="道路", kind=LayerKind.ROADS
    )
    assert again.already and again.layer == roads.layer
    assert own.layers.version == version and len(own.layers.all()) == 1
    assert own.imports.history()["kind"].tolist() == ["layers"]


def test_near_gives_what_meets_the_bounds(own, roads):
    west, south = MIDDLE
    found = own.layers.near((west - 0.001, south - 0.001, west + 0.001, south + 0.001))
    assert found["name"].tolist() == ["人民路"]
    assert own.layers.near((west, south, west, south), kinds=(LayerKind.WATER,)).empty


def test_buildings_give_points_with_households_and_nothing_else(own, file):
    square = shapely.box(WEST, SOUTH, WEST + 0.001, SOUTH + 0.001)
    path = file(
        shapely.Point(MIDDLE),
        square,
        shapely.Point(WEST + 3 * STEP, SOUTH + STEP / 2),
        户数=[30, 12, None],
        户主=["张三", "李四", "王五"],
    )
    done = own.layers.bring_in(PLANNER, path, name="楼栋", kind=LayerKind.BUILDINGS)
    found = own.layers.buildings((WEST, SOUTH, WEST + STEP, SOUTH + STEP))
    assert list(found.columns) == ["lon", "lat", "households"]
    assert found["households"].tolist() == [30, 12]
    assert done.kept == 3
    assert own.layers.search("张三").empty, "who lives there is not kept"
    stored = Path(own.settings.home / "city.db").read_bytes()
    assert "张三".encode() not in stored


def test_roads_are_found_by_name_pinyin_and_initials(own, roads):
    for text in ("人民路", "renmin", "rml", "人民"):
        (row,) = own.layers.search(text).to_dict("records")
        assert (row["name"], row["layer"], row["layer_name"]) == (
            "人民路",
            roads.layer,
            "道路",
        )
        assert own.places.at(row["lon"], row["lat"]) == row["grid"] > 0
    assert own.layers.search("heping", "en")["layer_name"].tolist() == ["Roads"]
    assert own.layers.search("").empty and own.layers.search("无此路").empty


def test_only_planners_and_administrators_of_the_city_change_layers(own, roads, tmp_path):
    path = tmp_path / "layer.gpkg"
    for actor in (
        NOBODY,
        Actor(6, UserRole.PLANNER, areas=(410702,)),
        Actor(7, UserRole.CLERK, areas=(4107,)),
    ):
        with pytest.raises(ForbiddenError):
            own.layers.bring_in(actor, path, name="x", kind=LayerKind.ROADS)
        with pytest.raises(ForbiddenError):
            own.layers.drop(actor, roads.layer)
        with pytest.raises(ForbiddenError):
            own.layers.bring_in_basemap(actor, path)
    assert len(own.layers.all()) == 1


def test_a_dropped_layer_is_gone(own, roads):
    own.layers.drop(SYSTEM, roads.layer)
    assert (
        own.layers.all().empty
        and own.layers.overlays() == ()
        and own.layers.search("人民路").empty
    )
    with pytest.raises(NotFoundError):
        own.layers.drop(SYSTEM, roads.layer)


def test_a_layer_of_another_place_is_refused_with_a_hint(own, file):
    with pytest.raises(InputError, match="swapped"):
        own.layers.bring_in(
            PLANNER,
            file(shapely.Point(SOUTH + 0.01, WEST + 0.01)),
            name="x",
            kind=LayerKind.PLACES,
        )
    assert own.layers.all().empty


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\u202eb"])
def test_a_layer_needs_a_name_that_can_be_read(own, file, name):
    with pytest.raises(InputError):
        own.layers.bring_in(
            PLANNER, file(shapely.Point(MIDDLE)), name=name, kind=LayerKind.PLACES
        )


def test_map_files_are_small_parts_named_by_content(own, file):
    points = shapely.points(
        [
            (WEST + STEP * 4 * (n % 300) / 300, SOUTH + STEP * 4 * (n // 300) / 300)
            for n in range(60_000)
        ]
    )
    own.layers.bring_in(
        PLANNER, file(*points, 户数=[1] * 60_000), name="楼栋", kind=LayerKind.BUILDINGS
    )
    (overlay,) = own.layers.overlays()
    place = folder(own.store.home)
    index = json.loads(gzip.decompress((place / overlay.file).read_bytes()))
    assert len(index["tiles"]) == 4 and index["from"] > 12
    assert all((place / tile["file"]).stat().st_size < 150_000 for tile in index["tiles"])
    assert own.layers.overlays() == (overlay,)


def test_a_base_map_is_kept_with_the_city_and_replaced(own, tmp_path):
    path = mbtiles(tmp_path / "base.mbtiles")
    found, new = own.layers.bring_in_basemap(PLANNER, path, crs="GCJ-02")
    assert new and (found.crs, found.format, found.made_at) == (
        "gcj02",
        "png",
        to_epoch(NOW),
    )
    ground = own.layers.ground()
    assert ground.path == f"/gridmap/tiles/{found.digest}/{{z}}/{{x}}/{{y}}"
    assert own.layers.bring_in_basemap(PLANNER, path, crs="GCJ-02") == (found, False)
    other, _ = own.layers.bring_in_basemap(
        PLANNER, mbtiles(tmp_path / "b.mbtiles", zooms=(9,))
    )
    assert [kept.stem for kept in (own.store.home / "basemap").iterdir()] == [other.digest]
    assert (
        own.layers.drop_basemap(SYSTEM)
        and own.layers.ground() is None
        and not own.layers.drop_basemap(SYSTEM)
    )


def test_a_base_map_of_another_place_or_system_is_refused(own, tmp_path):
    with pytest.raises(InputError, match="does not show the city"):
        own.layers.bring_in_basemap(
            PLANNER, mbtiles(tmp_path / "a.mbtiles", bounds="1,1,2,2")
        )
    with pytest.raises(InputError, match="not a system"):
        own.layers.bring_in_basemap(
            PLANNER, mbtiles(tmp_path / "b.mbtiles"), crs="EPSG:4547"
        )


def test_the_busy_grid_is_where_the_road_is(own, roads):
    assert own.places.at(*MIDDLE) == BUSY
