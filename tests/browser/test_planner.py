"""A planner's task in a browser: split a grid, undo, merge two, publish, and see the
figures on the Workload page.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from playwright.sync_api import Frame, Page, expect

from gridmap.cases.actors import Actor
from gridmap.city import City
from gridmap.model import Level

from .screen import (
    at_rest,
    choose_page,
    map_frame,
    on_screen,
    open_page,
    sign_in,
    submit_button,
)


@pytest.fixture
def pair(city) -> tuple[int, int, int]:
    """Two neighbouring grids of one village, and the township they lie in."""
    codes = city._desk.data.grids.codes
    for code in codes.tolist():
        near = city.places.neighbours(code)
        for other in near["code"].tolist():
            if other // 1000 == code // 1000:
                return code, other, code // 10**6
    raise AssertionError


def actor_of(city: City, role: str) -> Actor:
    table = city.people.demo_users()
    return city.people.actor(int(table[table["role"] == role]["id"].iloc[0]))


def draw_line(page: Page, frame: Frame, line: list[tuple[float, float]]) -> None:
    frame.locator(".leaflet-draw-draw-polyline").click()
    for place in [*line, line[-1]]:
        x, y = on_screen(frame, *place)
        page.mouse.move(x, y)
        page.wait_for_timeout(60)
        page.mouse.click(x, y)
        page.wait_for_timeout(120)


def across(shape: shapely.Geometry) -> list[tuple[float, float]]:
    """A line through the middle of a polygon that ends a little beyond it."""
    _, south, _, north = shape.bounds
    middle = shape.representative_point()
    beyond = (north - south) * 0.15
    return [(middle.x, south - beyond), (middle.x, north + beyond)]


def drawn(frame: Frame, count: int) -> None:
    frame.wait_for_function(
        f"() => gridmap.state.draft && gridmap.state.draft.grids.length === {count}"
    )


def before_and_after(page: Page) -> None:
    """The panels beside the map: figures by township, and how even the draft is."""
    page.get_by_text("Townships", exact=True).first.click()
    at_rest(page)
    expect(page.locator('[class*="st-key-table_draft-effect"]').first).to_be_visible()
    page.get_by_text("Balance", exact=True).first.click()
    expect(page.get_by_text("Deviation: distance from the mean").first).to_be_visible()


def proposals(page: Page, frame: Frame) -> None:
    """One is asked for and looked at: the map shows more grids than were drawn, until
    another panel is opened.
    """
    count = frame.evaluate("() => gridmap.state.draft.grids.length")
    page.get_by_text("Suggest", exact=True).first.click()
    at_rest(page)
    submit_button(page, "Suggest").click()
    expect(page.get_by_text("Choose a row").first).to_be_visible()
    page.locator(".st-key-table_draft-proposals").first.click(position={"x": 120, "y": 52})
    frame.wait_for_function(f"() => gridmap.state.draft.grids.length > {count}")
    expect(page.get_by_text("Take it into this draft")).to_be_visible()
    expect(page.locator('[class*="st-key-chart_draft-trade_off"]').first).to_be_visible()
    page.get_by_text("Result", exact=True).first.click()
    drawn(frame, count)
    page.get_by_text("Grids", exact=True).first.click()
    at_rest(page)


def test_a_planner_splits_undoes_merges_and_publishes_and_the_workload_follows(
    page, city, address, pair
):
    one, other, township = pair
    before = city.workload.table(city.default_selection(), Level.GRID).set_index("code")
    open_page(page, f"{address}/planning?lang=en&area={one // 1000}")
    page.get_by_text("who review their drafts").first.wait_for()
    sign_in(page, "planner")
    page.get_by_role("button", name="New draft").click()
    page.get_by_label("Name of the draft").fill("New estate")
    page.get_by_role("button", name="Make it").click()
    at_rest(page)
    frame = map_frame(page)
    page.wait_for_timeout(1500)

    # a split, by a line right across the grid
    draw_line(page, frame, across(city.places.shapes([one])[one]))
    frame.wait_for_function(
        "() => gridmap.state.draft && gridmap.state.draft.grids.length >= 2"
    )
    expect(page.get_by_text("Split off").first).to_be_visible()
    before_and_after(page)
    proposals(page, frame)

    # an undo
    page.get_by_role("button", name="Undo").click()
    drawn(frame, 0)
    expect(page.get_by_text("Nothing is drawn yet").first).to_be_visible()

    # a merge of two grids chosen by clicks
    page.get_by_text("Merge", exact=True).first.click()
    at_rest(page)
    for code in (one, other):
        point = city.places.middle(code)
        page.mouse.click(*on_screen(frame, *point))
        frame.wait_for_function(
            f"() => gridmap.state.draft && gridmap.state.draft.picks.includes({code})"
        )
    page.get_by_role("button", name="Merge them").click()
    drawn(frame, 1)

    # handed in, approved by somebody else, published
    page.get_by_text("Review", exact=True).first.click()
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_text("Submitted by").first).to_be_visible()
    draft = city.drafts.get(
        int(city.drafts.listed(actor_of(city, "planner"))["id"].iloc[0])
    )
    city.review.approve(actor_of(city, "commander"), draft)
    page.get_by_text("Result", exact=True).first.click()
    at_rest(page)
    page.get_by_text("Review", exact=True).first.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("In force as plan 2.")).to_be_visible()

    # the figures
    city.reload()
    merged = int(np.setdiff1d(city._desk.data.grids.codes, before.index)[0])
    after = city.workload.table(city.default_selection(), Level.GRID).set_index("code")
    assert after.loc[merged, "reports"] == before.loc[[one, other], "reports"].sum()
    assert after.loc[merged, "households"] == before.loc[[one, other], "households"].sum()
    choose_page(page, "Maps", "Workload")
    at_rest(page)
    open_page(
        page,
        f"{address}/workload?lang=en&area={township * 1000 + one // 1000 % 1000}&level=grid",
    )
    expect(page.get_by_text("by the plan in force “New estate”").first).to_be_visible()
    load = after.loc[merged, "load"]
    assert load == pytest.approx(before.loc[[one, other], "load"].sum())
