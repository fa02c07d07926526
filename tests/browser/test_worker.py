"""The worker application on a phone of 390 × 844: with a line, without one, and when the
line comes back.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely.geometry
import uvicorn
from playwright.sync_api import expect
from ports import free_port
from sqlalchemy import func, select
from starlette.applications import Starlette

from gridmap.api import worker_files
from gridmap.city import City
from gridmap.settings import Settings
from gridmap.store.opening import open_store
from gridmap.store.tables import (
    attachments,
    cases,
    matters,
    task_findings,
    task_parts,
    visits,
)

from .phone import Phone, ask, photo, signed_in
from .servers import Server

HOSTILE = (
    "${document.title='owned'}` </script><img src=x "
    "onerror=\"document.title='owned'\"> C:\\2019 \u202egnirts <b>粗</b>"
)
TAPS = """() => {
  window.taps = [];
  document.addEventListener('click', (event) => event.isTrusted && window.taps.push(event.target.outerHTML.slice(0, 60)), true);
}"""
FREE = """() => {
  const box = document.querySelector('.map').getBoundingClientRect();
  const taken = [...document.querySelectorAll('.leaflet-marker-icon.leaflet-interactive')].map((mark) => mark.getBoundingClientRect());
  for (let ring = 0; ring < 150; ring += 5) {
    for (let turn = 0; turn < 6.28; turn += 0.3) {
      const [x, y] = [box.x + box.width / 2 + ring * Math.cos(turn), box.y + box.height / 2 + ring * Math.sin(turn)];
      if (taken.every((mark) => x < mark.left - 4 || x > mark.right + 4 || y < mark.top - 4 || y > mark.bottom + 4)) return [x, y];
    }
  }
  throw new Error('There is no free place on the map.');
}"""
SMALL = """() => [...document.querySelectorAll('button, a, input, textarea, summary, label.shoot')]
  .filter((node) => node.offsetParent && !node.closest('[hidden]') && node.className !== 'hidden-input')
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([node, box]) => box.width && (box.height < 44 || box.width < 44) && !node.matches('.chip'))
  .map(([node, box]) => `${node.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def people(server: Server) -> dict[str, dict]:
    """The demonstration's persons, the first of each role."""
    found: dict[str, dict] = {}
    for user in ask(server, "demo/users"):
        found.setdefault(user["role"], user)
    return found


@pytest.fixture(scope="module")
def key(server: Server, people) -> str:
    """A device key of the grid worker."""
    return ask(server, "demo/sign-in", json_body={"user": people["grid_worker"]["id"]})[
        "key"
    ]


@pytest.fixture(scope="module")
def spot(server: Server, key: str) -> tuple[float, float]:
    """Longitude and latitude of a point inside a grid of the worker's own."""
    own = [
        row
        for row in ask(server, "me/map", key=key)["features"]
        if row["properties"]["own"]
    ]
    point = shapely.geometry.shape(own[0]["geometry"]).representative_point()
    return point.x, point.y


@pytest.fixture
def worker(phones, people, spot) -> Phone:
    """A phone in the grid worker's hand, signed in, standing in the worker's grid, able to
    start without a line.
    """
    return signed_in(phones(at=spot), people["grid_worker"])


def shoot(phone: Phone, picture: dict) -> None:
    """Tap the camera and take `picture`."""
    with phone.page.expect_file_chooser() as chooser:
        phone.tap("label.shoot")
    chooser.value.set_files([picture])
    phone.sees(".shot img")


def tap_a_free_place(phone: Phone) -> None:
    """Tap the map near its middle, where no task is."""
    x, y = phone.page.evaluate(FREE)
    phone.page.touchscreen.tap(x, y)


def reports(server: Server, key: str) -> list[dict]:
    return ask(server, "me/reports", key=key)


def count(home: Path, client_id: str) -> int:
    """How many matters the truth has under an id of a phone."""
    with open_store(Settings(home=home)) as store, store.read() as connection:
        return connection.scalar(
            select(func.count())
            .select_from(matters)
            .where(matters.c.client_id.endswith(client_id))
        )


def test_a_person_signs_in_and_sees_grid_neighbours_and_tasks(worker, server, key):
    area = ask(server, "me/map", key=key)["features"]
    own = [row["properties"]["name"] for row in area if row["properties"]["own"]]
    assert 0 < len(own) < len(area)
    assert worker.page.locator(".grid-name.own").first.inner_text() in own
    tasks = ask(server, "me/tasks", key=key)
    assert tasks, "the demonstration leaves something to do"
    worker.tap("[data-tab=tasks]")
    worker.sees("[data-matter]")
    assert worker.page.locator("[data-matter]").count() == len(tasks)
    due = worker.page.locator("[data-matter] .limit")
    assert due.count() == sum(1 for task in tasks if task["step_due_at"] or task["due_at"])
    words = due.first.inner_text()
    assert "超期" in words or "还有" in words
    assert "轮到您" in worker.text()


def test_four_taps_make_a_report_with_photo_and_position(worker, server, key, spot, home):
    before = {row["receipt"] for row in reports(server, key)}
    worker.page.evaluate(TAPS)
    worker.tap("[data-tab=report]")
    worker.sees(".quick .tile")
    code = worker.page.locator(".quick .tile").nth(2).get_attribute("data-code")
    worker.tap(f'.quick .tile[data-code="{code}"]')
    shoot(worker, photo())
    expect(worker.page.locator(".place")).to_contain_text("定位")
    worker.tap("#send")
    worker.sees("[data-receipt]")
    assert len(worker.page.evaluate("() => window.taps")) == 4
    worker.page.wait_for_function(
        (
            "(known) => [...document.querySelectorAll('[data-receipt]')].some((row) => "
            "!known.includes(row.dataset.receipt))"
        ),
        arg=list(before),
    )
    (made,) = [row for row in reports(server, key) if row["receipt"] not in before]
    assert made["category"] == code
    assert worker.page.locator(f'[data-receipt="{made["receipt"]}"]').count() == 1
    with open_store(Settings(home=home)) as store, store.read() as connection:
        row = connection.execute(
            select(matters).where(matters.c.id == made["matter"])
        ).one()
        pictures = connection.scalar(
            select(func.count())
            .select_from(attachments)
            .where(attachments.c.matter == made["matter"])
        )
    assert (row.lon, row.lat) == pytest.approx(spot, abs=1e-6)
    assert pictures == 1
    worker.tap(f'[data-receipt="{made["receipt"]}"]')
    worker.sees(".code.big")
    assert made["receipt"] in worker.text()


def test_without_a_position_a_tap_on_the_map_is_one_of_the_four(
    phones, people, server, key
):
    phone = signed_in(phones(), people["grid_worker"])
    before = {row["receipt"] for row in reports(server, key)}
    phone.page.evaluate(TAPS)
    tap_a_free_place(phone)
    phone.sees(".quick .tile")
    expect(phone.page.locator(".place")).to_contain_text("地图上选定的位置")
    phone.tap(".quick .tile")
    shoot(phone, photo())
    phone.tap("#send")
    phone.page.wait_for_function(
        (
            "(known) => [...document.querySelectorAll('[data-receipt]')].some((row) => "
            "!known.includes(row.dataset.receipt))"
        ),
        arg=list(before),
    )
    assert len(phone.page.evaluate("() => window.taps")) == 4
    assert len([row for row in reports(server, key) if row["receipt"] not in before]) == 1


def test_without_a_line_a_report_waits_over_a_reload_and_is_sent_once(
    worker, server, key, home
):
    before = {row["receipt"] for row in reports(server, key)}
    worker.context.set_offline(True)
    expect(worker.page.locator(".line")).to_contain_text("离线")
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    worker.page.fill("#text", "没有信号的地方")
    shoot(worker, photo())
    worker.tap("#send")
    worker.sees("[data-queued]")
    assert "待发送" in worker.text()
    worker.page.reload()
    worker.sees("[data-queued]")
    assert "没有信号的地方" in worker.text()
    expect(worker.page.locator(".line")).to_contain_text("待发 1")
    (item,) = worker.kept("queue")
    assert {row["receipt"] for row in reports(server, key)} == before
    worker.tap("[data-tab=map]")
    worker.sees(".grid-name.own")
    worker.tap("[data-tab=tasks]")
    worker.sees("[data-matter]")
    worker.context.set_offline(False)
    worker.tap("[data-tab=receipts]")
    worker.sends_all()
    (made,) = [row for row in reports(server, key) if row["receipt"] not in before]
    assert made["text"] == "没有信号的地方"
    assert count(home, item["id"]) == 1
    worker.sees(f'[data-receipt="{made["receipt"]}"]')
    assert [
        row["receipt"] for row in worker.kept("receipts") if row["id"] == item["id"]
    ] == [made["receipt"]]


def test_an_answer_lost_on_the_way_makes_no_second_report(worker, server, key, home):
    worker.expected = ("Failed to load resource",)
    before = {row["receipt"] for row in reports(server, key)}
    lost: list[int] = []

    def lose(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    worker.page.route("**/api/v1/reports", lose)
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    worker.page.fill("#text", "回执在路上丢了")
    worker.tap("#send")
    worker.page.wait_for_function(
        "() => document.querySelector('[data-receipt]') && !document.querySelector('[data-queued]')"
    )
    made = [row for row in reports(server, key) if row["receipt"] not in before]
    assert lost == [201]
    assert [row["text"] for row in made] == ["回执在路上丢了"]
    (receipt,) = [
        row for row in worker.kept("receipts") if row["receipt"] == made[0]["receipt"]
    ]
    assert count(home, receipt["id"]) == 1


def test_a_silent_server_is_a_missing_line_and_the_queue_goes_out_when_it_is_back(
    phones, people, spot, serve_api, home
):
    other = serve_api(home)
    phone = signed_in(phones(at=spot, on=other), people["grid_worker"])
    phone.expected = ("Failed to load resource: net::ERR_CONNECTION_REFUSED",)
    other.stop()
    phone.page.reload()
    phone.sees(".grid-name.own")
    phone.tap("[data-tab=report]")
    phone.tap(".quick .tile")
    phone.page.fill("#text", "服务器停了")
    phone.tap("#send")
    phone.sees("[data-queued]")
    expect(phone.page.locator(".line")).to_contain_text("离线")
    (item,) = phone.kept("queue")
    other.start()
    phone.tap("#send-now")
    phone.sends_all()
    assert count(home, item["id"]) == 1


def test_a_visit_is_checked_in_where_the_phone_is(worker, home, server, key):
    with open_store(Settings(home=home)) as store, store.read() as connection:
        before = connection.scalar(select(func.max(visits.c.id))) or 0
    worker.tap("#check-in")
    worker.tap("#check-in-confirm")
    worker.sees(".toast")
    worker.page.wait_for_function("() => !document.querySelector('.line a.chip')")
    own = {
        int(row["properties"]["code"])
        for row in ask(server, "me/map", key=key)["features"]
        if row["properties"]["own"]
    }
    with open_store(Settings(home=home)) as store, store.read() as connection:
        (row,) = connection.execute(select(visits).where(visits.c.id > before)).all()
    assert row.grid in own
    assert row.client_id
    worker.tap("#check-in")
    expect(worker.page.locator(".sheet")).to_contain_text("上次签到")


def movable(server: Server, key: str, move: str) -> dict:
    found = [task for task in ask(server, "me/tasks", key=key) if move in task["moves"]]
    assert found, f"the demonstration leaves a matter to {move}"
    return found[0]


def test_a_task_is_moved_on(worker, server, key):
    task = movable(server, key, "note")
    move = "handle" if "handle" in task["moves"] else "note"
    worker.tap("[data-tab=tasks]")
    worker.tap(f'[data-matter="{task["matter"]}"]')
    worker.tap(f'[data-move="{move}"]')
    if move == "note":
        worker.page.fill("#reason", "已到现场")
    worker.tap("#confirm")
    worker.page.wait_for_function(
        "() => document.querySelector('.toast')?.textContent.includes('已完成')"
    )
    after = [
        row for row in ask(server, "me/tasks", key=key) if row["matter"] == task["matter"]
    ]
    assert [row["version"] for row in after] == [task["version"] + 1]


def test_a_task_from_above_is_filled_in_without_a_line_and_its_hazard_becomes_a_matter(
    worker, server, key, home
):
    (asked, *_) = ask(server, "me/rounds", key=key)
    worker.tap("[data-tab=tasks]")
    worker.sees(f'[data-round="{asked["task"]}-{asked["grid"]}"]')
    worker.context.set_offline(True)
    worker.tap(f'[data-round="{asked["task"]}-{asked["grid"]}"]')
    worker.sees("[data-answer]")
    worker.tap("#confirm")
    expect(worker.page.locator("main")).to_contain_text("请先填好")
    for number in range(len(asked["checklist"])):
        worker.tap(f'[data-answer="{number}-{"false" if number else "true"}"]')
    worker.tap("#hazard")
    worker.tap(".quick .tile")
    worker.tap("#confirm")
    worker.sees(".toast")
    expect(worker.page.locator("main")).to_contain_text("已填写，待发送")
    assert worker.page.locator(".line a.chip").inner_text().startswith("↑")
    worker.context.set_offline(False)
    worker.page.wait_for_function("() => !document.querySelector('.line a.chip')")
    left = {(one["task"], one["grid"]) for one in ask(server, "me/rounds", key=key)}
    assert (asked["task"], asked["grid"]) not in left
    with open_store(Settings(home=home)) as store, store.read() as connection:
        part = connection.execute(
            select(task_parts).where(
                task_parts.c.task == asked["task"], task_parts.c.grid == asked["grid"]
            )
        ).one()
        (matter,) = connection.scalars(
            select(task_findings.c.matter).where(task_findings.c.task == asked["task"])
        ).all()
    assert json.loads(part.answers) == [
        not number for number in range(len(asked["checklist"]))
    ]
    assert matter


def test_a_whistle_names_its_office_and_reason(worker, server, key):
    task = movable(server, key, "whistle")
    offices = ask(server, f"matters/{task['matter']}/targets?move=whistle", key=key)
    worker.page.goto(f"{server.url}/app/#/task/{task['matter']}")
    worker.tap('[data-move="whistle"]')
    worker.tap("#confirm")
    expect(worker.page.locator(".moves .fault")).to_have_text("请先填好上面的内容。")
    worker.tap(f'.choice[data-value="{offices[0]["id"]}"]')
    worker.page.fill("#reason", "需要上级处理")
    worker.tap("#confirm")
    worker.page.wait_for_function(
        "() => document.querySelector('.toast')?.textContent.includes('已完成')"
    )
    after = [
        row["version"]
        for row in ask(server, "me/tasks", key=key)
        if row["matter"] == task["matter"]
    ]
    assert after in ([], [task["version"] + 1])
    with open_store(Settings(home=server.home)) as store, store.read() as connection:
        assert (
            connection.scalar(
                select(cases.c.office).where(cases.c.matter == task["matter"])
            )
            == offices[0]["id"]
        )


def test_a_move_that_somebody_else_has_overtaken_says_so_and_is_not_lost(
    worker, server, key, people
):
    worker.expected = (
        "Failed to load resource: the server responded with a status of 409",
    )
    task = movable(server, key, "note")
    worker.tap("[data-tab=tasks]")
    worker.tap(f'[data-matter="{task["matter"]}"]')
    worker.context.set_offline(True)
    worker.tap('[data-move="note"]')
    worker.page.fill("#reason", "没有信号时写的")
    worker.tap("#confirm")
    expect(worker.page.locator("main")).to_contain_text("待发送")
    other = {"move": "note", "version": task["version"], "reason": "别人先写的"}
    theirs = ask(server, "demo/sign-in", json_body={"user": people["dispatcher"]["id"]})[
        "key"
    ]
    ask(server, f"matters/{task['matter']}/moves", key=theirs, json_body=other)
    worker.context.set_offline(False)
    worker.tap("[data-tab=receipts]")
    worker.sees('[data-state="stopped"]')
    told = worker.text('[data-state="stopped"]')
    assert "与已有内容冲突" in told
    assert "其间发生了" in told
    assert "备注" in told
    worker.page.reload()
    worker.sees('[data-state="stopped"]')
    worker.page.once("dialog", lambda dialog: dialog.accept())
    worker.tap('[data-do="discard"]')
    worker.sends_all()


def test_a_move_whose_answer_was_lost_counts_as_made(worker, server, key):
    worker.expected = ("Failed to load resource",)
    task = movable(server, key, "note")
    lost: list[int] = []

    def lose(route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    worker.page.route("**/moves", lose)
    worker.tap("[data-tab=tasks]")
    worker.tap(f'[data-matter="{task["matter"]}"]')
    worker.tap('[data-move="note"]')
    worker.page.fill("#reason", "只记一次")
    worker.tap("#confirm")
    worker.page.wait_for_function(
        "() => document.querySelector('.toast')?.textContent.includes('已完成')"
    )
    assert lost == [200]
    worker.sends_all()
    after = [
        row["version"]
        for row in ask(server, "me/tasks", key=key)
        if row["matter"] == task["matter"]
    ]
    assert after == [task["version"] + 1]


def test_what_the_server_refuses_stays_with_its_reason_and_can_be_mended(
    worker, server, key
):
    worker.expected = ("Failed to load resource: the server responded with a status of 4",)
    worker.page.goto(f"{server.url}/app/#/report?lon=120.000000&lat=30.000000")
    worker.tap(".quick .tile")
    worker.page.fill("#text", "位置点错了")
    worker.tap("#send")
    worker.sees('[data-state="stopped"]')
    assert "服务器没有接受" in worker.text('[data-state="stopped"]')
    reason = worker.text('[data-state="stopped"] .fault')
    assert any("\u4e00" <= sign <= "\u9fff" for sign in reason), reason
    worker.tap('[data-do="edit"]')
    worker.sees("#text")
    assert worker.page.locator("#text").input_value() == "位置点错了"
    expect(worker.page.locator(".place")).to_contain_text("不在您的网格内")
    worker.page.goto(f"{server.url}/app/#/map")
    worker.sees(".grid-name.own")
    tap_a_free_place(worker)
    worker.sees("#send")
    worker.tap("#send")
    worker.page.wait_for_function(
        "() => document.querySelector('[data-receipt]') && !document.querySelector('[data-queued]')"
    )
    assert [row["text"] for row in reports(server, key)].count("位置点错了") == 1


def test_a_draft_with_its_photo_outlives_a_reload(worker):
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    worker.page.fill("#text", "写到一半")
    shoot(worker, photo())
    worker.page.wait_for_timeout(300)
    worker.page.reload()
    worker.sees(".shot img")
    assert worker.page.locator("#text").input_value() == "写到一半"
    assert worker.page.locator(".chosen").count() == 1
    worker.tap("#clear")
    worker.sees(".quick .tile")
    assert worker.page.locator(".shot").count() == 0


def test_a_large_photo_is_made_smaller_and_keeps_where_it_was_taken(
    worker, server, home, spot
):
    picture = photo(3200, 2400, noise=True, at=spot)
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    shoot(worker, picture)
    worker.tap("#send")
    worker.page.wait_for_function(
        "() => document.querySelector('[data-receipt]') && !document.querySelector('[data-queued]')"
    )
    with open_store(Settings(home=home)) as store, store.read() as connection:
        row = connection.execute(
            select(attachments).order_by(attachments.c.id.desc()).limit(1)
        ).one()
    assert max(row.width, row.height) <= 2048
    assert (row.lon, row.lat) == pytest.approx(spot, abs=1e-4)
    worker.page.goto(f"{server.url}/app/#/task/{row.matter}")
    worker.page.wait_for_function(
        "() => document.querySelector('.seen img')?.naturalWidth > 0"
    )


def test_hostile_words_are_shown_as_they_are(worker, server, key):
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    worker.page.fill("#text", HOSTILE)
    worker.tap("#send")
    worker.page.wait_for_function(
        "() => document.querySelector('[data-receipt]') && !document.querySelector('[data-queued]')"
    )
    (row,) = [row for row in reports(server, key) if "owned" in row["text"]]
    assert row["text"] == HOSTILE
    shown = worker.page.locator(f'[data-receipt="{row["receipt"]}"] .excerpt')
    assert shown.evaluate("(node) => node.textContent") == HOSTILE
    assert shown.evaluate("(node) => node.children.length") == 0
    worker.tap(f'[data-receipt="{row["receipt"]}"]')
    worker.sees(".words")
    assert (
        worker.page.locator(".words bdi").evaluate("(node) => node.textContent") == HOSTILE
    )
    assert worker.page.title() == "网格上报"


def test_the_language_changes_everywhere_and_stays(phones, people, spot):
    phone = phones(lang="en-GB", at=spot).open()
    phone.sees("[data-user]")
    assert phone.text("h1") == "Sign in"
    signed_in(phone, people["grid_worker"])
    seen = {}
    for lang in ("en", "zh"):
        phone.tap("[data-tab=me]")
        phone.tap(f'[data-lang="{lang}"]')
        phone.tap("[data-tab=report]")
        phone.sees(".quick .tile")
        seen[lang] = phone.text("body")
    chinese = [
        sign for sign in seen["en"].replace("中文", "") if "\u4e00" <= sign <= "\u9fff"
    ]
    names = phone.page.locator(".place bdi").all_inner_texts()
    assert not set(chinese) - set("".join(names)), "Chinese words on an English page"
    assert "提交上报" in seen["zh"]
    assert phone.page.locator("html").get_attribute("lang") == "zh-CN"
    phone.page.reload()
    phone.sees(".quick .tile")
    assert phone.text("#send") == "提交上报"


def test_a_search_finds_categories_in_both_languages(worker):
    worker.tap("[data-tab=report]")
    worker.page.fill("#search", "traffic sign")
    assert worker.page.locator('.quick .tile[data-code="C0201"]').first.is_visible()
    worker.page.fill("#search", "暴露")
    worker.tap('.quick .tile[data-code="E0101"]')
    assert worker.text(".chosen").startswith("暴露垃圾")


def test_a_key_in_a_link_signs_in_and_leaves_the_address(phones, server, key, people):
    phone = phones().open(f"#key={key}")
    phone.sees(".leaflet-container")
    assert key not in phone.page.url
    phone.tap("[data-tab=me]")
    expect(phone.page.locator("main")).to_contain_text(people["grid_worker"]["name"])


def test_a_wrong_key_is_told_and_nothing_else(phones):
    phone = phones()
    phone.expected = ("Failed to load resource: the server responded with a status of 40",)
    phone.open()
    phone.page.fill("#key", "not-a-key")
    phone.tap("form .main")
    expect(phone.page.locator("form .fault")).to_have_text("密钥不对或已停用。")


def test_signing_out_keeps_what_waits(worker, people):
    worker.context.set_offline(True)
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    worker.tap("#send")
    worker.sees("[data-queued]")
    worker.page.once("dialog", lambda dialog: dialog.accept())
    worker.tap("[data-tab=me]")
    worker.tap("#sign-out")
    worker.sees("#key")
    assert len(worker.kept("queue")) == 1
    worker.context.set_offline(False)
    worker.page.reload()
    worker.tap(f'[data-user="{people["grid_worker"]["id"]}"]')
    worker.tap("[data-tab=receipts]")
    worker.page.wait_for_function(
        "() => document.querySelector('[data-receipt]') && !document.querySelector('[data-queued]')"
    )
    worker.sends_all()


def test_a_revoked_key_stops_sending_and_loses_nothing(worker, people, home):
    worker.expected = (
        "Failed to load resource: the server responded with a status of 401",
    )
    person = people["grid_worker"]["id"]
    city = City.open(Settings(home=home))
    mine = city.keys.listed(person).iloc[0]
    city.keys.revoke(city.people.actor(person), int(mine["id"]))
    city.close()
    worker.page.wait_for_timeout(1500)
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    worker.page.fill("#text", "密钥停用了")
    worker.tap("#send")
    expect(worker.page.locator(".line")).to_contain_text("重新登录")
    (item,) = worker.kept("queue")
    assert item["state"] == "waiting"
    worker.tap("[data-tab=me]")
    expect(worker.page.locator("main")).to_contain_text("设备密钥已失效")
    worker.page.once("dialog", lambda dialog: dialog.accept())
    worker.tap("#sign-out")
    worker.tap(f'[data-user="{person}"]')
    worker.page.wait_for_function(
        "() => document.querySelector('[data-tab]') && !document.querySelector('.line a.chip')"
    )
    worker.sends_all()
    assert count(home, item["id"]) == 1


def test_what_waits_is_sent_when_the_application_is_closed(worker, home):
    worker.context.set_offline(True)
    worker.tap("[data-tab=report]")
    worker.tap(".quick .tile")
    worker.page.fill("#text", "关了再发")
    worker.tap("#send")
    worker.sees("[data-queued]")
    (item,) = worker.kept("queue")
    found: list[dict] = []
    devtools = worker.context.new_cdp_session(worker.page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(event["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    worker.page.wait_for_timeout(300)
    worker.page.goto("about:blank")
    worker.context.set_offline(False)
    (number,) = {
        row["registrationId"]
        for row in found
        if row["scopeURL"] == f"{worker.server.url}/app/"
    }
    assert count(home, item["id"]) == 0
    event = {
        "origin": worker.server.url,
        "registrationId": number,
        "tag": "gridmap-queue",
        "lastChance": False,
    }
    devtools.send("ServiceWorker.dispatchSyncEvent", event)
    end = time.monotonic() + 20
    while count(home, item["id"]) == 0 and time.monotonic() < end:
        time.sleep(0.2)
    assert count(home, item["id"]) == 1
    worker.open("#/receipts")
    worker.sees("[data-receipt]")
    worker.sends_all()


@pytest.mark.parametrize("lang", ["zh-CN", "en-GB"])
def test_everything_is_within_reach_of_a_thumb(
    phones, people, spot, server, key, lang, tmp_path
):
    phone = signed_in(phones(lang=lang, at=spot), people["grid_worker"])
    task = ask(server, "me/tasks", key=key)[0]
    views = ["map", "tasks", f"task/{task['matter']}", "report", "receipts", "me"]
    for view in views:
        phone.page.goto(f"{server.url}/app/#/{view}")
        phone.page.wait_for_timeout(400)
        assert phone.page.evaluate(SMALL) == [], view
        assert phone.page.evaluate("() => document.documentElement.scrollWidth") <= 390, (
            view
        )
        phone.page.screenshot(path=tmp_path / f"{view.replace('/', '-')}.png")


@pytest.fixture
def shell(tmp_path, monkeypatch) -> Iterator[tuple[Server, Callable[[], str]]]:
    """The application's files alone, from a copy: their server, and what makes a new
    version of them.
    """
    folder = tmp_path / "worker"
    shutil.copytree(worker_files.FOLDER, folder)
    monkeypatch.setattr(worker_files, "FOLDER", folder)
    caches = (worker_files.files, worker_files.version, worker_files.entry)

    def renew() -> str:
        with (folder / "style.css").open("a", encoding="utf-8") as style:
            style.write("h1 { letter-spacing: 3px; }\n")
        for cache in caches:
            cache.cache_clear()
        return worker_files.version()

    for cache in caches:
        cache.cache_clear()
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=worker_files.routes()), port=port, log_level="error", ws="none"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Server((), port, folder, folder), renew
    server.should_exit = True
    thread.join()
    for cache in caches:
        cache.cache_clear()


def test_a_new_version_replaces_the_old_one_whole(phones, shell):
    files, renew = shell
    phone = phones(on=files)
    phone.expected = (
        "Failed to load resource: the server responded with a status of 404",
    )  # there is no interface behind it
    phone.open()
    phone.page.wait_for_function("() => navigator.serviceWorker.controller")
    old, new = worker_files.version(), renew()
    assert old != new
    phone.page.reload()
    assert old in phone.page.content()
    phone.sees("#update")
    phone.tap("#update")
    phone.page.wait_for_function(
        "(version) => document.querySelector('script[type=module]').src.includes(version)",
        arg=new,
    )
    assert (
        phone.page.locator("h1").evaluate("(node) => getComputedStyle(node).letterSpacing")
        == "3px"
    )
    assert phone.page.evaluate("() => caches.keys()") == [f"gridmap-worker-{new}"]
