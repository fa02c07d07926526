"""The traffic sign: reported by phone, at the committee's desk in two minutes, at the
bureau's in thirty, mended, closed.

Four people of the demonstration play it, each through what they really use: the grid worker
the report interface, the others their pages. Each server's clock shows the time at which
its part of the story happens.
"""

from __future__ import annotations

import json
from datetime import datetime
from urllib.request import Request, urlopen

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from gridmap import terms
from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.cases.matters.acts import Act
from gridmap.city import City
from gridmap.model import Status
from gridmap.words import Words

from .phone import photo
from .screen import at_rest, open_page, sign_in, submit_button
from .servers import APP

SIGN = "C0201"
WORDS = "交通标志被撞倒，横在路边，影响通行。"
TWO_MINUTES_S, THIRTY_MINUTES_S = 120, 1800
TURN_S = 400
"""How far a server's clock may have run on before a person has done their part, on the
slowest machine.
"""


def moment(hour: int, minute: int) -> str:
    return datetime(2024, 5, 21, hour, minute, tzinfo=TIME_ZONE).isoformat()


@pytest.fixture(scope="module")
def people(city) -> dict[str, int]:
    """The demonstration's users by login."""
    return {user.login: user.id for user in city.people.directory.users.values()}


class Interface:
    """What a phone asks of the report interface."""

    def __init__(self, url: str, user: int) -> None:
        self.url = url
        self.key = ""
        self.key = self.send("/api/v1/demo/sign-in", {"user": user})["key"]

    def send(
        self, path: str, body: object = None, *, kind: str = "application/json"
    ) -> dict:
        data = (
            body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        )
        head = {"Content-Type": kind} | (
            {"Authorization": f"Bearer {self.key}"} if self.key else {}
        )
        with urlopen(
            Request(self.url + path, data=data, headers=head), timeout=30
        ) as answer:
            return json.loads(answer.read())


def sit_down(page: Page, address: str, city: City, user: int, matter: int) -> None:
    """Take the role of `user` in the side bar, and open the matter from the inbox."""
    who, say = city.people.user(user), Words("zh")
    open_page(page, f"{address}/inbox?lang=zh")
    office, role = (
        city.people.office_name(who.office, "zh"),
        say(terms.USER_ROLES[who.role.value]),
    )
    sign_in(page, office, role, who.name)
    actor = city.people.actor(user)
    boxes = [
        box
        for box in city.inbox.counts(actor)
        if matter in city.inbox.matters(actor, box)["matter"].tolist()
    ]
    assert boxes, f"matter {matter} lies in no box of {who.login}"
    open_page(page, f"{address}/matter?lang=zh&matter={matter}")
    sign_in(page, office, role, who.name)
    expect(page.get_by_text(WORDS).first).to_be_visible()


def make(page: Page, move: Act, reason: str = "", picture: bytes = b"") -> None:
    """Choose a move of the form, say why, make it."""
    name = Words("zh")(terms.MOVES[move.value])
    pill = page.locator('[class*="st-key-matter-"] button').filter(has_text=name)
    button = submit_button(page, name)
    if not button.is_visible():
        pill.first.click()
        at_rest(page)
    if reason:
        page.get_by_test_id("stForm").locator("textarea").fill(reason)
    if picture:
        page.locator('input[type="file"]').set_input_files(
            {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": picture}
        )
        at_rest(page)
    button.click()
    expect(page.get_by_test_id("stAlert").filter(has_text=name)).to_be_visible()
    at_rest(page)


def test_a_damaged_traffic_sign_is_reported_mended_verified_and_closed(
    page, serve, serve_api, city, home, people
):
    pages = {
        hour: serve(APP, home=home, GRIDMAP_NOW=moment(*hour))
        for hour in ((9, 2), (9, 30), (10, 40))
    }
    worker = city.people.actor(people["demo.worker"])
    lon, lat = city.places.middle(worker.areas[0])

    # 09:00, the grid worker: a photo and a report, from the phone.
    phone = Interface(serve_api(home, GRIDMAP_NOW=moment(9, 0)).url, worker.user)
    picture = phone.send(
        "/api/v1/photos?client_id=story-photo", photo()["buffer"], kind="image/jpeg"
    )["id"]
    told = phone.send(
        "/api/v1/reports",
        {
            "client_id": "story",
            "category": SIGN,
            "lon": lon,
            "lat": lat,
            "text": WORDS,
            "photos": [picture],
        },
    )
    matter = told["matter"]
    reported = city.matters.case(matter)
    assert reported.status is Status.REPORTED
    village = city.people.user(people["demo.clerk.village"]).office
    assert reported.office == village, (
        "a damaged sign goes to the neighbourhood committee first"
    )

    # 09:02, the clerk of the neighbourhood committee: accepted, and sent to the county's
    # urban management bureau.
    sit_down(page, pages[9, 2], city, people["demo.clerk.village"], matter)
    expect(page.get_by_test_id("stImage").first).to_be_visible()
    make(page, Act.ACCEPT)
    make(page, Act.DISPATCH)
    sent = city.matters.case(matter)
    bureau = city.people.user(people["demo.handler"]).office
    assert (sent.status, sent.office) == (Status.DISPATCHED, bureau)
    assert TWO_MINUTES_S <= sent.accepted_at - sent.reported_at < TWO_MINUTES_S + TURN_S

    # 09:30, the bureau: the crew is sent, and tells what it has done.
    sit_down(page, pages[9, 30], city, people["demo.handler"], matter)
    make(page, Act.HANDLE, "抢修班组已出发。")
    begun = city.matters.case(matter)
    assert begun.status is Status.HANDLING
    assert THIRTY_MINUTES_S <= begun.since - begun.reported_at < THIRTY_MINUTES_S + TURN_S
    make(page, Act.ANSWER, "标志已扶正加固，路面已清理。", photo(480)["buffer"])

    # 10:40, the verifier, who did not handle it.
    sit_down(page, pages[10, 40], city, people["demo.verifier"], matter)
    expect(page.get_by_text("标志已扶正加固，路面已清理。").first).to_be_visible()
    make(page, Act.CLOSE)

    closed = city.matters.case(matter)
    assert (closed.status, closed.reworks) == (Status.CLOSED, 0)
    assert closed.closed_at <= closed.due_at
    journal = city.matters.journal(matter)
    moves = [Act.ACCEPT, Act.DISPATCH, Act.HANDLE, Act.ANSWER, Act.CLOSE]
    assert journal["move"].tolist()[1:] == [move.value for move in moves]
    assert np.all(np.diff(journal["at"]) >= 0)
    actors = [
        people[login]
        for login in ("demo.worker", "demo.clerk.village", "demo.handler", "demo.verifier")
    ]
    assert list(dict.fromkeys(journal["actor"].tolist())) == actors

    # The worker asks with the receipt, another system by Open311.
    standing = phone.send(f"/api/v1/receipts/{told['receipt']}")
    assert standing["status"] == "closed"
    (request,) = phone.send(f"/open311/v2/requests/{told['number']}.json")
    assert (request["status"], request["service_code"]) == ("closed", SIGN)
    assert to_epoch(datetime.fromisoformat(request["updated_datetime"])) == closed.closed_at
