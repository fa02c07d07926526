"""A clerk's task in a browser: sign in, open the inbox, accept a matter, dispatch it."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import Page, expect

from gridmap.cases.moves import Move
from gridmap.city import City
from gridmap.city.flow.matters import NewMatter
from gridmap.model import Channel, Level, Status
from gridmap.settings import Settings

from .conftest import ROOT, choose_page
from .test_pages import PATIENCE_MS, asked, at_rest

HEAD_PX, ROW_PX = 38, 35


@pytest.fixture(scope="module")
def city(small_city, tmp_path_factory):
    """A city like the small one that may be changed."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(small_city.home, home)
    opened = City.open(Settings(home=home))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(serve, city) -> str:
    """The application on that city."""
    return serve(ROOT / "app.py", home=city.settings.home)


@pytest.fixture
def task(city) -> tuple[int, int]:
    """A village clerk of the demonstration, and a matter taken in at the clerk's counter."""
    table = city.people.demo_users()
    villages = table["area"].astype(str).str.len() == Level.VILLAGE.digits
    clerk = int(table[villages & (table["role"] == "clerk")]["id"].iloc[0])
    lon, lat = city.places.middle(city.people.user(clerk).area)
    new = NewMatter("C0102", lon, lat, text="The lamp is out.", channel=Channel.CENTRE)
    return clerk, city.matters.report(city.people.actor(clerk), new).matter


def sign_in(page: Page, city: City, user: int, *, lang: str) -> None:
    """Take the role of `user` in the side bar."""
    who = city.people.user(user)
    page.locator(".st-key-side-sign_in input").click()
    office = city.people.office_name(who.office, lang)
    page.get_by_role("option").filter(has_text=office).filter(
        has_text="坐席" if lang == "zh" else "clerk"
    ).click()
    at_rest(page)
    expect(page.locator(".st-key-signout")).to_be_visible()


def open_row(page: Page, row: int) -> None:
    """Click into a row of the (first) table."""
    table = page.get_by_test_id("stDataFrame").first
    table.click(position={"x": 300, "y": HEAD_PX + ROW_PX * row + ROW_PX // 2})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clerk_accepts_and_dispatches_a_matter_from_the_inbox(
    page, address, city, task, lang
):
    clerk, matter = task
    actor = city.people.actor(clerk)
    words = {"zh": ("立案", "派遣", "新到"), "en": ("Accept", "Dispatch", "New")}[lang]
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/?lang={lang}")
    at_rest(page)
    sign_in(page, city, clerk, lang=lang)
    before = city.inbox.counts(actor)["new"]
    link = page.locator(".st-key-box-new button")
    expect(link).to_have_text(f"{words[2]} {before}")
    link.click()
    page.wait_for_url(re.compile("/inbox"))
    at_rest(page)
    open_row(page, city.inbox.matters(actor, "new")["matter"].tolist().index(matter))
    page.wait_for_url(re.compile(f"matter={matter}"))
    at_rest(page)
    # What to do next is on the first screen.
    accept = page.get_by_test_id("stFormSubmitButton").get_by_role(
        "button", name=words[0], exact=True
    )
    assert accept.bounding_box()["y"] < page.viewport_size["height"]
    accept.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(words[0])
    at_rest(page)
    assert city.matters.case(matter).status is Status.ACCEPTED
    dispatch = page.get_by_test_id("stFormSubmitButton").get_by_role(
        "button", name=words[1], exact=True
    )
    target = city.people.targets(city.matters.case(matter), Move.DISPATCH).iloc[-1]
    name = target["name" if lang == "zh" else "name_en"]
    field = page.locator('[class*="st-key-matter-"][class*="-office"] input')
    field.click()
    field.fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    dispatch.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(words[1])
    at_rest(page)
    case = city.matters.case(matter)
    assert (case.status, case.office) == (Status.DISPATCHED, target["id"])
    expect(link).to_have_text(f"{words[2]} {before - 1}")


def test_who_is_signed_in_stays_so_over_pages_and_is_not_in_the_address(
    page, address, city, task
):
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/?lang=en")
    at_rest(page)
    sign_in(page, city, task[0], lang="en")
    for group, name in (
        ("Matters", "Inbox"),
        ("Maps", "Coverage"),
        ("Matters", "All matters"),
    ):
        choose_page(page, group, name)
        at_rest(page)
        expect(page.locator(".st-key-signout")).to_be_visible()
        assert asked(page) == {"lang": "en"}


def test_a_matter_sent_as_a_link_opens_after_signing_in(page, address, city, task):
    clerk, matter = task
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/matter?lang=en&matter={matter}")
    at_rest(page)
    expect(page.get_by_text("Nobody is signed in.").first).to_be_visible()
    sign_in(page, city, clerk, lang="en")
    expect(page.get_by_text("The lamp is out.").first).to_be_visible()
