"""The report page in a browser without a way out: click the map, send, get a receipt, ask
how it stands.
"""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from gridmap.city import City
from gridmap.city.flow.matters import MatterFilter
from gridmap.settings import Settings

from .conftest import ROOT, map_frame

PATIENCE_MS = 60_000
HOSTILE = (
    "${document.title='owned'}`</script><img src=x "
    "onerror=\"document.title='owned'\"> C:\\2019"
)


@pytest.fixture(scope="module")
def own(small_city, tmp_path_factory) -> City:
    """The front desk of a copy of the small city."""
    home = tmp_path_factory.mktemp("report") / "home"
    shutil.copytree(small_city.home, home)
    city = City.open(Settings(home=home))
    yield city
    city.close()


@pytest.fixture(scope="module")
def address(serve, own) -> str:
    """The application on it."""
    return serve(ROOT / "app.py", home=own.settings.home)


def at_rest(page: Page) -> None:
    """Wait until the page has run to its end."""
    page.wait_for_timeout(400)
    page.wait_for_selector(
        '[data-test-script-state="notRunning"]', state="attached", timeout=PATIENCE_MS
    )


def click_at(page: Page, lon: float, lat: float) -> None:
    """Click on a point of the map, once the map has come to rest."""
    page.wait_for_timeout(1500)
    found = map_frame(page).evaluate(
        (
            "([lat, lng]) => { const p = gridmap.state.map.latLngToContainerPoint([lat, lng]); "
            "return [p.x, p.y]; }"
        ),
        [lat, lon],
    )
    box = page.locator('iframe[title^="streamlit_folium"]').first.bounding_box()
    page.mouse.click(box["x"] + found[0], box["y"] + found[1])
    at_rest(page)


def pick_class(page: Page, name: str) -> None:
    """Choose the class of what is reported."""
    page.locator('[class*="st-key-report-0-class"] button').filter(has_text=name).click()
    at_rest(page)


def test_somebody_clicks_the_map_reports_and_asks_with_the_receipt(page, address, own):
    page.set_default_timeout(PATIENCE_MS)
    grid = int(own.places.search("曙光 第一", limit=1)["code"].iloc[0])
    lon, lat = own.places.middle(grid)
    page.goto(f"{address}/report?lang=zh")
    at_rest(page)
    map_frame(page)
    before = own.matters.count(MatterFilter())

    click_at(page, lon, lat)
    expect(
        page.get_by_text(re.compile(re.escape(own.places.path(grid // 1000))))
    ).to_be_visible()
    near = map_frame(page)
    near.wait_for_function(
        "() => gridmap.state.map.getZoom() > 11 && gridmap.state.pins.length === 1"
    )
    click_at(page, lon, lat)
    expect(page.get_by_text(own.places.path(grid), exact=False)).to_be_visible()
    # The first click may already have met the grid, so its name says nothing about which
    # pin stands: wait for this one.
    map_frame(page).wait_for_function(
        (
            "([lon, lat]) => { const [x, y] = gridmap.state.pins[0]; return Math.hypot(x - "
            "lon, y - lat) < 2e-5; }"
        ),
        arg=[lon, lat],
    )

    pick_class(page, "部件")
    page.locator('[class*="st-key-report-0-kind"] input').click()
    page.keyboard.type("交通标志")
    page.keyboard.press("Enter")
    at_rest(page)
    page.get_by_label("您看到了什么？").fill(HOSTILE)
    page.get_by_role("button", name="提交上报").dblclick()
    code = page.locator(".st-key-report-receipt code")
    code.wait_for()
    at_rest(page)
    receipt = code.inner_text().strip()

    assert own.matters.count(MatterFilter()) == before + 1
    found = own.matters.by_receipt(receipt)
    assert page.title() != "owned"
    page.get_by_role("tab", name="凭回执查询").click()
    page.get_by_label("回执号").fill(receipt.lower())
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text(found.number).last).to_be_visible()
    expect(page.get_by_role("heading", name="已上报")).to_be_visible()


def test_a_click_outside_the_city_is_answered_in_words(page, address, own):
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/report?lang=en")
    at_rest(page)
    map_frame(page)
    west, _, _, north = own.places.bounds(own.code)
    click_at(page, west + 0.001, north - 0.001)
    expect(page.get_by_text("This place lies outside the city.")).to_be_visible()


def test_a_photo_is_taken_along(page, address, own):
    page.set_default_timeout(PATIENCE_MS)
    grid = int(own.places.search("曙光 第一", limit=1)["code"].iloc[0])
    page.goto(f"{address}/report?lang=en")
    at_rest(page)
    page.locator(".st-key-report-where input").fill(str(grid))
    page.keyboard.press("Enter")
    page.locator(f".st-key-report-where-{grid} button").click()
    at_rest(page)
    pick_class(page, "Components")
    page.locator('[class*="st-key-report-0-kind"] input').click()
    page.keyboard.type("Pothole")
    page.keyboard.press("Enter")
    at_rest(page)
    page.locator('input[type="file"]').set_input_files(
        str(ROOT / "gridmap" / "ui" / "icon.png")
    )
    at_rest(page)
    page.get_by_role("button", name="Send report").click()
    code = page.locator(".st-key-report-receipt code")
    code.wait_for()
    number = own.matters.by_receipt(code.inner_text().strip()).number
    matter = int(own.matters.find(MatterFilter(text=number))["matter"].iloc[0])
    assert len(own.photos.of(matter)) == 1
