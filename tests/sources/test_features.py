"""Reference layers from files: any shape, only name and households kept, every bad row told
at once.
"""

import json

import geopandas as gpd
import pytest
import shapely

from gridmap.errors import InputError
from gridmap.geo.crs import from_wgs84
from gridmap.model import LayerKind
from gridmap.sources.features import UNKNOWN, read_features

ROAD = {"type": "LineString", "coordinates": [[113.80, 35.30], [113.82, 35.31]]}
POND = {
    "type": "Polygon",
    "coordinates": [[[113.8, 35.3], [113.81, 35.3], [113.81, 35.31], [113.8, 35.3]]],
}
BOWTIE = {
    "type": "Polygon",
    "coordinates": [
        [[113.8, 35.3], [113.81, 35.31], [113.81, 35.3], [113.8, 35.31], [113.8, 35.3]]
    ],
}
POINT = {"type": "Point", "coordinates": [113.805, 35.305]}


@pytest.fixture
def geojson(tmp_path):
    def write(*features):
        rows = [
            {"type": "Feature", "geometry": geometry, "properties": properties}
            for geometry, properties in features
        ]
        path = tmp_path / "layer.geojson"
        path.write_text(
            json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8"
        )
        return path

    return write


def faults_of(path, **options):
    with pytest.raises(InputError) as told:
        read_features(path, **{"kind": LayerKind.ROADS, **options})
    return told.value.faults


def test_points_lines_and_polygons_are_read_with_their_names(geojson):
    shapes = [
        ROAD,
        POND,
        POINT,
        {"type": "MultiPoint", "coordinates": [[113.8, 35.3], [113.81, 35.31]]},
        {"type": "MultiLineString", "coordinates": [ROAD["coordinates"]]},
    ]
    found = read_features(
        geojson(*((shape, {"路名": f"路{n}"}) for n, shape in enumerate(shapes))),
        kind=LayerKind.ROADS,
    )
    assert found.features.geom_type.tolist() == [
        "LineString",
        "Polygon",
        "Point",
        "MultiPoint",
        "MultiLineString",
    ]
    assert found.features["name"].tolist() == ["路0", "路1", "路2", "路3", "路4"]
    assert set(found.features["households"]) == {UNKNOWN}


def test_nothing_but_shape_name_and_households_is_taken(geojson):
    path = geojson((POINT, {"name": "张三", "phone": "13800000000", "户数": 12}))
    found = read_features(path, kind=LayerKind.BUILDINGS)
    assert list(found.features.columns) == ["row", "name", "households", "geometry"]
    assert found.features["households"].tolist() == [12]
    assert found.features["name"].tolist() == [""], (
        "a guessed name of a building might be a person's"
    )
    assert read_features(path, kind=LayerKind.BUILDINGS, name_column="name").features[
        "name"
    ].tolist() == ["张三"]


def test_every_row_that_cannot_be_used_is_told_at_once(geojson):
    path = geojson(
        (ROAD, {"户数": 3}),
        (None, {"户数": 3}),
        ({"type": "LineString", "coordinates": [[113.8, 35.3]]}, {"户数": 3}),
        (POINT, {"户数": "many"}),
        (POINT, {"户数": -1}),
        ({"type": "Point", "coordinates": [113.8, "x"]}, {}),
        ({"type": "GeometryCollection", "geometries": []}, {}),
    )
    told = faults_of(path, kind=LayerKind.BUILDINGS)
    assert [fault.row for fault in told] == [2, 3, 4, 5, 6, 7]
    assert all(fault.cure and fault.rule for fault in told)


def test_a_polygon_that_crosses_itself_is_taken_apart_and_that_is_said(geojson):
    found = read_features(geojson((BOWTIE, {})), kind=LayerKind.WATER)
    assert shapely.is_valid(found.features.geometry.iloc[0])
    assert found.notes == ("made 1 polygons valid that crossed themselves",)


def test_shifted_coordinates_are_brought_back(geojson):
    x, y = from_wgs84([113.805], [35.305], "gcj02")
    path = geojson(({"type": "Point", "coordinates": [float(x[0]), float(y[0])]}, {}))
    point = read_features(path, kind=LayerKind.PLACES, crs="gcj02").features.geometry.iloc[
        0
    ]
    assert (point.x, point.y) == pytest.approx((113.805, 35.305), abs=1e-8)


def test_columns_that_are_not_there_are_named(geojson):
    (told,) = faults_of(geojson((ROAD, {"名称": "人民路"})), name_column="名字")
    assert "名称" in told.cure


def test_signs_that_show_as_nothing_leave_a_name(geojson):
    found = read_features(
        geojson((ROAD, {"name": "人民\u202e路\n\t东段"})), kind=LayerKind.ROADS
    )
    assert found.features["name"].tolist() == ["人民 路 东段"]


def test_lines_come_from_a_geopackage_and_a_geoparquet_file_too(tmp_path):
    frame = gpd.GeoDataFrame(
        {"name": ["一", "二"]},
        geometry=[shapely.LineString(ROAD["coordinates"])] * 2,
        crs="EPSG:4490",
    )
    frame.to_file(tmp_path / "roads.gpkg", driver="GPKG")
    frame.to_parquet(tmp_path / "roads.parquet")
    for name in ("roads.gpkg", "roads.parquet"):
        found = read_features(tmp_path / name, kind=LayerKind.ROADS)
        assert found.features["name"].tolist() == ["一", "二"]
        assert set(found.features.geom_type) <= {"LineString", "MultiLineString"}
