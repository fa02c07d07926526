from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from folium import FeatureGroup
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_js_hash

from gridmap import webfiles
from gridmap.city.look.maps import MapPackage
from gridmap.model import Level
from gridmap.ui import colours, maps

HOSTILE = (
    "${document.title=7*7}`</script><script>alert(1)</script>\u2028\\u0041 C:\\2019 "
    "{{ 'x' }} map_div"
)
CODES = np.array([410702001001001, 410702001001002, 410702001002001, 410711100001001])
PACKAGE = MapPackage(
    "city-0123456789abcdef.bin", "plan-1", CODES, (113.8, 35.2, 114.0, 35.4)
)
LAYER = maps.MapLayer(
    PACKAGE,
    Level.GRID,
    CODES[[2, 0]],
    [5.0, np.nan],
    (-np.inf, 1, 9),
    ("#aabbcc", "#112233"),
    title=HOSTILE,
    unit=HOSTILE,
    note=HOSTILE,
    labels=(HOSTILE, "b"),
    selected=410702,
    bounds=(113.8, 35.2, 113.9, 35.3),
    markers=maps.Markers(CODES[:1], np.array([0]), (HOSTILE,)),
    heat=maps.Heat(np.array([[0.0, 2.0], [4.0, np.nan]]), PACKAGE.bounds),
)


def scripts(layer: maps.MapLayer, **options) -> tuple[str, str]:
    """The static script and the script of the values, as streamlit-folium hands them to the
    browser.
    """
    drawn = maps.base_map(
        layer.package, key="main", lang="zh", **{"dark": False, "wall": False, **options}
    )
    drawn.get_root().render()
    fixed = _get_map_string(drawn)
    return fixed, _get_feature_group_string(maps._Paint(maps.parts(layer)), map=drawn)


def sent(layer: maps.MapLayer) -> dict[str, bytes]:
    return {
        name: base64.b64decode(text) for name, text in json.loads(maps.parts(layer)).items()
    }


def test_no_text_of_people_is_part_of_a_script() -> None:
    for script in scripts(LAYER):
        assert "document.title" not in script
        assert "`" not in script
        assert "${" not in script
        assert "<" not in script
        assert "\u2028" not in script
        assert script.isascii()


def test_values_are_handed_over_as_quoted_base64_alone() -> None:
    _, paint = scripts(LAYER)
    call = re.search(r"gridmap\.paint\((\w+), (\{.*\})\);", paint)
    assert call
    assert call[1] == "map_div"
    assert re.fullmatch(r'\{("\w+": "[A-Za-z0-9+/=]*"(, )?)+\}', call[2])
    assert "feature_group_feature_group_0 = gridmap.paint" in paint


def test_new_values_leave_the_map_itself_alone() -> None:
    first, _ = scripts(LAYER)
    second, _ = scripts(
        replace(LAYER, values=[1.0, 2.0], title="other", selected=0, bounds=None)
    )
    assert generate_js_hash(first, "main") == generate_js_hash(second, "main")


def test_another_language_ground_or_plan_is_another_map() -> None:
    fixed = scripts(LAYER)[0]
    other = scripts(
        replace(LAYER, package=replace(PACKAGE, file="city-fedcba9876543210.bin"))
    )[0]
    assert generate_js_hash(fixed, "main") != generate_js_hash(other, "main")
    assert generate_js_hash(fixed, "main") != generate_js_hash(
        scripts(LAYER, dark=True)[0], "main"
    )


def test_every_file_comes_from_our_own_address() -> None:
    drawn = maps.base_map(PACKAGE, key="main", lang="en", dark=False, wall=False)
    for _, url in (*drawn.default_js, *drawn.default_css):
        assert url.startswith(f"/gridmap/assets/{webfiles.version()}/")
    assert "http" not in _get_map_string(drawn)


def test_values_travel_in_the_order_of_the_map_file() -> None:
    found = np.frombuffer(sent(LAYER)["values"], dtype="<f4")
    assert found.tolist()[2] == 5.0
    assert np.isnan(found[[0, 1, 3]]).all()
    counties = replace(LAYER, level=Level.COUNTY, codes=[410711, 999999], values=[3.0, 9.0])
    assert np.frombuffer(sent(counties)["values"], dtype="<f4").tolist()[1:] == [3.0]


