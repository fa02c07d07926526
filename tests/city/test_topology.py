"""Grids from a file into the city."""

import json
from datetime import date

import geopandas as gpd
import pytest
import shapely

from gridmap.city.intake.checking import check_file
from gridmap.city.intake.topology import import_grids
from gridmap.errors import InputError, NotFoundError
from gridmap.model import Level
from gridmap.settings import Settings
from gridmap.store.intake.imports import read_imports
from gridmap.store.opening import open_store
from gridmap.store.plans.plans import plan_in_force, read_grids
from gridmap.store.plans.units import read_unit_shapes, read_units

NOW = 1_716_252_360
STEP = 0.01
FINE_DEG = 5e-6  # about half a metre
CODES = [410702001001001, 410702001001002, 410702001002001, 410702001002002]


@pytest.fixture
def store(tmp_path):
    with open_store(Settings(home=tmp_path / "home")) as opened:
        yield opened


def square(column, row, *, east=0.0):
    west, south = 113.8 + column * STEP, 35.3 + row * STEP
    return shapely.box(west, south, west + STEP + east, south + STEP)


def town(*, east=0.0, codes=CODES, **columns):
    """
    +---+---+
    | 3 | 4 |    two villages, two grids each; grid 1 reaches `east` degrees into grid 2
    | 1 | 2 |
    +---+---+
    """
    shapes = [square(0, 0, east=east), square(1, 0), square(0, 1), square(1, 1)]
    return gpd.GeoDataFrame({"code": codes, **columns}, geometry=shapes, crs="EPSG:4490")


def written(tmp_path, frame, name="town.geojson"):
    path = tmp_path / name
    features = json.loads(frame.to_json())["features"]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return path


def put(store, path, **options):
    return import_grids(store, path, valid_from="2024-05-21", now=NOW, **options)


def refused(store, path, **options):
    with pytest.raises(InputError) as caught:
        put(store, path, **options)
    return caught.value.faults


def is_empty(store):
    with pytest.raises(NotFoundError):
        plan_in_force(store)
    return read_units(store).empty and read_imports(store).empty


def test_a_good_file_fills_an_empty_city(store, tmp_path):
    done = put(store, written(tmp_path, town(households=[10, 20, 30, 40])))
    assert (done.plan, done.grids) == (1, 4)
    plan = plan_in_force(store)
    assert (plan.name, plan.valid_from) == ("town", date(2024, 5, 21))
    assert read_grids(store)["households"].tolist() == [10, 20, 30, 40]
    units = read_units(store)
    assert units["code"].tolist() == [4107, 410702, 410702001, 410702001001, 410702001002]
    assert units["name"].tolist()[1] == "410702"
    assert store.get_meta("city") == "4107"
    outlines = read_unit_shapes(store, level=Level.VILLAGE)
    assert shapely.area(outlines.geometry.array) == pytest.approx([2e-4, 2e-4])
    assert read_imports(store)["kind"].tolist() == ["grids"]
    assert any("no population" in note for note in done.notes)


def test_names_of_units_come_from_the_file(store, tmp_path):
    named = town(
        县区=["红旗区"] * 4, 乡镇=["小店镇"] * 4, 社区=["一社区"] * 2 + ["二社区"] * 2
    )
    put(store, written(tmp_path, named))
    names = read_units(store).set_index("code")["name"]
    assert names[410702001] == "小店镇"
    assert read_units(store).set_index("code")["name_en"][410702001] == "Xiaodian Town"


def test_an_overlap_refuses_the_whole_file_and_nothing_is_written(store, tmp_path):
    out = tmp_path / "faults.geojson"
    (fault,) = refused(store, written(tmp_path, town(east=0.001)), out=out)
    assert fault.value == f"{CODES[0]},{CODES[1]}"
    assert "overlap at 113.8" in fault.rule
    assert fault.file == "town.geojson"
    assert is_empty(store)
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["features"][0]["properties"]["rule"] == "overlap"


def test_repair_mends_what_is_within_its_tolerance_and_says_so(store, tmp_path):
    path = written(tmp_path, town(east=FINE_DEG))
    assert len(refused(store, path)) == 1
    done = put(store, path, repair=True, tolerance_m=1)
    assert done.moves["rule"].tolist() == ["overlap"]
    assert done.moves["moved_m"].iloc[0] == pytest.approx(0.45, abs=0.02)
    assert any("mended 1 faults of the kind overlap" in note for note in done.notes)
    assert shapely.coverage_is_valid(read_grids(store).geometry.array)


