"""`gridmap import layer|basemap`, `gridmap layers` and `gridmap check --preview`, by command."""

import json
import shutil
import sys
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from typer.testing import CliRunner

from gridmap.cli import app
from gridmap.settings import Settings
from gridmap.store.opening import open_store
from gridmap.store.plans import plans

sys.path.insert(0, str(Path(__file__).parent.parent / "sources"))
import tilesets

run = CliRunner()


@pytest.fixture(scope="module")
def home(small_city, tmp_path_factory):
    place = tmp_path_factory.mktemp("layers") / "home"
    shutil.copytree(small_city.home, place)
    return place


@pytest.fixture
def call(home, monkeypatch):
    monkeypatch.setenv("GRIDMAP_HOME", str(home))

    def called(*words, code=0):
        done = run.invoke(app, list(map(str, words)))
        assert done.exit_code == code, done.output
        return json.loads(done.output) if "--json" in words else done.output

    return called


@pytest.fixture(scope="module")
def grids(home):
    with open_store(Settings(home=home)) as store:
        return plans.read_grids(store)


def test_a_layer_is_brought_in_listed_shown_hidden_and_dropped(call, grids, tmp_path):
    west, south, east, north = grids.total_bounds
    road = shapely.LineString(
        [(west - 1, (south + north) / 2), (east + 1, (south + north) / 2)]
    )
    far = shapely.LineString([(west - 3, south), (west - 2, south)])
    gpd.GeoDataFrame(
        {"name": ["人民路", "外路"]}, geometry=[road, far], crs="EPSG:4490"
    ).to_file(tmp_path / "r.gpkg")
    words = (
        "import",
        "layer",
        tmp_path / "r.gpkg",
        "--name",
        "新路",
        "--kind",
        "roads",
        "--json",
        "-q",
    )
    done = call(*words)
    assert (done["rows"], done["kept"], done["outside"]) == (2, 1, 1)
    assert call(*words)["already"]

    def visible():
        return {
            one["name"]: bool(one["visible"])
            for one in call("layers", "list", "--json")["layers"]
        }["新路"]

    assert not visible()
    call("layers", "show", "新路")
    assert visible()
    call("layers", "hide", "新路")
    assert not visible()
    call("layers", "drop", "新路")
    call("layers", "drop", "新路", code=4)


def test_a_base_map_is_brought_in_and_dropped(call, tmp_path, home):
    path = tilesets.mbtiles(tmp_path / "base.mbtiles")
    done = call("import", "basemap", path, "--json")
    assert (done["name"], done["format"], done["already"]) == ("底图", "png", False)
    assert call("layers", "list", "--json")["basemap"] == "底图"
    assert "gone" in call("layers", "drop", "--basemap")
    assert "no base map" in call("layers", "drop", "--basemap")
    (tmp_path / "no.mbtiles").write_bytes(b"no tiles")
    call("import", "basemap", tmp_path / "no.mbtiles", code=3)


def test_a_repair_is_previewed_and_changes_nothing(call, grids, tmp_path, home):
    spoilt = grids[["code", "name", "kind", "households", "population", "geometry"]].copy()
    shape = spoilt.geometry.iloc[0]
    spoilt.loc[spoilt.index[0], "geometry"] = shape.buffer(-4e-6, join_style="mitre")
    spoilt.to_file(tmp_path / "spoilt.gpkg")
    assert call("check", tmp_path / "spoilt.gpkg", "--json", "-q", code=9)
    found = call(
        "check",
        tmp_path / "spoilt.gpkg",
        "--preview",
        "--mended",
        tmp_path / "mended.gpkg",
        "--json",
        "-q",
    )
    assert found["before"] and not found["after"]
    assert len(gpd.read_file(tmp_path / "mended.gpkg")) == len(grids)
    call("check", tmp_path / "mended.gpkg", "--json", "-q")
    with open_store(Settings(home=home)) as store:
        assert plans.plan_in_force(store).id == 1
