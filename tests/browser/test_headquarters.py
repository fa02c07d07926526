"""The commander's morning in a browser: the clearing, a late matter, a task given in a session; the unit answers."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import expect

from gridmap.city import City
from gridmap.settings import Settings

from .conftest import ROOT
from .test_desks import open_row
from .test_pages import PATIENCE_MS, at_rest


@pytest.fixture(scope="module")
def city(small_city, tmp_path_factory):
    """A city like the small one that may be changed."""
    home = tmp_path_factory.mktemp("headquarters") / "home"
    shutil.copytree(small_city.home, home)
    opened = City.open(Settings(home=home))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(serve, city) -> str:
    """The application on that city."""
    return serve(ROOT / "app.py", home=city.settings.home)


def enter(page, words):
    """Sign in as the first whose role and office are told by `words`."""
    page.locator(".st-key-side-sign_in input").click()
    page.get_by_role("option").filter(has_text=words).first.click()
    at_rest(page)


def test_a_commander_reads_the_clearing_opens_a_late_matter_and_gives_a_task_the_unit_answers(page, address, city):
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/headquarters?lang=en")
    at_rest(page)
    enter(page, "Commander")
    whole = city.headquarters.days(4107, city.today, 1).iloc[0]
    expect(page.get_by_text(f"{whole['carried_in']} carried in", exact=False)).to_be_visible()
    page.get_by_role("radio", name="Morning briefing").click()
    at_rest(page)
    late = city.headquarters.late(4107, limit=1)
    open_row(page, 0)
    page.wait_for_url(re.compile(f"matter={late['matter'].iloc[0]}"))
    at_rest(page)
    page.goto(f"{address}/sessions?lang=en")
    at_rest(page)
    enter(page, "Commander")
    session = int(city.sessions.listed(4107)["id"].iloc[0])
    page.locator(f".st-key-sessions-task-{session} textarea").fill("Finish it today.")
    page.get_by_role("button", name="Give the task").click()
    expect(page.get_by_text("The task has been given")).to_be_visible()
    task = city.sessions.get(session).tasks.set_index("task").loc["Finish it today."]
    own = city.people.demo_users("en").query(f"office == {task['office']}").iloc[0]
    page.goto(f"{address}/supervision?lang=en")
    at_rest(page)
    enter(page, own["office_name"])
    area = page.locator(f".st-key-supervision-task-{task['id']}-words textarea")
    area.fill("Done.")
    page.get_by_test_id("stForm").filter(has=area).get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The answer has been sent")).to_be_visible()
    assert city.sessions.get(session).tasks.set_index("id").loc[task["id"], "answer"] == "Done."
