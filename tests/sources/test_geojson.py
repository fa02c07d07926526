"""GeoJSON, well formed and not."""

import json

import pytest
from files import CODES, collection, document, feature, layer

from gridmap.errors import InputError
from gridmap.sources.geojson import read_geojson

RING = [[113.8, 35.3], [113.81, 35.3], [113.81, 35.31], [113.8, 35.31], [113.8, 35.3]]


def written(tmp_path, text):
    path = tmp_path / "a.geojson"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "ring",
    [
        [[113.8, float("nan")], *RING[1:]],
        [[113.8, "35.3"], *RING[1:]],
        [[113.8, True], *RING[1:]],
        [[113.8], *RING[1:]],
        [None, *RING[1:]],
        "ring",
        RING[:3],
        [RING[0]] * 2,
        {"a": 1},
    ],
)
def test_a_ring_that_is_none_is_a_fault_of_its_row(tmp_path, ring):
    raw = read_geojson(
        written(tmp_path, collection(feature([RING], code=1), feature([ring], code=2)))
    )
    assert [(fault.row, fault.field) for fault in raw.faults] == [(2, "geometry")]
    assert raw.shapes[0] is not None
    assert raw.shapes[1] is None


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" + "0" * 400, "Infinity", "NaN"])
def test_numbers_beyond_all_bounds_are_faults(tmp_path, number):
    text = collection(feature([RING], code=1)).replace("113.81", number, 1)
    raw = read_geojson(written(tmp_path, text))
    assert [fault.row for fault in raw.faults] == [1]


def test_a_ring_that_is_not_closed_is_a_fault_unless_closing_is_asked_for(tmp_path):
    path = written(tmp_path, collection(feature([RING[:-1]], code=1)))
    assert [fault.rule for fault in read_geojson(path).faults] == [
        "a ring does not end where it begins"
    ]
    raw = read_geojson(path, close_rings=True)
    assert raw.faults == []
    assert raw.shapes[0].area == pytest.approx(1e-4)
    assert raw.notes == ["closed the rings of 1 features (rows 1)"]


def test_heights_are_dropped_and_holes_kept(tmp_path):
    hole = [
        [113.802, 35.302, 5],
        [113.804, 35.302, 5],
        [113.804, 35.304, 5],
        [113.802, 35.302, 5],
    ]
    raw = read_geojson(
        written(tmp_path, collection(feature([[[*xy, 70.5] for xy in RING], hole], code=1)))
    )
    assert not raw.shapes[0].has_z
    assert len(raw.shapes[0].interiors) == 1


def test_a_feature_without_shape_is_kept_without_one(tmp_path):
    nothing = {"type": "Feature", "properties": {"code": 1}, "geometry": None}
    raw = read_geojson(
        written(
            tmp_path, collection(nothing, feature([[RING]], kind="MultiPolygon", code=2))
        )
    )
    assert raw.shapes[0] is None
    assert raw.shapes[1].geom_type == "MultiPolygon"
    assert raw.faults == []


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"type": "Topology"}',
        '{"type": "FeatureCollection", "features": 7}',
        '{"type": "FeatureCollection"}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"type": "FeatureCollection", "features": [' + "9" * 5000 + "]}",
    ],
)
def test_what_is_no_geojson_is_refused_as_a_whole(tmp_path, text):
    with pytest.raises(InputError) as caught:
        read_geojson(written(tmp_path, text))
    assert caught.value.faults[0].cure


def test_a_crs_member_that_is_not_understood_is_refused(tmp_path):
    with pytest.raises(InputError):
        read_geojson(written(tmp_path, collection(feature([RING]), crs={"type": "link"})))


def test_a_byte_order_mark_and_gb18030_are_read(tmp_path):
    text = json.dumps(document(layer()), ensure_ascii=False)
    for raw in (b"\xef\xbb\xbf" + text.encode(), text.encode("gb18030")):
        found = read_geojson(written(tmp_path, raw))
        assert found.columns["name"].tolist()[0] == "第一网格"
        assert found.columns["code"].tolist() == CODES
