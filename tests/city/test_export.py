import csv
import dataclasses
import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import town

from gridmap.city.base import files
from gridmap.city.look.export import WHAT
from gridmap.errors import InputError
from gridmap.model import Level


@pytest.fixture(scope="module")
def month(city):
    return city.default_selection(30)


@pytest.mark.parametrize("what", WHAT)
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_every_table_can_be_written_and_read_again(city, month, tmp_path, what, suffix):
    path = city.export.write(what, tmp_path / f"{what}.{suffix}", month)
    read = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}[suffix]
    assert len(read(path)) > 0
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("what", ["grids", "reports", "workload", "coverage"])
@pytest.mark.parametrize("suffix", ["geojson", "gpkg"])
def test_tables_of_places_carry_their_shapes(city, month, tmp_path, what, suffix):
    found = gpd.read_file(city.export.write(what, tmp_path / f"{what}.{suffix}", month))
    assert found.geometry.is_valid.all()
    west, south, east, north = found.total_bounds
    assert town.WEST - 1e-6 <= west < east <= town.WEST + 0.04 + 1e-6
    assert town.SOUTH - 1e-6 <= south < north <= town.SOUTH + 0.04 + 1e-6


def test_reports_are_those_of_the_selection(city, frame, month, tmp_path):
    path = city.export.write("reports", tmp_path / "reports.csv", month.within(town.BUSY))
    found = pd.read_csv(path)
    by_hand = frame[
        (frame["grid"] == town.BUSY) & frame["day"].between(month.start, month.end)
    ]
    assert len(found) == len(by_hand)
    assert found["reported_at"].str.match(r"2024-0[45]-\d\d \d\d:\d\d:\d\d\+08:00$").all()


def test_a_selection_without_reports_gives_the_headings(city, month, tmp_path):
    path = city.export.write("reports", tmp_path / "none.csv", month.within(town.SILENT))
    assert len(pd.read_csv(path)) == 0
    assert path.read_text("utf-8-sig").startswith("id,grid,grid_name")


def test_text_that_would_run_as_a_formula_is_disarmed(city, month, tmp_path):
    whole = dataclasses.replace(month, start=month.start.replace(month=3, day=1))
    as_csv = city.export.write("reports", tmp_path / "reports.csv", whole)
    with as_csv.open(encoding="utf-8-sig", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file) if row["text"]]
    assert texts == ["'=1+1"]
    as_xlsx = city.export.write("reports", tmp_path / "reports.xlsx", whole)
    sheet = openpyxl.load_workbook(as_xlsx).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] != ["f"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-x", "'-x"),
        ("@a", "'@a"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=1", "a=1"),
        (-5, -5),
    ],
)
def test_only_text_that_begins_like_a_formula_is_changed(value, shown):
    assert files.harmless(value) == shown


def test_codes_are_text_in_sheets_and_whole_in_the_others(city, month, tmp_path):
    sheet = openpyxl.load_workbook(
        city.export.write("grids", tmp_path / "grids.xlsx", month)
    ).active
    assert sheet["A2"].value == str(town.BUSY)
    assert str(town.BUSY) in city.export.write(
        "grids", tmp_path / "grids.csv", month
    ).read_text("utf-8-sig")
    feature = json.loads(
        city.export.write("grids", tmp_path / "grids.geojson", month).read_text("utf-8")
    )["features"][0]
    assert feature["properties"]["code"] == town.BUSY
    assert (
        pd.read_parquet(city.export.write("grids", tmp_path / "grids.parquet", month))[
            "code"
        ].dtype
        == "int64"
    )


def test_workload_is_written_at_the_level_asked_for(city, month, tmp_path):
    path = city.export.write("workload", tmp_path / "w.csv", month, level=Level.GRID)
    assert len(pd.read_csv(path)) == 16


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("everything", "a.csv"),
        ("grids", "a.doc"),
        ("grids", "a"),
        ("grids", "no/such/folder/a.csv"),
        ("workers", "a.geojson"),
    ],
)
def test_what_cannot_be_written_is_refused_and_leaves_nothing(
    city, month, tmp_path, what, name
):
    with pytest.raises(InputError):
        city.export.write(what, tmp_path / name, month)
    assert list(tmp_path.iterdir()) == []


def test_too_many_rows_for_a_sheet_are_refused_and_leave_the_old_file(
    city, month, tmp_path, monkeypatch
):
    path = tmp_path / "reports.xlsx"
    path.write_text("before")
    monkeypatch.setattr(files, "MOST_SHEET_ROWS", 10)
    with pytest.raises(InputError, match="shorter period"):
        city.export.write("reports", path, month)
    assert path.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 1
