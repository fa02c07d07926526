"""Files spoilt at random in every way at once: each fault is found and named, mending gives
a coverage or says what not.
"""

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "geo"))

from layers import FIRST
from spoilt import spoilt, write_geojson

from gridmap.city.intake.checking import check_file
from gridmap.city.intake.mending import preview_repair
from gridmap.geo.coverage import check
from gridmap.settings import data_folder

TOLERANCE_M = 1.0


@pytest.fixture(scope="module")
def thousands(tmp_path_factory):
    """A coverage of 3,025 grids of which 2,300 are spoilt, and what the doctor says."""
    world = spoilt(55, 55, np.random.default_rng(4107), share=0.8)
    path = write_geojson(world, tmp_path_factory.mktemp("spoilt") / "grids.geojson")
    report = check_file(None, path, tolerance_m=TOLERANCE_M)
    return world, report, preview_repair(None, path, tolerance_m=TOLERANCE_M)


def codes_of(faults, *rules):
    rows = faults[faults["rule"].isin(rules)]
    return {int(code) for codes in rows["codes"] for code in codes.split(",") if code}


def test_each_of_thousands_of_faults_is_found_and_named(thousands):
    world, _, preview = thousands
    assert sum(len(codes) for codes in world.done.values()) > 2000
    faults = (
        preview.before.faults
    )  # with the rings closed: what lies beside a row that cannot be read is no fault
    assert world.done["bowtie"] <= codes_of(faults, "invalid")
    assert world.done["spike"] <= codes_of(faults, "invalid")
    assert world.done["duplicate"] == codes_of(faults, "duplicate_code")
    # Where two cells are spoilt at one place, the gap of the one may lie under the overlap
    # of the other.
    assert world.done["gap"] | world.done["overlap"] <= codes_of(faults, "gap", "overlap")
    assert len(world.done["gap"] - codes_of(faults, "gap")) <= 0.02 * len(world.done["gap"])
    assert len(world.done["overlap"] - codes_of(faults, "overlap")) <= 0.02 * len(
        world.done["overlap"]
    )


def test_each_unclosed_ring_is_told_with_its_row(thousands):
    world, report, _ = thousands
    rows = {
        row
        for row, (code, _) in enumerate(world.rows, start=1)
        if code in world.done["unclosed"]
    }
    assert {problem.row for problem in report.problems} == rows
    assert all(
        "does not end where it begins" in problem.rule for problem in report.problems
    )
    assert not report.ok


def test_every_fault_has_a_place_a_size_and_a_cure(thousands):
    faults = thousands[1].faults
    assert faults["cure"].str.len().min() > 0
    assert (faults["size_m2"] >= 0).all() and np.isfinite(faults["size_m"]).all()
    placed = faults[faults["rule"] != "empty"]
    assert placed["place"].str.fullmatch(r"\d+\.\d+,\d+\.\d+").all()


def test_mending_gives_a_coverage_but_for_what_it_says(thousands):
    world, _, preview = thousands
    assert not preview.after.problems, "rings are closed by mending"
    assert preview.moves["moved_m"].max() <= TOLERANCE_M + 1e-6
    left = preview.after.by_rule
    assert set(left) <= {"duplicate_code", "overlap", "gap", "not_nested"}
    twice = world.done["duplicate"]
    assert codes_of(preview.after.faults, "duplicate_code") == twice
    # Rows that stand twice lie on each other whole: that is wider than any tolerance, and
    # stays, named.
    assert twice <= codes_of(preview.after.faults, "overlap")
    once = preview.grids[~preview.grids["code"].isin(twice)]
    assert once.geometry.is_valid.all()
    assert not preview.ok


def test_without_doubles_what_is_left_is_wider_than_the_tolerance(tmp_path):
    world = spoilt(25, 25, np.random.default_rng(7), share=0.5)
    seen, rows = set(), []
    for code, rings in world.rows:
        if code not in seen:
            rows.append((code, rings))
        seen.add(code)
    world.rows = rows
    preview = preview_repair(
        None, write_geojson(world, tmp_path / "grids.geojson"), tolerance_m=TOLERANCE_M
    )
    assert (preview.after.faults["size_m"] > TOLERANCE_M * 0.98).all()
    assert set(preview.after.by_rule) <= {"overlap", "gap"}
    kept = shapely.coverage_invalid_edges(
        np.asarray(preview.grids.geometry.array, dtype=object)
    )
    assert (~shapely.is_empty(kept)).sum() <= 2 * len(preview.after.faults) + 4 * sum(
        len(codes.split(",")) for codes in preview.after.faults["codes"]
    )


@settings(max_examples=15)
@given(
    seed=st.integers(0, 2**32 - 1), share=st.floats(0, 1), tolerance_m=st.floats(0.05, 5)
)
def test_no_spoilt_layer_makes_the_doctor_fail(tmp_path_factory, seed, share, tolerance_m):
    world = spoilt(5, 5, np.random.default_rng(seed), share=share, most_m=4.0)
    path = write_geojson(world, tmp_path_factory.mktemp("any") / "grids.geojson")
    preview = preview_repair(None, path, tolerance_m=tolerance_m)
    assert len(preview.grids) == len(world.rows)
    assert (preview.moves["moved_m"] <= tolerance_m + 1e-6).all()
    if preview.ok:
        assert shapely.coverage_is_valid(
            np.asarray(preview.grids.geometry.array, dtype=object)
        )
        assert check(preview.grids, tolerance_m=tolerance_m).empty


def test_the_raw_outlines_of_the_counties_are_looked_through_and_mended(tmp_path):
    raw = gpd.read_file(data_folder() / "counties.geojson")
    raw["code"] = [str(FIRST + number) for number in range(len(raw))]
    path = tmp_path / "counties.geojson"
    raw[["code", "geometry"]].to_file(path, driver="GeoJSON")
    before = check_file(None, path, tolerance_m=1.0)
    preview = preview_repair(None, path, tolerance_m=1.0)
    assert len(preview.grids) == len(raw) == before.grids
    assert preview.grids.geometry.is_valid.all()
    assert len(preview.after.faults) <= len(before.faults)
    assert (preview.moves["moved_m"] <= 1.0 + 1e-6).all()
