"""A clerk's task in a browser: sign in, open the inbox, accept a matter, dispatch it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from gridmap.cases.matters.acts import Act
from gridmap.city import City
from gridmap.city.flow.newmatter import NewMatter
from gridmap.model import Channel, Level, Status

from .screen import asked, at_rest, choose_page, open_page, open_row, sign_in, submit_button


@pytest.fixture
def task(city) -> tuple[int, int]:
    """A village clerk of the demonstration, and a matter taken in at the clerk's counter."""
    table = city.people.demo_users()
    villages = table["area"].astype(str).str.len() == Level.VILLAGE.digits
    clerk = int(table[villages & (table["role"] == "clerk")]["id"].iloc[0])
    lon, lat = city.places.middle(city.people.user(clerk).area)
    new = NewMatter("C0102", lon, lat, text="The lamp is out.", channel=Channel.CENTRE)
    return clerk, city.reporting.report(city.people.actor(clerk), new).matter


def sign_in_clerk(page: Page, city: City, clerk: int, *, lang: str) -> None:
    """Take the role of a clerk in the side bar."""
    office = city.people.office_name(city.people.user(clerk).office, lang)
    sign_in(page, office, {"zh": "坐席", "en": "clerk"}[lang])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clerk_accepts_and_dispatches_a_matter_from_the_inbox(
    page, address, city, task, lang
):
    clerk, matter = task
    actor = city.people.actor(clerk)
    words = {"zh": ("立案", "派遣", "新到"), "en": ("Accept", "Dispatch", "New")}[lang]
    open_page(page, f"{address}/?lang={lang}")
    sign_in_clerk(page, city, clerk, lang=lang)
    before = city.inbox.counts(actor)["new"]
    link = page.locator(".st-key-box-new button")
    expect(link).to_have_text(f"{words[2]} {before}")
    link.click()
    page.wait_for_url(re.compile("/inbox"))
    at_rest(page)
    row = city.inbox.matters(actor, "new")["matter"].tolist().index(matter)
    open_row(page.get_by_test_id("stDataFrame").first, row)
    page.wait_for_url(re.compile(f"matter={matter}"))
    at_rest(page)
    # What to do next is on the first screen.
    accept = submit_button(page, words[0])
    assert accept.bounding_box()["y"] < page.viewport_size["height"]
    accept.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(words[0])
    at_rest(page)
    assert city.matters.case(matter).status is Status.ACCEPTED
    target = city.people.targets(city.matters.case(matter), Act.DISPATCH).iloc[-1]
    name = target["name" if lang == "zh" else "name_en"]
    field = page.locator('[class*="st-key-matter-"][class*="-office"] input')
    field.click()
    field.fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    submit_button(page, words[1]).click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(words[1])
    at_rest(page)
    case = city.matters.case(matter)
    assert (case.status, case.office) == (Status.DISPATCHED, target["id"])
    expect(link).to_have_text(f"{words[2]} {before - 1}")


def test_who_is_signed_in_stays_so_over_pages_and_is_not_in_the_address(
    page, address, city, task
):
    open_page(page, f"{address}/?lang=en")
    sign_in_clerk(page, city, task[0], lang="en")
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
    open_page(page, f"{address}/matter?lang=en&matter={matter}")
    expect(page.get_by_text("Nobody is signed in.").first).to_be_visible()
    sign_in_clerk(page, city, clerk, lang="en")
    expect(page.get_by_text("The lamp is out.").first).to_be_visible()
