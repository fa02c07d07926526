"""What a person does and sees on the pages of the application, in a browser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Frame, Locator, Page, expect

PATIENCE_MS = 60_000
"""How long a page may take on the slowest machine."""
SETTLE_MS = 300
"""How long Streamlit may take to begin a run after a click."""
STILL_MS = 1_500
"""How long a map may glide."""
HEAD_PX, ROW_PX = 38, 35
MAP = 'iframe[title^="streamlit_folium"]'
POINT = """([lon, lat]) => {
  const p = gridmap.state.map.latLngToContainerPoint([lat, lon]);
  return [p.x, p.y];
}"""


def at_rest(page: Page) -> None:
    """Wait until the page has run to its end."""
    page.wait_for_timeout(SETTLE_MS)
    page.wait_for_selector('[data-test-script-state="notRunning"]', state="attached")


def open_page(page: Page, address: str) -> None:
    """Go to an address and wait until its page has run to its end."""
    page.goto(address)
    at_rest(page)


def asked(page: Page) -> dict[str, str]:
    """The parameters in the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def choose_page(page: Page, group: str, name: str) -> None:
    """Open a page by the menu: its group, then its name."""
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def sign_in(page: Page, *words: str) -> None:
    """Take in the side bar the first role of the demonstration whose line has all `words`."""
    at_rest(page)
    page.locator(".st-key-side-sign_in input").click()
    roles = page.get_by_role("option")
    for word in words:
        roles = roles.filter(has_text=word)
    roles.first.click()
    at_rest(page)
    expect(page.locator(".st-key-signout")).to_be_visible()


def choose_part(page: Page, name: str) -> None:
    """Open a part of the page by its name."""
    page.get_by_role("radio", name=name).click()
    at_rest(page)


def submit_button(page: Page, name: str) -> Locator:
    """The button that sends a form."""
    buttons = page.get_by_test_id("stFormSubmitButton")
    return buttons.get_by_role("button", name=name, exact=True)


def open_row(table: Locator, row: int) -> None:
    """Click into a row of a table, the first is 0."""
    middle = HEAD_PX + ROW_PX * row + ROW_PX // 2
    table.click(position={"x": 300, "y": middle})


def map_frame(page: Page, *, painted: int = 1) -> Frame:
    """The frame of the first map, once it has been painted `painted` times."""
    page.frame_locator(MAP).locator(".gridmap[data-painted]").first.wait_for()
    frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    frame.wait_for_function(f"() => gridmap.state.painted >= {painted}")
    return frame


def on_screen(frame: Frame, lon: float, lat: float) -> tuple[float, float]:
    """Where a point of the map is on the screen, in pixels."""
    box = frame.frame_element().bounding_box()
    x, y = frame.evaluate(POINT, [lon, lat])
    return box["x"] + x, box["y"] + y


def click_map(page: Page, lon: float, lat: float) -> None:
    """Click on a point of the map, once the map has come to rest."""
    page.wait_for_timeout(STILL_MS)
    page.mouse.click(*on_screen(map_frame(page), lon, lat))
