"""Grids from files of every format."""

import json

import numpy as np
import pytest
import shapely
from files import CODES, NAMES, collection, document, feature, layer, write

from gridmap.errors import InputError
from gridmap.sources.grids import COLUMNS, read_grids, read_layer

SQUARE = [[[113.8, 35.3], [113.81, 35.3], [113.81, 35.31], [113.8, 35.31], [113.8, 35.3]]]


def faults(path, **options):
    with pytest.raises(InputError) as caught:
        read_grids(path, **options)
    return caught.value.faults


def by_code(frame):
    return frame.sort_values("code", ignore_index=True)


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("a.geojson", "EPSG:4490"),
        ("a.geojson", "EPSG:4547"),
        ("a.gpkg", "EPSG:4547"),
        ("a.fgb", "EPSG:3857"),
        ("a.parquet", "EPSG:4490"),
        ("a.zip", "EPSG:4547"),
    ],
)
def test_every_format_gives_the_same_grids_whatever_its_system(tmp_path, name, system):
    frame = layer()
    if name == "a.geojson":
        path = tmp_path / name
        path.write_text(
            json.dumps(
                document(
                    frame.to_crs(system),
                    crs={
                        "type": "name",
                        "properties": {"name": f"urn:ogc:def:crs:EPSG::{system[5:]}"},
                    },
                )
            )
        )
    else:
        path = write(frame.to_crs(system), tmp_path / name)
    grids = by_code(read_grids(path))
    assert tuple(grids.columns) == COLUMNS
    assert grids.crs == "EPSG:4490"
    assert grids["code"].tolist() == CODES
    assert grids["code"].dtype == grids["households"].dtype == np.int64
    assert grids["name"].tolist() == NAMES
    assert grids["kind"].tolist() == ["basic", "basic", "exclusive", "basic"]
    assert grids["population"].tolist() == [360, 410, 0, 250]
    assert (
        shapely.hausdorff_distance(grids.geometry.array, frame.geometry.array).max() < 2e-8
    )


@pytest.mark.parametrize("ending", [".geojson", ".zip"])
def test_the_format_is_told_by_content_and_not_by_name(tmp_path, ending):
    path = write(layer(), tmp_path / "a.gpkg")
    renamed = path.rename(tmp_path / f"b{ending}")
    assert by_code(read_grids(renamed))["code"].tolist() == CODES


@pytest.mark.parametrize("name", ["a.geojson", "a.zip"])
def test_codes_given_as_text_keep_every_digit(tmp_path, name):
    path = write(layer(code=[str(code) for code in CODES]), tmp_path / name)
    assert by_code(read_grids(path))["code"].tolist() == CODES


def test_codes_given_as_floats_keep_every_digit(tmp_path):
    path = write(layer(code=np.array(CODES, dtype=np.float64)), tmp_path / "a.gpkg")
    assert by_code(read_grids(path))["code"].tolist() == CODES


def test_chinese_columns_are_understood_without_a_mapping(tmp_path):
    frame = layer(kind=["基础", "基础网格", "专属", "基础"]).rename(
        columns={
            "code": "网格编码",
            "name": "网格名称",
            "kind": "类型",
            "households": "户数",
            "population": "人口",
        }
    )
    found = read_layer(write(frame, tmp_path / "a.geojson"))
    assert found.grids["code"].tolist() == CODES
    assert found.grids["kind"].tolist() == ["basic", "basic", "exclusive", "basic"]
    assert found.grids["households"].tolist() == [120, 150, 0, 90]
    assert found.notes == []


def test_a_mapping_wins_over_guesses(tmp_path):
    frame = layer(mine=[1, 2, 3, 4])
    grids = read_grids(write(frame, tmp_path / "a.geojson"), mapping={"households": "mine"})
    assert grids["households"].tolist() == [1, 2, 3, 4]


def test_a_mapping_to_nothing_names_the_columns_there_are(tmp_path):
    found = faults(
        write(layer(), tmp_path / "a.geojson"),
        mapping={"households": "huhu", "weight": "name"},
    )
    assert [fault.field for fault in found] == ["households", "weight"]
    assert "population" in found[0].cure
    assert "households" in found[1].cure


def test_a_file_without_codes_is_refused_with_the_option_that_helps(tmp_path):
    (fault,) = faults(write(layer().drop(columns="code"), tmp_path / "a.geojson"))
    assert fault.field == "code"
    assert "--column code=COLUMN" in fault.cure


def test_missing_columns_are_filled_and_noted(tmp_path):
    found = read_layer(write(layer()[["code", "geometry"]], tmp_path / "a.gpkg"))
    assert found.grids["name"].tolist() == ["第一网格", "第二网格", "第一网格", "第二网格"]
    assert found.grids["households"].tolist() == [0, 0, 0, 0]
    assert any("4 grids have no households: taken as 0" in note for note in found.notes)


