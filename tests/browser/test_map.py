"""The map in a real browser, with every other host out of reach."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from gridmap.geo.crs import from_wgs84

from .screen import map_frame, on_screen
from .servers import Serve
from .world import HOSTILE, grids, middle

APP = Path(__file__).with_name("map_app.py")
PIXELS = """() => {
  const canvas = document.querySelector('.gridmap-layer canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Map();
  for (let i = 0; i < data.length; i += 4 * 97) {
    const key = [data[i], data[i + 1], data[i + 2], data[i + 3]].join();
    seen.set(key, (seen.get(key) || 0) + 1);
  }
  return Object.fromEntries(seen);
}"""
VIEW = """() => {
  const { x, y } = gridmap.state.map.project(gridmap.state.map.getCenter());
  return [gridmap.state.map.getZoom(), x, y];
}"""
SHARP = (
    "() => gridmap.state.wanted().every((code) => gridmap.state.details.get(code)?.codes)"
)
FILES = (
    "() => performance.getEntriesByType('resource').map((r) => r.name).filter((n) => "
    "n.includes('/gridmap/map/'))"
)


@pytest.fixture(scope="module")
def address(serve: Serve, tmp_path_factory) -> str:
    return serve(APP, home=tmp_path_factory.mktemp("home"))


def place(frame, code: int) -> tuple[float, float]:
    return on_screen(frame, *middle(code))


def test_colours_the_city_by_class_and_explains_them(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    seen = frame.evaluate(PIXELS)
    colours = frame.evaluate("() => gridmap.state.meta.colours")
    for colour in colours:
        rgb = ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
        assert seen.get(f"{rgb},255", 0) > 20, f"{colour} is not on the map"
    legend = frame.locator(".gridmap-legend")
    assert legend.locator(".gridmap-legend-title").text_content() == "上报"
    counts = frame.evaluate("() => gridmap.state.counts")
    assert sum(counts) == 192
    assert counts[-1] == 3
    shown = [text for text in legend.locator(".gridmap-count").all_text_contents() if text]
    assert [int(text) for text in shown] == [*counts[-2::-1], counts[-1]]
    ends = re.findall(
        r"\d+", " ".join(legend.locator(".gridmap-range").all_text_contents())
    )
    assert len(ends) == len(set(ends)) > 2, "a whole number stands in one class alone"


@pytest.mark.parametrize(
    "size",
    [("0px", "0px"), ("18px", "420px"), ("700px", "20px"), ("120px", "150px")],
    ids=["none", "narrow", "low", "new"],
)
def test_a_frame_too_small_for_its_margins_is_waited_out(page, address, size) -> None:
    page.goto(address)
    frame = map_frame(page)
    zoom, *middle_px = frame.evaluate(VIEW)
    resized = """([width, height]) => {
      const { map } = gridmap.state;
      map.getContainer().style.setProperty("width", width, "important");
      map.getContainer().style.setProperty("height", height, "important");
      map.invalidateSize({ animate: false });
    }"""
    frame.evaluate(resized, list(size))
    frame.evaluate("""() => {
      sessionStorage.clear();
      gridmap.state.framed = undefined;
      gridmap.state.frame(gridmap.state.meta);
    }""")
    frame.evaluate(resized, ["100%", "100vh"])
    zoom_after, *middle_after_px = frame.evaluate(VIEW)
    assert zoom_after == zoom
    # The library moves a map by whole pixels.
    assert middle_after_px == pytest.approx(middle_px, abs=1)


def test_hover_names_the_place_and_its_value(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    page.mouse.move(*place(frame, 410711104004003))
    card = frame.locator(".gridmap-card")
    card.wait_for()
    assert card.locator(".gridmap-card-name").text_content() == "第三网格"
    assert card.locator(".gridmap-card-path").text_content().startswith("牧野区 › ")
    assert card.locator(".gridmap-card-value").text_content().endswith("件")


def test_new_values_recolour_without_new_geometry_or_a_new_map(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    frame.evaluate(
        "() => { gridmap.state.same = gridmap.state.moved = true; "
        "gridmap.state.map.setView([35.23, 113.9], 12.5, {animate: false}) }"
    )
    frame.wait_for_function(SHARP)
    before, files = frame.evaluate(PIXELS), frame.evaluate(FILES)
    page.get_by_label("day").fill("5")
    page.keyboard.press("Enter")
    frame = map_frame(page, painted=2)
    assert frame.evaluate("() => gridmap.state.same") is True
    assert frame.evaluate("() => gridmap.state.map.getZoom()") == 12.5
    assert frame.evaluate(PIXELS) != before
    assert frame.evaluate(FILES) == files
    assert len([name for name in files if "/city-" in name]) == 1


def test_moving_and_zooming_rerun_nothing(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    page.get_by_text("runs=1", exact=True).wait_for()
    x, y = place(frame, 410702104004003)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 120, y + 40, steps=6)
    page.mouse.up()
    page.mouse.wheel(0, -600)
    frame.wait_for_function("() => gridmap.state.map.getZoom() > 12.5")
    page.wait_for_timeout(900)
    assert page.get_by_text("runs=1", exact=True).count() == 1


def test_a_click_tells_the_place_once_and_again_when_repeated(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    spot = place(frame, 410711104004003)
    page.mouse.click(*spot)
    page.get_by_text("clicks=1 place=410711104004003").wait_for()
    page.get_by_label("day").fill("3")
    page.keyboard.press("Enter")
    map_frame(page, painted=2)
    page.get_by_text("clicks=1 place=410711104004003").wait_for()
    page.mouse.click(*spot)
    page.get_by_text("clicks=2 place=410711104004003").wait_for()


def test_detail_comes_by_county_when_zoomed_in(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    lon, lat = middle(410702100001)
    frame.evaluate(
        f"() => {{ gridmap.state.map.setView([{lat}, {lon}], 14, {{animate: false}}) }}"
    )
    frame.wait_for_function(
        "() => gridmap.state.shown().some((set) => set.county === 410702)"
    )
    names = [name.rsplit("/", 1)[1] for name in frame.evaluate(FILES)]
    assert len([name for name in names if name.startswith("county-410702")]) == 1
    points = frame.evaluate(
        "() => [gridmap.state.set.px.length / 2, gridmap.state.shown()[0].px.length]"
    )
    assert points[1] > points[0]


def test_every_point_is_hovered_as_it_is_located(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    found = frame.evaluate(
        """(places) => places.map(([lon, lat]) => {
          const row = gridmap.rowAt(gridmap.state.set, gridmap.worldX(lon), gridmap.worldY(lat));
          return row < 0 ? 0 : gridmap.state.set.codes[row];
        })""",
        [list(middle(code)) for code in _codes()] + [[113.0, 35.0], [113.79, 35.24]],
    )
    assert [int(code) for code in found] == [*_codes(), 0, 0]


def test_base_maps_are_shifted_as_positions_are(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    lon, lat = np.array([113.4, 113.9, 115.0]), np.array([34.9, 35.3, 35.8])
    for system in ("gcj02", "bd09"):
        ours = np.column_stack(from_wgs84(lon, lat, system))
        theirs = frame.evaluate(
            f"(places) => places.map(([lon, lat]) => gridmap.{system}(lon, lat))",
            [*map(list, zip(lon.tolist(), lat.tolist(), strict=True))],
        )
        assert np.abs(ours - np.array(theirs)).max() < 1e-6


def test_the_view_survives_a_reload(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    page.mouse.move(*place(frame, 410702104004003))
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(600)
    view = "() => [gridmap.state.map.getZoom(), gridmap.state.map.getCenter().lng]"
    before = frame.evaluate(view)
    page.reload()
    assert map_frame(page).evaluate(view) == before


def test_an_untouched_map_follows_the_size_of_its_frame(page, address) -> None:
    page.goto(address)
    frame = map_frame(page)
    page.set_viewport_size({"width": 700, "height": 900})
    inside = """() => {
      const [a, b] = gridmap.state.config.bounds.map((corner) => gridmap.state.map.latLngToContainerPoint(corner));
      return a.x > 0 && b.x < gridmap.state.map.getSize().x && b.x - a.x > 0.6 * gridmap.state.map.getSize().x;
    }"""
    frame.wait_for_function(f"() => gridmap.state.map.getSize().x < 700 && ({inside})()")


def test_hostile_names_are_shown_as_they_are_written(page, address) -> None:
    page.goto(f"{address}/?hostile=1&marks=1")
    frame = map_frame(page)
    page.mouse.move(*place(frame, 410702100001001))
    card = frame.locator(".gridmap-card-name")
    card.wait_for()
    written = " ".join(HOSTILE.split())
    assert card.text_content() == written
    assert frame.locator(".gridmap-legend-title").text_content() == HOSTILE
    assert frame.locator(".gridmap-legend img, .gridmap-card img").count() == 0
    assert "owned" not in (frame.evaluate("() => document.title"), page.title())


@pytest.mark.parametrize(
    "query", ["level=1", "level=2&lang=en&dark=1", "level=3&heat=1", "area=410702101"]
)
def test_draws_every_level_ground_and_kind(page, address, query) -> None:
    page.goto(f"{address}/?{query}")
    frame = map_frame(page)
    assert len(frame.evaluate(PIXELS)) > 20, json.dumps(query)


def _codes() -> list[int]:
    return grids()["code"].tolist()
