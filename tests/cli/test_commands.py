import json
import shutil
import socket
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from gridmap.city.city import City
from gridmap.cli import app
from gridmap.demo import story
from gridmap.settings import Settings


@pytest.fixture
def run(monkeypatch):
    """Run a command on a home; the result has `exit_code`, `stdout` and `stderr`."""

    def command(home: Path, *words: object):
        monkeypatch.setenv("GRIDMAP_HOME", str(home))
        return CliRunner().invoke(app, [str(word) for word in words])

    return command


@pytest.fixture(scope="session")
def some_reports(small_city, tmp_path_factory) -> Path:
    """A file of five reports: three right, one outside the city, one of no category."""
    city = City.open(small_city)
    west, south, east, north = city.places.bounds(410702)
    category = city.categories().query("parent != ''")["code"].iloc[-1]
    city.close()
    lon, lat = (west + east) / 2, (south + north) / 2
    rows = [
        (
            f"T-{number}",
            category,
            f"2024-05-2{number % 2}T08:0{number}:00",
            lon + number / 10_000,
            lat,
        )
        for number in range(3)
    ]
    rows += [
        ("T-out", category, "2024-05-20T09:00:00", 120.5, 35.0),
        ("T-odd", "Z99", "2024-05-20T09:00:00", lon, lat),
    ]
    path = tmp_path_factory.mktemp("files") / "reports.csv"
    pd.DataFrame(rows, columns=["id", "category", "reported_at", "lon", "lat"]).to_csv(
        path, index=False
    )
    return path


@pytest.fixture
def own_city(small_city, tmp_path) -> Settings:
    """A copy of the small city, to be changed."""
    shutil.copytree(small_city.home, tmp_path / "home")
    return small_city.model_copy(update={"home": tmp_path / "home"})


def test_reports_come_in_once_and_refused_rows_have_a_file(run, own_city, some_reports):
    first = run(own_city.home, "import", "reports", some_reports, "--json")
    told = json.loads(first.stdout)
    assert first.exit_code == 8
    assert (told["rows"], told["accepted"], sum(told["rejected"].values())) == (5, 3, 2)
    assert len(pd.read_csv(told["reject_file"])) == 2
    again = json.loads(
        run(own_city.home, "import", "reports", some_reports, "--json").stdout
    )
    assert again["already"]


def test_a_file_that_is_no_table_is_refused_with_its_name_and_a_cure(
    run, own_city, tmp_path
):
    (tmp_path / "odd.csv").write_text("colour,size\nred,3\n")
    refused = run(own_city.home, "import", "reports", tmp_path / "odd.csv")
    assert refused.exit_code == 3
    assert "odd.csv" in refused.stderr


def test_without_a_city_a_command_says_how_to_make_one(run, tmp_path, some_reports):
    refused = run(tmp_path / "none", "import", "reports", some_reports)
    assert refused.exit_code == 7
    assert "gridmap demo" in refused.stderr


def test_the_demonstration_is_not_built_over_a_city(run, own_city):
    assert run(own_city.home, "demo", "--if-missing").exit_code == 0
    refused = run(own_city.home, "demo")
    assert refused.exit_code == 5
    assert "remove it" in refused.stderr


def test_grids_exported_can_be_checked_and_imported_again(run, own_city, tmp_path):
    drawn = tmp_path / "grids.gpkg"
    assert run(own_city.home, "export", "grids", drawn).exit_code == 0
    checked = run(own_city.home, "check", drawn, "--json")
    assert checked.exit_code == 0, checked.stdout
    assert json.loads(checked.stdout)["ok"]
    imported = run(
        own_city.home,
        "import",
        "grids",
        drawn,
        "--name",
        "again",
        "--valid-from",
        "2024-06-01",
        "--json",
    )
    assert imported.exit_code == 0, imported.stderr
    assert json.loads(imported.stdout)["grids"] == json.loads(checked.stdout)["grids"]


def test_a_broken_layer_is_listed_fault_by_fault_and_nothing_is_imported(run, tmp_path):
    outlines = Path(__file__).resolve().parents[2] / "data" / "counties.geojson"
    copy = shutil.copy(outlines, tmp_path / "counties.geojson")
    checked = run(tmp_path / "none", "check", copy, "--json")
    told = json.loads(checked.stdout)
    assert checked.exit_code == 9
    assert told["by_rule"]["malformed_code"] == 12
    assert json.loads((tmp_path / "counties.faults.geojson").read_text())["features"]
    refused = run(tmp_path / "none", "import", "grids", copy)
    assert refused.exit_code == 3
    assert "410702" in refused.stderr


def test_an_exported_sheet_keeps_codes_whole(run, small_city, tmp_path):
    sheet = tmp_path / "load.xlsx"
    done = run(
        small_city.home,
        "export",
        "workload",
        sheet,
        "--level",
        "grid",
        "--area",
        "410702",
        "--lang",
        "en",
    )
    assert done.exit_code == 0, done.stderr
    rows = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    code = rows[1][rows[0].index("code")]
    assert isinstance(code, str)
    assert len(code) == 15


def test_the_doctor_finds_nothing_wrong_with_the_small_city(run, small_city):
    told = json.loads(run(small_city.home, "doctor", "--json").stdout)
    assert told["level"] != "wrong", told
    assert {"sqlite", "disk", "counts"} <= {finding["key"] for finding in told["findings"]}


def test_the_read_model_made_anew_counts_the_same(run, own_city):
    told = json.loads(run(own_city.home, "rebuild", "--json").stdout)
    assert told["rows"] == 3000 + story.ACCEPTED


def test_a_wrong_setting_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDMAP_PORT", "eighty")
    refused = run(tmp_path, "doctor")
    assert refused.exit_code == 7
    assert "GRIDMAP_PORT" in refused.stderr
    assert "eighty" in refused.stderr


def test_a_taken_port_is_refused_with_the_way_out(run, small_city):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run(small_city.home, "serve", "--port", taken.getsockname()[1])
    assert refused.exit_code == 7
    assert "--port" in refused.stderr


@pytest.mark.parametrize("words", [["--column", "code"], ["--within", "street"]])
def test_an_option_of_another_form_is_refused_with_its_value(
    run, small_city, tmp_path, words
):
    (tmp_path / "grids.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    refused = run(small_city.home, "check", tmp_path / "grids.geojson", *words)
    assert refused.exit_code == 3
    assert words[1] in refused.stderr