def test_names_of_units_are_collected(tmp_path):
    frame = layer(
        县区=["红旗区"] * 4,
        乡镇=["西街街道"] * 4,
        社区=["一社区", "一社区", "二社区", "二社区"],
    )
    found = read_layer(write(frame, tmp_path / "a.geojson"))
    assert found.unit_names == {
        410702: "红旗区",
        410702001: "西街街道",
        410702001001: "一社区",
        410702001002: "二社区",
    }


def test_a_unit_with_two_names_is_a_fault(tmp_path):
    frame = layer(社区=["一社区", "幺社区", "二社区", "二社区"])
    (fault,) = faults(write(frame, tmp_path / "a.geojson"))
    assert (fault.row, fault.field, fault.value) == (2, "社区", "幺社区")


def test_all_faults_come_at_once_with_row_field_value_and_cure(tmp_path):
    path = tmp_path / "bad.geojson"
    path.write_text(
        collection(
            feature(SQUARE, code="4.10702E+14", 户数=1),
            feature(SQUARE, code="网格", 户数=-5),
            feature(SQUARE, code=None, 户数="many", 类型="misc"),
            feature(SQUARE, code=CODES[0], 户数=1.5),
            feature([[113.8, 35.3]], kind="LineString", code=CODES[1], 户数=3),
        ),
        encoding="utf-8",
    )
    found = faults(path)
    assert [(fault.row, fault.field, fault.value) for fault in found] == [
        (1, "code", "4.10702E+14"),
        (2, "code", "网格"),
        (2, "户数", "-5"),
        (3, "code", "None"),
        (3, "类型", "misc"),
        (3, "户数", "many"),
        (4, "户数", "1.5"),
        (5, "geometry", "LineString"),
    ]
    assert all(fault.cure and fault.file == "bad.geojson" for fault in found)


@pytest.mark.parametrize("name", ["a.gpkg", "a.fgb", "a.parquet", "a.zip"])
def test_a_file_that_names_no_system_is_refused_until_it_is_stated(tmp_path, name):
    path = write(layer().set_crs(None, allow_override=True), tmp_path / name)
    (fault,) = faults(path)
    assert fault.field == "crs"
    assert "--crs" in fault.cure
    assert by_code(read_grids(path, crs="EPSG:4490"))["code"].tolist() == CODES


def test_a_stated_system_wins_over_the_file(tmp_path):
    path = write(layer(), tmp_path / "a.geojson")
    shifted = read_grids(path, crs="gcj02").geometry
    moved_deg = shapely.hausdorff_distance(shifted.array, layer().geometry.array).max()
    assert 0.002 < moved_deg < 0.02


def test_an_unknown_system_is_refused(tmp_path):
    (fault,) = faults(write(layer(), tmp_path / "a.geojson"), crs="EPSG:999999")
    assert (fault.field, fault.value) == ("crs", "EPSG:999999")


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        (
            lambda frame: shapely.transform(frame.geometry.array, lambda xy: xy[:, ::-1]),
            "swapped",
        ),
        (lambda frame: frame.to_crs("EPSG:3857").geometry.array, "EPSG:3857"),
        (lambda frame: frame.to_crs("EPSG:4547").geometry.array, "EPSG:4547"),
        (
            lambda frame: shapely.transform(frame.geometry.array, lambda xy: xy - 100),
            "outside",
        ),
    ],
)
def test_implausible_coordinates_are_refused_with_a_hint(tmp_path, spoil, hint):
    frame = layer()
    frame["geometry"] = np.asarray(spoil(frame))
    (fault,) = faults(write(frame, tmp_path / "a.geojson"))
    assert hint in fault.rule
    assert "--crs" in fault.cure


def test_a_file_of_several_layers_asks_which(tmp_path):
    path = tmp_path / "a.gpkg"
    layer().to_file(path, layer="grids")
    layer().to_file(path, layer="parks")
    (fault,) = faults(path)
    assert "grids, parks" in fault.rule
    assert len(read_layer(path, layer="parks").grids) == 4


def test_an_empty_file_of_features_is_refused(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(collection())
    (fault,) = faults(path)
    assert "no features" in fault.rule


def test_geoparquet_with_shapes_as_arrow_lists_is_read_too(tmp_path):
    path = tmp_path / "a.parquet"
    layer().to_parquet(path, geometry_encoding="geoarrow")
    assert by_code(read_grids(path))["code"].tolist() == CODES


def test_parquet_without_shapes_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    layer().drop(columns="geometry").to_parquet(path)
    (fault,) = faults(path)
    assert "without shapes" in fault.rule
