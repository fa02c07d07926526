"""The application in a browser without a way out: drill-down, filters, languages, playback,
links, the wall.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from gridmap.store.opening import open_store
from gridmap.store.plans.plans import read_grids

from .screen import MAP, asked, at_rest, choose_page, click_map, map_frame, open_page
from .servers import APP


@pytest.fixture(scope="module")
def address(serve, small_city) -> str:
    """The application on the small city."""
    return serve(APP, home=small_city.home)


@pytest.fixture
def city_page(page: Page, address: str) -> Page:
    """The overview in English, at rest."""
    open_page(page, f"{address}/?lang=en")
    map_frame(page)
    return page


@pytest.fixture(scope="module")
def target(small_city) -> tuple[int, float, float]:
    """A grid, and the longitude and latitude of a point inside it."""
    with open_store(small_city) as store:
        row = read_grids(store).sort_values("code").iloc[7]
    point = row.geometry.representative_point()
    return int(row["code"]), point.x, point.y


def trail(page: Page) -> str:
    """The breadcrumb in one line."""
    return " ".join(page.locator(".st-key-trail").inner_text().split())


def test_clicks_on_the_map_lead_down_to_a_grid_and_the_breadcrumb_back(city_page, target):
    page, code = city_page, str(target[0])
    for digits in (6, 9, 12, 15):
        click_map(page, *target[1:])
        page.wait_for_url(re.compile(rf"area={code[:digits]}(?!\d)"))
        at_rest(page)
    assert urlsplit(page.url).path == "/grid"
    assert trail(page).count("›") == 4
    page.locator(".st-key-trail button").first.click()
    page.wait_for_url(re.compile(r"/\?(?!.*area=)"))
    at_rest(page)
    assert trail(page) == "Xinxiang"


@pytest.mark.parametrize(("zoom", "digits"), [(12.5, 12), (14.5, 15)])
def test_who_has_zoomed_in_opens_the_place_they_see(city_page, target, zoom, digits):
    page, (code, lon, lat) = city_page, target
    frame = map_frame(page)
    box = page.locator(MAP).first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -120)  # the reader takes the map in hand
    frame.wait_for_function("() => gridmap.state.moved")
    page.wait_for_timeout(600)
    frame.evaluate(
        "([at, zoom]) => gridmap.state.map.setView(at, zoom, {animate: false})",
        [[lat, lon], zoom],
    )
    click_map(page, *target[1:])
    page.wait_for_url(re.compile(rf"area={str(code)[:digits]}(?!\d)"))


def test_a_bar_opens_its_place(city_page):
    page = city_page
    choose_page(page, "Maps", "Workload")
    bar = page.locator(
        '[class*="st-key-chart_bars"] path[aria-roledescription="bar"]'
    ).first
    bar.click()
    page.wait_for_url(re.compile(r"area=\d{9}(?!\d)"))
    at_rest(page)
    assert "›" in trail(page)


def test_a_row_opens_its_place(city_page):
    page = city_page
    choose_page(page, "Maps", "Coverage")
    page.wait_for_url(re.compile("/coverage"))
    at_rest(page)
    table = page.locator('[class*="st-key-table_gaps"] [data-testid="stDataFrame"]').first
    table.click(position={"x": 16, "y": 52})
    page.wait_for_url(re.compile(r"/grid\?.*area=\d{15}"))


def test_a_filter_recolours_the_map_without_fetching_it_again(city_page):
    page = city_page
    frame = map_frame(page)
    painted = frame.evaluate("gridmap.state.painted")
    fetched: list[str] = []
    page.on(
        "request",
        lambda request: (
            fetched.append(request.url) if "/gridmap/map/" in request.url else None
        ),
    )
    page.get_by_label("Period").click()
    page.get_by_role("option", name="Last 90 days").click()
    frame.wait_for_function("painted => gridmap.state.painted > painted", arg=painted)
    assert asked(page)["period"] == "90"
    assert fetched == []


def test_panning_runs_nothing(city_page):
    page = city_page
    at_rest(page)
    box = page.locator(MAP).first.bounding_box()
    before = page.locator('[data-testid="stApp"]').get_attribute("data-test-script-state")
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    page.mouse.move(box["x"] + 380, box["y"] + 330, steps=4)
    page.mouse.up()
    page.wait_for_timeout(600)
    assert (
        page.locator('[data-testid="stApp"]').get_attribute("data-test-script-state")
        == before
        == "notRunning"
    )
    assert "area" not in asked(page)


def test_the_language_switches_every_word(city_page):
    page = city_page
    page.get_by_text("中文", exact=True).click()
    expect(page.get_by_test_id("stTopNavSection").filter(has_text="地图")).to_be_visible()
    at_rest(page)
    assert asked(page)["lang"] == "zh"
    assert trail(page) == "新乡市"


def test_playback_runs_through_the_period_and_can_be_stopped(city_page):
    page = city_page
    choose_page(page, "Maps", "Heatmap")
    page.wait_for_url(re.compile("/heatmap"))
    at_rest(page)
    page.get_by_role("button", name="Play", exact=True).click()
    note = page.frame_locator(MAP).first.locator(".gridmap-legend-note")
    note.filter(has_text=re.compile(r"2024-\d\d-\d\d")).wait_for()
    first = note.inner_text()
    expect(note).not_to_have_text(first)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_link_opens_the_same_state_for_somebody_else(page, address):
    open_page(
        page, f"{address}/workload?lang=en&area=410702&period=90&measure=load_per_km2"
    )
    expect(page.locator(".st-key-trail")).to_contain_text("Hongqi District")
    at_rest(page)
    assert asked(page) == {
        "lang": "en",
        "area": "410702",
        "period": "90",
        "measure": "load_per_km2",
    }
    expect(page.get_by_label("Period")).to_have_value("Last 90 days")


def test_a_place_is_found_by_name(city_page):
    page = city_page
    page.get_by_label("Find a place").fill("红旗")
    page.keyboard.press("Enter")
    page.locator('[class*="st-key-side-search-"] button').first.click()
    page.wait_for_url(re.compile("area=410702"))


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_the_wall_is_dark_large_and_without_controls(page, address, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{address}/?lang=zh&screen=wall")
    page.locator(".gm-figure").first.wait_for()
    at_rest(page)
    map_frame(page)
    assert not page.locator('[data-testid="stSidebar"]').is_visible()
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.gm-figure *, [data-testid="stText"] *')]
            .filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
            .map(e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 28 * height / 1080
    assert page.evaluate("document.documentElement.scrollHeight") <= height
    page.keyboard.press("Escape")
    expect(page.locator('[data-testid="stSidebar"]')).to_be_visible()
