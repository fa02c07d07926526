"""`gridmap plan …`: from a draft to a plan in force and back, by command."""

import json
import shutil

import geopandas as gpd
import openpyxl
import pytest
from typer.testing import CliRunner

from gridmap.cli import app
from gridmap.settings import Settings
from gridmap.store.opening import open_store
from gridmap.store.plans import plans

run = CliRunner()


@pytest.fixture(scope="module")
def home(small_city, tmp_path_factory):
    place = tmp_path_factory.mktemp("plans") / "home"
    shutil.copytree(small_city.home, place)
    return place


@pytest.fixture
def call(home, monkeypatch):
    monkeypatch.setenv("GRIDMAP_HOME", str(home))

    def called(*words, code=0):
        done = run.invoke(app, ["plan", *map(str, words)])
        assert done.exit_code == code, done.output
        return json.loads(done.output) if "--json" in words else done.output

    return called


def neighbours(home):
    with open_store(Settings(home=home)) as store:
        table = plans.read_grids(store)
    first = table.iloc[0]
    for row in table.iloc[1:].itertuples():
        if row.code // 1000 == first["code"] // 1000 and row.geometry.relate_pattern(
            first.geometry, "****1****"
        ):
            return int(first["code"]), int(row.code)
    raise AssertionError


def test_a_draft_goes_the_whole_way_and_back(call, home, tmp_path):
    one, other = neighbours(home)
    draft = call("draft", "合并", "--json")["draft"]
    made = call("merge", draft, one, other, "--json")
    assert made["gone"] == sorted([one, other]) and len(made["made"]) == 1
    states = {row["code"]: row["state"] for row in call("diff", draft, "--json")["grids"]}
    assert states == {one: "gone", other: "gone", made["made"][0]: "merged"}
    for name in ("d.gpkg", "d.geojson", "d.zip", "d.pdf", "d.parquet"):
        call("export", tmp_path / name, "--draft", draft)
    assert made["made"][0] in gpd.read_file(tmp_path / "d.gpkg")["code"].tolist()
    assert len(gpd.read_file(tmp_path / "d.zip")) == len(gpd.read_file(tmp_path / "d.gpkg"))
    assert (tmp_path / "d.pdf").read_bytes().startswith(b"%PDF")
    call("export", tmp_path / "moved.xlsx", "--draft", draft, "--moved")
    rows = list(openpyxl.load_workbook(tmp_path / "moved.xlsx").active.values)
    assert rows[0] == ("old", "new", "share_of_area", "households") and len(rows) == 3
    call("submit", draft)
    call("approve", draft)
    done = call("publish", draft, "--json", "-q")
    assert done["made"] == made["made"] and done["plan"] == 2
    assert call("rollback", "--json", "-q")["plan"] == 3
    assert "合并" in call("list", "--all")


def test_what_makes_no_sense_is_refused_with_an_exit_code(call, home):
    one, _ = neighbours(home)
    draft = call("draft", "x", "--json")["draft"]
    call("split", draft, one, "--line", "113", code=3)
    call("split", draft, one, "--line", "100,30 101,31", code=3)
    call("publish", draft, code=6)
    call("diff", 999, code=4)
    call("export", "x.pdf", code=3)


def test_an_edited_layer_becomes_a_draft(call, home, tmp_path):
    call("export", tmp_path / "grids.gpkg")
    table = gpd.read_file(tmp_path / "grids.gpkg")
    table.loc[0, "households"] += 5
    table.to_file(tmp_path / "edited.gpkg", layer="gridmap")
    made = call("import", tmp_path / "edited.gpkg", "--json", "-q")
    assert [row["state"] for row in made["grids"]] == ["described"]


def test_even_splits_measures_proposals_and_crosswalks_by_command(call, home, tmp_path):
    one, _ = neighbours(home)
    draft = call("draft", "均分", "--json")["draft"]
    call("split", draft, one, code=3)
    made = call("split", draft, one, "--even", 2, "--weight", "load", "--json")
    assert len(made["made"]) == 2
    assert call("undo", draft, "--json")["step"] == 0
    assert call("redo", draft, "--json")["step"] == made["step"]
    force, own = call("balance", draft, "--area", one // 10**6, "--json")["plans"]
    assert (
        own["grids"] == force["grids"] + 1 and force["moved"] is None and own["moved"] > 0
    )
    rows = call("crosswalk", draft, "--json")["grids"]
    mine = [row for row in rows if row["old"] == one]
    assert {row["new"] for row in mine} == set(made["made"])
    assert sum(row["area_share"] for row in mine) == pytest.approx(1)
    call("crosswalk", draft, tmp_path / "c.xlsx")
    assert next(openpyxl.load_workbook(tmp_path / "c.xlsx").active.values)[:2] == (
        "old",
        "new",
    )
    found = call("suggest", one // 10**6, "--tolerance", 0.05, "--take", 1, "--json")
    assert found == call("suggest", one // 10**6, "--tolerance", 0.05, "--json") | {
        "draft": found["draft"]
    }
    assert found["proposals"][0]["after"] < found["proposals"][0]["before"]
    curve = found["trade_off"]
    assert [point["deviation"] for point in curve[:-1]] == [
        one["after"] for one in found["proposals"]
    ]
    assert curve[-1] | {"deviation": 0} == {
        "tolerance": None,
        "deviation": 0,
        "moved": 0,
        "moved_share": 0,
        "borders": 0,
    }
    seeded = [call("suggest", one // 10**6, "--seed", 7, "--json") for _ in range(2)]
    assert seeded[0] == seeded[1]
    call("suggest", one // 10**6, "--seed", -1, code=3)
    states = {row["state"] for row in call("diff", found["draft"], "--json")["grids"]}
    assert states == {"reshaped"}
    call("suggest", one // 10**6, "--tolerance", 2, code=3)
