"""The facts come into memory when somebody asks for them, not before."""

from __future__ import annotations

import town

from gridmap.city import City
from gridmap.store.look import columns


def test_places_are_answered_without_loading_the_facts(town_settings) -> None:
    city = City.open(town_settings)
    assert city.places.at(113.805, 35.305) == town.BUSY
    assert city.places.name(410702) == "红旗区"
    assert city.categories()["code"].tolist()[0] == "C"
    assert not city._desk.data.later.loaded
    assert city.reports == len(town.reports())
    assert city._desk.data.later.loaded
    city.close()


def test_facts_once_loaded_are_loaded_with_every_newer_state(tmp_path) -> None:
    city = City.open(town.build(tmp_path / "home"))
    before = city.reports
    city.store.set_meta("revision", "1000")
    city.reload()
    assert city._desk.data.later.loaded, "the same columns are taken over"
    columns.rebuild(city.store)
    city.reload()
    assert city._desk.data.later.loaded
    assert city.reports == before
    city.close()