def test_repair_leaves_what_is_beyond_its_tolerance_and_the_file_is_refused(
    store, tmp_path
):
    (fault,) = refused(
        store, written(tmp_path, town(east=0.001)), repair=True, tolerance_m=1
    )
    assert "beyond its tolerance" in fault.cure
    assert is_empty(store)


def test_missing_vertices_on_shared_borders_need_no_repair(store, tmp_path):
    """
    +---+---+
    | 3 | 4 |
    +---+---+    1 is as wide as both above it
    |   1   |
    +-------+
    """
    frame = gpd.GeoDataFrame(
        {"code": [CODES[0], CODES[2], CODES[3]]},
        geometry=[shapely.box(113.8, 35.3, 113.82, 35.31), square(0, 1), square(1, 1)],
        crs="EPSG:4490",
    )
    done = put(store, written(tmp_path, frame))
    assert set(done.report.by_rule) == {"unmatched"}
    assert shapely.coverage_is_valid(read_grids(store).geometry.array)


def test_rows_that_cannot_be_read_refuse_the_file_with_all_of_them(store, tmp_path):
    faults = refused(
        store, written(tmp_path, town(households=[1, -2, "x", 4])), repair=True
    )
    assert [(fault.row, fault.value) for fault in faults] == [(2, "-2"), (3, "x")]
    assert is_empty(store)


def test_codes_that_are_wrong_or_stand_twice_refuse_the_file(store, tmp_path):
    frame = town(codes=[CODES[0], CODES[0], CODES[2], 4107020010020])
    rules = {
        fault.rule.split(" at ")[0]
        for fault in refused(store, written(tmp_path, frame), repair=True)
    }
    assert rules == {"malformed code", "duplicate code"}
    assert is_empty(store)


def test_grids_of_two_cities_are_refused(store, tmp_path):
    (fault,) = refused(store, written(tmp_path, town(codes=[*CODES[:3], 410102001002002])))
    assert fault.value == "4101, 4107"


def test_a_second_import_is_the_next_plan_and_keeps_to_the_villages(store, tmp_path):
    put(store, written(tmp_path, town()))
    swapped = town(codes=[CODES[1], CODES[0], CODES[2], CODES[3]])
    assert put(store, written(tmp_path, swapped)).plan == 2
    across = town(codes=[CODES[0], CODES[2], CODES[1], CODES[3]])
    rules = {
        fault.rule.split(" at ")[0] for fault in refused(store, written(tmp_path, across))
    }
    assert rules == {"not nested", "gap"}
    assert plan_in_force(store).id == 2
    assert put(store, written(tmp_path, across), within=None).plan == 3


def test_units_the_city_does_not_know_need_a_name(store, tmp_path):
    put(store, written(tmp_path, town()))
    codes = [CODES[0], CODES[1], 410702001009001, 410702001009002]
    faults = refused(store, written(tmp_path, town(codes=codes)), within=None)
    assert [fault.value for fault in faults] == ["410702001009"]
    done = put(
        store,
        written(tmp_path, town(codes=codes, village_name=["", "", "九社区", "九社区"])),
        within=None,
    )
    assert done.new_units == (410702001009,)
    assert 410702001002 in read_units(store)["code"].tolist()  # what the city knew it keeps


def test_a_day_that_is_none_is_refused(store, tmp_path):
    with pytest.raises(InputError):
        import_grids(store, written(tmp_path, town()), valid_from="21.5.2024", now=NOW)


def test_a_check_lists_faults_with_names_and_changes_nothing(store, tmp_path):
    path = written(tmp_path, town(east=0.001, name=["甲", "乙", "丙", "丁"]))
    before = set(tmp_path.iterdir())
    report = check_file(store, path)
    assert not report.ok
    assert report.by_rule == {"overlap": 1}
    assert report.faults["names"].tolist() == ["甲, 乙"]
    assert report.faults_file is None
    assert set(tmp_path.iterdir()) == before
    assert is_empty(store)


def test_a_check_needs_no_city_and_writes_its_faults_where_told(tmp_path):
    out = tmp_path / "deep" / "faults.geojson"
    assert check_file(None, written(tmp_path, town()), out=out).ok
    assert not out.exists()
    report = check_file(None, written(tmp_path, town(east=0.001)), out=out)
    assert report.faults_file == out
    assert len(gpd.read_file(out)) == 1
