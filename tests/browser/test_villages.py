"""Village work in a browser: a clerk lists, publicises and reviews a contract, the
village's chief clears it.
"""

from __future__ import annotations

from playwright.sync_api import expect

from gridmap.cases.actors import NOBODY
from gridmap.cases.contracts import State

from .screen import at_rest, choose_part, open_page, sign_in, submit_button


def _user(city, login):
    return next(
        user for user in city.people.directory.users.values() if user.login == login
    )


def _sign_in(page, city, login):
    user = _user(city, login)
    office = city.people.office_name(user.office, "zh")
    role = "坐席" if user.role.value == "clerk" else "网格长"
    sign_in(page, office, role, user.name)


def _press(page, name):
    submit_button(page, name).click()
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    at_rest(page)


def _fill(page, label, value):
    field = page.get_by_label(label, exact=True).first
    field.fill(value)
    field.press("Tab")


def test_a_clerk_leads_a_contract_to_the_chief_who_clears_it(page, address, city):
    village = _user(city, "demo.clerk.village").area
    open_page(page, f"{address}/villages?lang=zh&area={village}")
    _sign_in(page, city, "demo.clerk.village")
    choose_part(page, "登记合同")
    _fill(page, "合同编号或名称（不写人名）", "坑塘承包合同 9 号")
    _fill(page, "合同面积（亩）", "20")
    _fill(page, "合同价格（元/亩·年）", "50")
    _press(page, "列入清单")
    number = int(city.contracts.list(village)["id"].max())
    _press(page, "公示")
    _fill(page, "实测面积（亩）", "30")
    _fill(page, "审查结果", "实测大于合同。")
    _press(page, "登记审查")
    assert city.contracts.get(NOBODY, number).state is State.REVIEWED
    page.locator(".st-key-signout button").click()
    at_rest(page)
    _sign_in(page, city, "demo.chief.village")
    _fill(page, "新价格（元/亩·年）", "400")
    _fill(page, "如何清理", "重签合同。")
    _press(page, "清理")
    cleared = city.contracts.get(NOBODY, number)
    assert (cleared.state, cleared.rent_before, cleared.rent_after) == (
        State.CLEARED,
        1_000,
        12_000,
    )
    expect(page.get_by_text("1,000元 → 1.2 万元")).to_be_visible()
