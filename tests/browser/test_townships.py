"""Townships and villages in a browser: a dispute from the police to the visit; a task from
the desk to the phone and back.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from gridmap.cases.disputes import State
from gridmap.city import City
from gridmap.model import Level, OfficeKind
from gridmap.names import english_person

from .phone import signed_in
from .screen import at_rest, choose_part, open_page, sign_in, submit_button

COUNTY = 410702


def enter(page: Page, city: City, role: str, office: int) -> None:
    """Sign in as the first with the role (as the page calls it) in the office."""
    sign_in(page, f"{role} · {city.people.office_name(office, 'en')} ·")


def send(page: Page, label: str, words: str = "") -> None:
    """Fill in the words the form asks for, if any, and send it; wait until the page says
    that it is done.
    """
    button = submit_button(page, label)
    if words:
        page.get_by_test_id("stForm").filter(has=button).locator("textarea").fill(words)
    button.click()
    expect(page.get_by_test_id("stAlert")).to_contain_text(f"Done: {label}")
    at_rest(page)


def village_with_a_mediator(city):
    """A village with disputes whose first proposal for a labour dispute is its own."""
    areas = city.mediation.list(COUNTY)["area"]
    villages = [int(str(area)[: Level.VILLAGE.digits]) for area in areas]
    first = {village: city.mediation.propose(village, "labour")[0] for village in villages}
    return next(village for village in villages if first[village].shared == village)


def test_a_dispute_goes_from_the_police_to_an_agreement_and_a_visit(page, address, city):
    village = village_with_a_mediator(city)
    desk = city.people.desk_of(COUNTY, OfficeKind.COUNTY)
    handlers = city.people.demo_users().query("role == 'handler'")
    police = int(handlers[handlers["area"] == COUNTY]["office"].iloc[0])
    before = city.mediation.success(village)[["entrusted", "mediated"]].to_numpy()[0]
    page.goto(f"{address}/mediation?lang=en&area={village}")
    enter(page, city, "Handler", police)
    choose_part(page, "Entrust a dispute")
    page.locator('[class*="st-key-dispute-new-"][class*="-source"] input').click()
    page.get_by_role("option", name="Police", exact=True).click()
    parties = page.locator('[class*="st-key-dispute-new-"][class*="-parties"] input')
    for role in ("Neighbour", "Owner"):
        parties.fill(role)
        page.get_by_role("option", name=role, exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Entrust it").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("Entrusted under number")
    number = int(city.mediation.list(village)["id"].max())

    page.goto(f"{address}/mediation?lang=en&area={village}&dispute={number}")
    enter(page, city, "Desk clerk", desk)
    kind = str(
        city.mediation.get(city.people.actor(_user(city, "clerk", desk)), number).kind
    )
    best = city.mediation.propose(village, kind)[0].mediator
    proposed = page.get_by_label("Proposed mediators, best first")
    expect(proposed).to_have_value(
        re.compile(rf"{english_person(best.name)} · .*in the same village")
    )
    send(page, "Assign a mediator")
    send(page, "Note a session", "They met at the village office.")
    choose_part(page, "Agreement reached")
    send(page, "Agreement reached", "The wall is taken down by June.")
    send(page, "Note a follow-up visit", "The wall is gone.")
    stands = city.mediation.get(city.people.actor(_user(city, "clerk", desk)), number)
    assert (stands.state, stands.mediator, stands.visited_at > 0) == (
        State.AGREED,
        best.id,
        True,
    )
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text(f"({before[1] + 1} / {before[0] + 1})")).to_be_visible()


def test_a_task_is_given_at_the_desk_done_on_the_phone_and_counted_at_the_desk(
    page, address, city, phones
):
    worker = city.people.demo_users().query("role == 'grid_worker'").iloc[0].to_dict()
    village = int(
        str(city.people.actor(int(worker["id"])).areas[0])[: Level.VILLAGE.digits]
    )
    desk = city.people.desk_of(COUNTY, OfficeKind.COUNTY)
    page.goto(f"{address}/tasks?lang=en&area={village}")
    enter(page, city, "Dispatcher", desk)
    choose_part(page, "Give a task")
    page.get_by_label("Title").fill("Check the wells")
    page.get_by_label("Checklist", exact=False).fill("Is it covered?\nIs it fenced?")
    page.get_by_role("button", name="Give the task").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("The task is in")
    task = city.tasks.tasks(village).iloc[0]
    grids = len(city.places.grids(village))
    assert (task["title"], task["parts"], task["done"]) == ("Check the wells", grids, 0)

    actor = city.people.actor(int(worker["id"]))
    grid = next(grid for one, grid in city.tasks.mine(actor) if one.id == task["id"])
    phone = signed_in(phones(at=city.places.middle(grid)), worker)
    phone.tap("[data-tab=tasks]")
    phone.tap(f'[data-round="{task["id"]}-{grid}"]')
    phone.tap('[data-answer="0-true"]')
    phone.tap('[data-answer="1-false"]')
    phone.tap("#confirm")
    phone.sees(".toast")
    phone.page.wait_for_function("() => !document.querySelector('.line a.chip')")
    phone.sends_all()

    open_page(page, f"{address}/tasks?lang=en&area={village}&task={task['id']}")
    expect(page.get_by_text(f"(1 / {grids})")).to_be_visible()


def _user(city: City, role: str, office: int) -> int:
    users = city.people.demo_users()
    return int(users[(users["role"] == role) & (users["office"] == office)]["id"].iloc[0])
