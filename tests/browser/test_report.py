"""The report page in a browser without a way out: click the map, send, get a receipt, ask
how it stands.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from gridmap.city.flow.matters import MatterFilter

from .screen import at_rest, click_map, map_frame, open_page
from .servers import ROOT

HOSTILE = (
    "${document.title='owned'}`</script><img src=x "
    "onerror=\"document.title='owned'\"> C:\\2019"
)


def pick_class(page: Page, name: str) -> None:
    """Choose the class of what is reported."""
    page.locator('[class*="st-key-report-0-class"] button').filter(has_text=name).click()
    at_rest(page)


def test_somebody_clicks_the_map_reports_and_asks_with_the_receipt(page, address, city):
    grid = int(city.places.search("曙光 第一", limit=1)["code"].iloc[0])
    lon, lat = city.places.middle(grid)
    open_page(page, f"{address}/report?lang=zh")
    map_frame(page)
    before = city.matters.count(MatterFilter())

    click_map(page, lon, lat)
    at_rest(page)
    expect(
        page.get_by_text(re.compile(re.escape(city.places.path(grid // 1000))))
    ).to_be_visible()
    near = map_frame(page)
    near.wait_for_function(
        "() => gridmap.state.map.getZoom() > 11 && gridmap.state.pins.length === 1"
    )
    click_map(page, lon, lat)
    at_rest(page)
    expect(page.get_by_text(city.places.path(grid), exact=False)).to_be_visible()
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

    assert city.matters.count(MatterFilter()) == before + 1
    found = city.matters.by_receipt(receipt)
    assert page.title() != "owned"
    page.get_by_role("tab", name="凭回执查询").click()
    page.get_by_label("回执号").fill(receipt.lower())
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text(found.number).last).to_be_visible()
    expect(page.get_by_role("heading", name="已上报")).to_be_visible()


def test_a_click_outside_the_city_is_answered_in_words(page, address, city):
    open_page(page, f"{address}/report?lang=en")
    map_frame(page)
    west, _, _, north = city.places.bounds(city.code)
    click_map(page, west + 0.001, north - 0.001)
    at_rest(page)
    expect(page.get_by_text("This place lies outside the city.")).to_be_visible()


def test_a_photo_is_taken_along(page, address, city):
    grid = int(city.places.search("曙光 第一", limit=1)["code"].iloc[0])
    open_page(page, f"{address}/report?lang=en")
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
    number = city.matters.by_receipt(code.inner_text().strip()).number
    matter = int(city.matters.find(MatterFilter(text=number))["matter"].iloc[0])
    assert len(city.photos.of(matter)) == 1
