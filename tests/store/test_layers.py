"""Reference layers in the truth, on both databases."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gridmap.errors import NotFoundError
from gridmap.model import LayerKind
from gridmap.store.look import layers
from gridmap.store.look.layers import LayerAbout


def features(*shapes, names=None, households=None):
    count = len(shapes)
    return gpd.GeoDataFrame(
        {
            "name": names or [f"路{n}" for n in range(count)],
            "households": households or [-1] * count,
        },
        geometry=list(shapes),
        crs="EPSG:4490",
    )


ROADS = features(
    shapely.LineString([(113, 35), (114, 35)]), shapely.LineString([(114, 35), (115, 36)])
)
HOUSES = features(
    shapely.Point(113.1, 35.1),
    shapely.Point(113.9, 35.9),
    shapely.Point(113.2, 35.2),
    names=["", "", ""],
    households=[12, 0, -1],
)


def put(store, name, kind, table, *, now=100, **about):
    with store.write() as connection:
        return layers.put_layer(
            connection, LayerAbout(name, kind, "file.gpkg", **about), table, now=now
        )


def test_a_layer_is_read_back_as_it_was_put(store):
    number, new = put(store, "道路", LayerKind.ROADS, ROADS, name_en="Roads", visible=True)
    assert new
    (row,) = layers.read_layers(store).to_dict("records")
    assert (row["id"], row["name"], row["name_en"], row["kind"], row["rows"]) == (
        number,
        "道路",
        "Roads",
        "roads",
        2,
    )
    assert (row["west"], row["south"], row["east"], row["north"]) == (113, 35, 115, 36)
    assert row["visible"] and row["made_at"] == 100
    found = layers.read_features(store, layer=number)
    assert found["name"].tolist() == ["路0", "路1"]
    assert found.geometry.geom_equals_exact(ROADS.geometry, 0).all()
    assert found.crs == "EPSG:4490"


def test_the_same_again_changes_nothing_and_another_content_replaces_it(store):
    number, _ = put(store, "道路", LayerKind.ROADS, ROADS)
    version = layers.version(store)
    assert put(store, "道路", LayerKind.ROADS, ROADS, now=200) == (number, False)
    assert layers.version(store) == version
    assert put(store, "道路", LayerKind.ROADS, ROADS.head(1), now=200) == (number, True)
    assert layers.version(store) != version
    assert len(layers.read_features(store)) == 1
    assert layers.read_layers(store)["made_at"].tolist() == [200]


def test_features_are_found_by_extent_kind_and_households(store):
    put(store, "道路", LayerKind.ROADS, ROADS)
    houses, _ = put(store, "楼栋", LayerKind.BUILDINGS, HOUSES)
    assert len(layers.read_features(store, bounds=(113.05, 35.05, 113.15, 35.15))) == 1
    assert (
        layers.read_features(store, bounds=(112.9, 34.9, 113.5, 35.5))["layer"].nunique()
        == 2
    )
    assert len(layers.read_features(store, kinds=(LayerKind.BUILDINGS,))) == 3
    known = layers.read_features(store, layer=houses, households_known=True)
    assert known["households"].tolist() == [12, 0]
    assert len(layers.read_features(store, limit=2)) == 2
    assert layers.read_features(store, bounds=(0, 0, 1, 1)).empty


def test_only_named_features_are_searched(store):
    put(store, "道路", LayerKind.ROADS, ROADS)
    put(store, "楼栋", LayerKind.BUILDINGS, HOUSES)
    assert layers.read_names(store)["name"].tolist() == ["路0", "路1"]


def test_a_dropped_layer_is_gone_with_its_features(store):
    number, _ = put(store, "道路", LayerKind.ROADS, ROADS)
    with store.write() as connection:
        layers.drop_layer(connection, number)
    assert layers.read_layers(store).empty and layers.read_features(store).empty
    with pytest.raises(NotFoundError), store.write() as connection:
        layers.drop_layer(connection, number)


def test_an_error_in_the_middle_leaves_the_layer_before(store):
    put(store, "道路", LayerKind.ROADS, ROADS)
    with pytest.raises(RuntimeError), store.write() as connection:
        layers.put_layer(
            connection, LayerAbout("道路", LayerKind.ROADS, "f"), ROADS.head(1), now=1
        )
        raise RuntimeError
    assert len(layers.read_features(store)) == 2


def test_layers_are_drawn_in_the_order_they_came_and_can_be_shown_from_the_start(store):
    first, _ = put(store, "乙", LayerKind.WATER, ROADS)
    second, _ = put(store, "甲", LayerKind.ROADS, ROADS)
    assert layers.read_layers(store)["id"].tolist() == [first, second]
    assert layers.read_layers(store)["visible"].tolist() == [False, False]
    with store.write() as connection:
        layers.set_visible(connection, second, visible=True)
    assert layers.read_layers(store)["visible"].tolist() == [False, True]
    with pytest.raises(NotFoundError), store.write() as connection:
        layers.set_visible(connection, 99, visible=True)


def test_many_features_go_in_by_parts(store):
    points = shapely.points(np.linspace(113, 114, 12_001), 35.0)
    number, _ = put(
        store, "楼栋", LayerKind.BUILDINGS, features(*points, names=[""] * 12_001)
    )
    assert layers.read_features(store, layer=number)["id"].tolist() == list(
        range(1, 12_002)
    )
