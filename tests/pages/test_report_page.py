"""The report page: what somebody without an account hands in, and what they learn with the
receipt.
"""

import re

import pytest
from acting import user_of
from shown import words

from gridmap.city.flow.matters import MatterFilter
from gridmap.model import Channel, UserRole
from gridmap.ui.flow.drafts import Draft

CHINESE = re.compile(r"[\u3400-\u9fff]")
HOSTILE = "${document.title=7} `x` <script>alert(1)</script> C:\\2019 \u202eabc"
REPORT = "pages/report.py"


@pytest.fixture
def spot(own_city):
    """A grid and a point in its middle."""
    code = int(own_city.places.search("曙光 第一", limit=1)["code"].iloc[0])
    return code, own_city.places.middle(code)


def put(app, spot, *, category="C0201", key="report", number=0):
    """Choose a place, as a click on the map does, and a kind."""
    (lon, lat) = spot[1]
    app.session_state["gridmap.drafts"] = {key: Draft(lon=lon, lat=lat, round=number)}
    app.run()
    app.button_group(key=f"{key}.{number}.class").set_value(category[0]).run()
    return app.selectbox(key=f"{key}.{number}.kind.{category[0]}").set_value(category).run()


def send(app, lang, *, key="report", number=0):
    label = {"zh": "提交上报", "en": "Send report"}[lang]
    button = next(one for one in app.button if one.label == label)
    return button.click().run()


def receipt_of(app):
    (code,) = [one.value for one in app.code]
    return code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_anybody_reports_and_gets_a_receipt_and_asks_with_it(
    open_own, own_city, spot, lang
):
    app = put(open_own(REPORT, lang), spot, category={"zh": "C0201", "en": "C0202"}[lang])
    app.text_area(key="report.0.text").set_value(HOSTILE)
    send(app, lang)
    assert not app.exception
    receipt = receipt_of(app)
    found = own_city.matters.by_receipt(receipt)
    assert found.number in words(app)
    table = own_city.matters.find(MatterFilter(text="C:\\2019"))
    row = table[table["number"] == found.number].iloc[0]
    reader = own_city.people.actor(user_of(own_city, UserRole.ADMIN))
    dossier = own_city.matters.get(reader, int(row["matter"]))
    assert (dossier.text, dossier.channel, dossier.case.reporter) == (
        HOSTILE.strip(),
        Channel.MOBILE,
        0,
    )
    app.text_input(key="report.ask.number").set_value(receipt.lower())
    next(one for one in app.button if one.label in {"查询", "Ask"}).click().run()
    shown = words(app)
    assert found.number in shown
    if lang == "en":
        assert "Reported" in shown
        assert not CHINESE.findall(shown.replace("中文", "")), CHINESE.findall(shown)


def test_what_is_missing_is_said_all_at_once_and_nothing_is_sent(open_own, own_city):
    before = own_city.matters.count(MatterFilter())
    app = send(open_own(REPORT, "en"), "en")
    assert "Choose the place on the map." in words(app)
    assert "Choose what it is." in words(app)
    assert own_city.matters.count(MatterFilter()) == before


def test_the_same_form_sent_twice_is_one_matter_with_one_receipt(open_own, own_city, spot):
    before = own_city.matters.count(MatterFilter())
    app = put(open_own(REPORT, "en"), spot, category="C0304")
    app.text_area(key="report.0.text").set_value("twice")
    send(app, "en")
    first = receipt_of(app)
    draft = app.session_state["gridmap.drafts"]["report"]
    app.session_state["gridmap.drafts"] = {
        "report": Draft(**{**vars(draft), "receipt": None})
    }
    app.run()
    put_again = app.session_state["gridmap.drafts"]["report"]
    assert put_again.client_id == draft.client_id
    app.button_group(key="report.0.class").set_value("C").run()
    app.selectbox(key="report.0.kind.C").set_value("C0304").run()
    app.radio(key="report.0.known").set_value(0).run()
    app.text_area(key="report.0.text").set_value("twice")
    send(app, "en")
    assert receipt_of(app) == first
    assert own_city.matters.count(MatterFilter()) == before + 1


def test_a_known_matter_near_by_is_offered_and_the_report_added_to_it(
    open_own, own_city, spot
):
    app = put(open_own(REPORT, "en"), spot, category="C0105")
    app.text_area(key="report.0.text").set_value("first")
    send(app, "en")
    first = own_city.matters.by_receipt(receipt_of(app))
    again = put(open_own(REPORT, "en"), spot, category="C0105")
    assert "Already reported?" in words(again)
    send(again, "en")
    assert "Say whether it is one of the matters reported already." in words(again)
    matter = next(
        option for option in again.radio(key="report.0.known").options if "no. 1" in option
    )
    again.radio(key="report.0.known").set_value(_number(own_city, first.number)).run()
    assert matter
    again.text_area(key="report.0.text").set_value("second")
    send(again, "en")
    second = own_city.matters.by_receipt(receipt_of(again))
    found = own_city.matters.find(MatterFilter(text="second"))
    assert found["number"].tolist() == [second.number]
    assert found["parent"].tolist() == [_number(own_city, first.number)]


def _number(city, number):
    return int(city.matters.find(MatterFilter(text=number))["matter"].iloc[0])


def test_what_others_reported_of_people_s_own_matters_is_not_told(open_own, own_city, spot):
    app = put(open_own(REPORT, "en"), spot, category="D0101")
    app.text_area(key="report.0.text").set_value("boss owes Wang")
    send(app, "en")
    again = put(open_own(REPORT, "en"), spot, category="D0101")
    assert "Already reported?" not in words(again)
    assert "boss owes" not in words(again)


def test_an_unknown_receipt_is_told_politely(open_own):
    app = open_own(REPORT, "zh")
    app.text_input(key="report.ask.number").set_value("NOTHING123")
    next(one for one in app.button if one.label == "查询").click().run()
    assert app.error[0].value == "没有找到，或已不存在。"


def test_the_contact_s_use_and_deletion_are_told(open_own, own_city):
    days = own_city.settings.contact_days
    assert f"deleted {days} days after" in words(open_own(REPORT, "en"))
    assert f"{days} 天后删除" in words(open_own(REPORT, "zh"))


def test_a_search_moves_the_map_and_a_grid_puts_the_pin(open_own, own_city, spot):
    app = open_own(REPORT, "en")
    app.text_input(key="report.where").set_value(str(spot[0])).run()
    app.button(key=f"report.where.{spot[0]}").click().run()
    draft = app.session_state["gridmap.drafts"]["report"]
    assert own_city.places.at(draft.lon, draft.lat) == spot[0]
    assert own_city.places.path(spot[0], "en") in words(app)


def test_something_else_is_reported_with_an_empty_form(open_own, spot):
    app = put(open_own(REPORT, "en"), spot, category="C0301")
    app.text_area(key="report.0.text").set_value("bin")
    send(app, "en")
    app.button(key="report.again").click().run()
    assert app.text_area(key="report.1.text").value == ""
    assert app.session_state["gridmap.drafts"]["report"].client_id == ""