def test_what_is_said_arrives_as_it_was_said() -> None:
    meta = json.loads(sent(LAYER)["meta"])
    assert meta["title"] == meta["unit"] == meta["note"] == meta["labels"][0] == HOSTILE
    assert meta["breaks"] == [None, 1, 9]
    assert meta["bounds"] == [[35.2, 113.8], [35.3, 113.9]]
    assert meta["markers"]["colours"] == [colours.OKABE_ITO[0]]


def test_heat_is_scaled_to_its_top() -> None:
    assert list(sent(LAYER)["heat"]) == [0, 128, 255, 0]
    meta = json.loads(sent(LAYER)["meta"])["heat"]
    assert (meta["width"], meta["height"]) == (2, 2)
    assert meta["ramp"][0][3] == 0
    assert list(
        sent(replace(LAYER, heat=maps.Heat(np.zeros((1, 2)), PACKAGE.bounds)))["heat"]
    ) == [0, 0]


def test_a_plain_map_needs_nothing_but_its_package() -> None:
    assert set(sent(maps.MapLayer(PACKAGE))) == {"meta"}


def test_a_click_is_told_once(monkeypatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    answer = {"last_clicked": {"lat": 35.3, "lng": 113.9, "click": 1}}
    assert maps.fresh_click({"last_clicked": None}, key="main") is None
    assert maps.fresh_click(None, key="main") is None
    assert maps.fresh_click(answer, key="main") == maps.Click(113.9, 35.3)
    assert maps.fresh_click(answer, key="main") is None
    assert maps.fresh_click(answer, key="other") == maps.Click(113.9, 35.3)
    again = {"last_clicked": {"lat": 35.3, "lng": 113.9, "click": 2, "seen": 3}}
    assert maps.fresh_click(again, key="main") == maps.Click(113.9, 35.3, Level.VILLAGE)
    odd = {"last_clicked": {"lat": 35.3, "lng": 113.9, "click": 3, "seen": 77}}
    assert maps.fresh_click(odd, key="main") == maps.Click(113.9, 35.3)


def test_tianditu_and_other_tiles_come_from_the_settings(monkeypatch) -> None:
    monkeypatch.setenv("GRIDMAP_TIANDITU_KEY", "secret")
    assert maps._tiles(maps.Settings())["url"].endswith("tk=secret")
    monkeypatch.setenv("GRIDMAP_BASE_MAP_URL", "http://10.0.0.1/{z}/{x}/{y}.png")
    monkeypatch.setenv("GRIDMAP_BASE_MAP_CRS", "gcj02")
    assert maps._tiles(maps.Settings()) == {
        "url": "http://10.0.0.1/{z}/{x}/{y}.png",
        "crs": "gcj02",
    }


def test_paint_is_a_layer_to_streamlit_folium() -> None:
    assert issubclass(maps._Paint, FeatureGroup)


@pytest.mark.parametrize("name", [*colours.SEQUENTIAL, *colours.DIVERGING])
@pytest.mark.parametrize("classes", range(1, 8))
def test_schemes_have_as_many_colours_as_classes(name, classes) -> None:
    found = colours.scheme(name, classes)
    assert len(set(found)) == classes
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in found)


@pytest.mark.parametrize("name", colours.SEQUENTIAL)
def test_more_is_darker_on_light_and_brighter_on_dark(name) -> None:
    light = [sum(colours.rgb(colour)) for colour in colours.scheme(name, 7)]
    dark = [sum(colours.rgb(colour)) for colour in colours.scheme(name, 7, dark=True)]
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)


def test_pins_travel_as_numbers() -> None:
    meta = json.loads(
        sent(
            replace(
                LAYER, pins=[(113.9, 35.3, 0), (np.float64(113.91), 35.31, np.int64(2))]
            )
        )["meta"]
    )
    assert meta["pins"] == [[113.9, 35.3, 0], [113.91, 35.31, 2]]
    assert json.loads(sent(LAYER)["meta"])["pins"] == []


def test_nothing_anywhere_is_pale_and_something_everywhere_is_not() -> None:
    assert colours.classed("activity", [0.0, 0.0]) == colours.scheme("activity", 2)[:1]
    assert colours.classed("activity", [5.0, 5.0]) == colours.scheme("activity", 1)
    assert colours.classed("activity", [0.0, 0.0, 5.0]) == colours.scheme("activity", 2)
