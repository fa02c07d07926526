"""The data page: reference layers brought in and removed, a file of grids looked through,
mended and taken.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from acting import user_of

from gridmap.cases.actors import SYSTEM
from gridmap.model import LayerKind, UserRole
from gridmap.store.plans.plans import read_grids

PATH = "pages/data.py"


@pytest.fixture
def planner(own_city):
    return user_of(own_city, UserRole.PLANNER)


def spoilt(city):
    """The city's grids as a file, with one vertex of one grid pulled out by about half a metre."""
    grids = read_grids(city.store)
    shape = grids.geometry.iloc[40]
    ring = shapely.get_coordinates(shape)
    ring[2] += 4e-6
    features = []
    for row, (code, name, own) in enumerate(
        zip(grids["code"], grids["name"], grids.geometry, strict=True)
    ):
        drawn = shapely.Polygon(ring) if row == 40 else own
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "code": str(code),
                    "name": name,
                    "households": 10,
                    "population": 30,
                },
                "geometry": json.loads(shapely.to_geojson(drawn)),
            }
        )
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False
    ).encode()


def words_of(app):
    return " ".join(
        str(element.value)
        for kind in ("text", "markdown", "caption", "subheader", "success", "warning")
        for element in getattr(app, kind)
    )


@pytest.mark.parametrize(
    ("lang", "name"), [("zh", "道路（生成）"), ("en", "Roads (generated)")]
)
def test_the_layers_of_the_city_are_listed(open_page, lang, name):
    app = open_page(PATH, lang)
    listed = [frame.value for frame in app.dataframe if "called" in frame.value.columns]
    assert name in listed[0]["called"].tolist()
    assert len(listed[0]) == 3


def test_who_is_no_planner_is_told_whose_part_it_is(open_page):
    app = open_page(PATH, "en")
    assert "Planners and administrators of the city check files of grids here" in words_of(
        app
    )
    assert not app.file_uploader


def test_a_planner_brings_a_layer_in_and_removes_it(open_own, own_city, planner):
    grid = int(read_grids(own_city.store)["code"].iloc[0])
    lon, lat = own_city.places.middle(grid)
    content = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": "人民医院"},
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
            }
        ],
    }
    app = open_own(PATH, "en", acting=planner)
    app.file_uploader(key="layers.file").set_value(
        ("pois.geojson", json.dumps(content).encode(), "application/json")
    )
    app.text_input(key="layers.name").set_value("医院")
    app.selectbox(key="layers.kind").set_value(LayerKind.PLACES)
    next(button for button in app.button if button.label == "Bring in").click().run(
        timeout=120
    )
    assert not app.exception
    assert "1 features brought in" in words_of(app)
    found = own_city.layers.search("人民医院")
    assert found["grid"].tolist() == [grid]

    app.text_input(key="side.search").set_value("人民医院").run()
    button = next(one for one in app.button if "人民医院" in one.label)
    button.click().run()
    assert app.session_state["gridmap.focus"] == (grid, (int(found["layer"].iloc[0]), 1))
    own_city.layers.drop(own_city_actor(own_city, planner), int(found["layer"].iloc[0]))
    assert own_city.layers.search("人民医院").empty


def own_city_actor(city, user):
    return city.people.actor(user)


def test_a_file_is_looked_through_mended_on_a_copy_and_made_a_draft(
    open_own, own_city, planner
):
    app = open_own(PATH, "en", acting=planner)
    app.file_uploader(key="doctor.file").set_value(
        ("grids.geojson", spoilt(own_city), "application/json")
    )
    next(button for button in app.button if button.label == "Check").click().run(
        timeout=240
    )
    assert not app.exception
    said = words_of(app)
    assert "Fault 1 of" in said and ("Overlap" in said or "Gap" in said)
    app.button(key="doctor.next").click().run(timeout=120)
    assert "Fault 2 of" in words_of(app) or "Fault 1 of 1" in words_of(app)

    plan = own_city.plan.id
    app.button(key="doctor.preview").click().run(timeout=240)
    assert not app.exception
    said = words_of(app)
    assert "Before:" in said and "After:" in said and "no border moves farther than" in said
    assert not app.button(key="doctor.take").disabled
    app.button(key="doctor.leave").click().run(timeout=120)
    assert "Fault 1 of" in words_of(app), "left: the file is as it was"
    app.button(key="doctor.preview").click().run(timeout=240)
    app.button(key="doctor.take").click().run(timeout=240)
    assert not app.exception and not app.error
    assert own_city.plan.id == plan, "nothing is in force that nobody has reviewed"
    draft = int(own_city.drafts.listed(SYSTEM)["id"].max())
    assert f"Draft {draft} waits" in words_of(app)
    grids = own_city.drawings.plan(own_city.drafts.get(draft)).frame
    assert shapely.coverage_is_valid(np.asarray(grids.geometry.array, dtype=object))
