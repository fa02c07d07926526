"""A planner in a browser: a layer switched on, a road looked for, the next fault of a file."""

from __future__ import annotations

import json
from pathlib import Path

import shapely
from playwright.sync_api import Page, expect

from gridmap.city.city import City
from gridmap.store.plans.plans import read_grids

from .screen import choose_page, map_frame, sign_in

COUNT = (
    "(kind) => gridmap.state.overlays.all.filter((layer) => layer.about.kind === kind "
    "&& [...layer.tiles.values()].some(Boolean)).length"
)
MAPS = (
    "() => performance.getEntriesByType('resource').map((r) => r.name).filter((n) => "
    "n.includes('/gridmap/map/layer'))"
)


def test_a_layer_is_fetched_when_it_is_switched_on_and_stays_on(
    page: Page, address
) -> None:
    page.goto(f"{address}/?lang=zh&area=410702001")
    frame = map_frame(page)
    assert frame.evaluate(MAPS) == []
    frame.locator(".gridmap-layers-button").click()
    names = frame.locator(
        ".gridmap-layers-list label span:last-of-type"
    ).all_text_contents()
    assert "道路（生成）" in names
    frame.get_by_label("道路（生成）").check()
    frame.wait_for_function(f"() => ({COUNT})('roads') === 1")
    assert len(frame.evaluate(MAPS)) == 2
    page.reload()
    again = map_frame(page)
    again.wait_for_function(f"() => ({COUNT})('roads') === 1")


def test_a_road_is_found_by_name_and_shown_in_its_grid(page: Page, address, city) -> None:
    road = next(
        name
        for name in city.layers.near(city.places.bounds(410702))["name"]
        if name.endswith("路")
    )
    page.goto(f"{address}/?lang=zh")
    map_frame(page)
    box = page.get_by_placeholder("名称或代码")
    box.fill(road)
    box.press("Enter")
    page.get_by_test_id("stSidebar").get_by_role("button").filter(
        has_text=road
    ).first.click()
    expect(page.get_by_text("责任人员")).to_be_visible()
    frame = map_frame(page)
    frame.wait_for_function(
        "() => gridmap.state.focus !== null && gridmap.state.focus !== undefined"
    )
    frame.wait_for_function(f"() => ({COUNT})('roads') === 1")


def test_the_next_fault_of_a_file_moves_the_map_to_it(
    page: Page, address, city, tmp_path
) -> None:
    path = spoilt(city, tmp_path / "grids.geojson")
    page.goto(f"{address}/?lang=en")
    map_frame(page)
    sign_in(page, "planner")
    choose_page(page, "System", "Data")
    page.locator(".st-key-doctor-file input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("Fault 1 of", exact=False)).to_be_visible(timeout=120_000)
    frame = map_frame(page)
    first = frame.evaluate("() => gridmap.state.focus")
    centre = frame.evaluate("() => gridmap.state.map.getCenter()")
    page.get_by_role("button", name="Next fault").click()
    expect(page.get_by_text("Fault 2 of", exact=False)).to_be_visible()
    frame.wait_for_function(
        "() => JSON.stringify(gridmap.state.focus) !== "
        f"'{json.dumps(first, separators=(',', ':'))}'"
    )
    frame.wait_for_function(f"() => gridmap.state.map.getCenter().lng !== {centre['lng']}")
    assert frame.evaluate(f"() => ({COUNT})('faults')") == 1


def spoilt(city: City, path: Path) -> Path:
    """The city's grids with a vertex of two of them pulled out by about half a metre."""
    grids = read_grids(city.store)
    features = []
    for row, (code, own) in enumerate(zip(grids["code"], grids.geometry, strict=True)):
        ring = shapely.get_coordinates(own)
        ring[2] += 4e-6 * (row in (40, 300))
        features.append(
            {
                "type": "Feature",
                "properties": {"code": str(code)},
                "geometry": json.loads(shapely.to_geojson(shapely.Polygon(ring))),
            }
        )
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return path
