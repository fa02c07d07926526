"""The demonstration's reference layers: generated, named so, and true to the grids they lie in."""

import numpy as np
import pytest

from gridmap.city.city import City
from gridmap.demo.referencelayers import buildings
from gridmap.store.plans.plans import read_grids


@pytest.fixture(scope="module")
def city(small_city):
    opened = City.open(small_city)
    yield opened
    opened.close()


def test_every_layer_says_that_it_is_generated(city):
    found = city.layers.all()
    assert found["kind"].tolist() == ["water", "roads", "buildings"]
    assert (
        found["name"].str.endswith("（生成）").all()
        and found["name_en"].str.endswith("(generated)").all()
    )
    assert not found["visible"].any(), "a first view loads none of them"


def test_the_households_of_buildings_add_up_to_those_of_their_grids(city):
    grids = read_grids(city.store)
    found = city.layers.buildings(tuple(grids.total_bounds))
    codes = city._desk.data.index.locate(found["lon"].to_numpy(), found["lat"].to_numpy())
    counts = found.assign(code=codes).groupby("code")["households"].sum()
    township = counts.index[0] // 10**6
    own = grids[grids["code"] // 10**6 == township].set_index("code")["households"]
    assert (counts.index // 10**6 == township).all()
    assert counts.reindex(own.index, fill_value=0).to_dict() == own.to_dict()


def test_roads_lie_along_borders_and_have_names_that_are_found(city):
    roads = city.layers.near(city.places.bounds(410702))
    roads = roads[roads["kind"] == "roads"]
    assert len(roads) > 50 and roads["name"].str.endswith("路").all()
    name = roads["name"].iloc[0]
    assert city.layers.search(name)["name"].iloc[0] == name


def test_the_same_seed_gives_the_same_buildings(city):
    grids = read_grids(city.store).head(20)
    first, second = (buildings(grids, np.random.default_rng(3)) for _ in range(2))
    assert first.geometry.equals(second.geometry) and first["households"].equals(
        second["households"]
    )
