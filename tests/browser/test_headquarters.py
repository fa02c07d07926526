"""The headquarters in a browser: the commander's morning, a task the unit answers, the
ladder; a window of a centre.
"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from gridmap.insight.selection import Selection
from gridmap.model import OfficeKind
from gridmap.ui.view import period_of

from .screen import at_rest, choose_part, open_page, open_row, sign_in


def test_a_commander_reads_the_clearing_opens_a_late_matter_and_gives_a_task_the_unit_answers(
    page, address, city
):
    open_page(page, f"{address}/headquarters?lang=en")
    sign_in(page, "Commander")
    whole = city.headquarters.days(4107, city.today, 1).iloc[0]
    expect(
        page.get_by_text(f"{whole['carried_in']} carried in", exact=False)
    ).to_be_visible()
    choose_part(page, "Morning briefing")
    late = city.headquarters.late(4107, limit=1)
    open_row(page.get_by_test_id("stDataFrame").first, 0)
    page.wait_for_url(re.compile(f"matter={late['matter'].iloc[0]}"))
    at_rest(page)
    open_page(page, f"{address}/sessions?lang=en")
    sign_in(page, "Commander")
    session = int(city.sessions.list(4107)["id"].iloc[0])
    form = f".st-key-session-{session}-assigned-0"
    page.locator(f"{form}-task textarea").fill("Finish it today.")
    page.get_by_role("button", name="Give the task").click()
    expect(page.get_by_text("The task has been given")).to_be_visible()
    task = city.orders.of_session(session).set_index("task").loc["Finish it today."]
    own = city.people.demo_users("en").query(f"office == {task['office']}").iloc[0]
    open_page(page, f"{address}/supervision?lang=en")
    sign_in(page, own["office_name"])
    area = page.locator(f".st-key-order-{task['id']}-answered-0-words textarea")
    area.fill("Done.")
    form = page.get_by_test_id("stForm").filter(has=area)
    form.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("The answer has been sent")).to_be_visible()
    assert (
        city.orders.of_session(session).set_index("id").loc[task["id"], "answer"] == "Done."
    )


def test_a_clerk_notes_at_the_centre_that_a_unit_has_come(page, address, city):
    centre = city.people.desk_of(410702, OfficeKind.COUNTY)
    rota = city.windows.rota(centre, city.today)
    window = int(rota[rota["on_duty"] & (rota["person"] == "")]["window"].iloc[0])
    open_page(page, f"{address}/window?lang=en")
    sign_in(page, f"Desk clerk · {city.people.office_name(centre, 'en')} ·")
    choose_part(page, "Rota")
    page.locator(f".st-key-rota-here-{window} button").click()
    expect(page.locator(f".st-key-rota-back-{window} button")).to_be_visible()
    rota = city.windows.rota(centre, city.today).set_index("window")
    assert rota.loc[window, "person"]


def test_a_leader_opens_the_matters_that_a_level_has_solved(page, address, city):
    solved = city.ladder.solved_at(
        Selection(*period_of("year", city.today), 4107), "village"
    )
    open_page(page, f"{address}/whistles?lang=en&period=year")
    sign_in(page, "Commander")
    # Tables come one by one: the first on the page may not be the first there is.
    levels = page.locator('[class*="st-key-whistles-levels"]').get_by_test_id("stDataFrame")
    open_row(levels, 0)
    expect(page.get_by_text(f"Village level: {len(solved):,} matters")).to_be_visible()
