"""The pages of the headquarters on the small city: both languages, numbers that open
matters, a session held, a unit that answers.
"""

import re
from dataclasses import replace
from datetime import date

import pytest
from acting import user_of
from shown import words

from gridmap.cases import interviews
from gridmap.cases.actors import NOBODY
from gridmap.cases.records.record import Order
from gridmap.cases.sessions import Act, OrderAct
from gridmap.city.flow.matters import MatterFilter
from gridmap.insight.clearing import PARTS
from gridmap.insight.selection import Selection
from gridmap.model import UserRole
from gridmap.ui.headquarters.hqwall import LINES

PAGES = tuple(
    f"pages/{name}.py"
    for name in ("headquarters", "whistles", "centres", "sessions", "supervision")
)
PARTS_OF = {
    "headquarters": ("clearing", "late", "briefing"),
    "whistles": ("ladder", "pingpong", "unclocked"),
    "sessions": ("sessions", "tasks", "groups"),
    "supervision": ("mine", "lagging", "warnings", "rules"),
}
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{4,}")
WRITTEN = re.compile(
    "["
    "指挥长综合协调组城市管理公共安全区一站式服务中心主任疑难事项联合研判超期责任单位已明确由牵头督办清楚今日内办结下班前并反馈请说明原因和整改期限已增派人手本周内清零"
    "]"
)


@pytest.fixture
def visit(open_own, own_city):
    """Open a page as somebody of the demonstration, by default its commander; a part of it,
    if named.
    """

    def run(path, lang="en", *, user=0, part="", **parameters):
        user = user or user_of(own_city, UserRole.COMMANDER)
        return open_own(path, lang, acting=user, at_part=part, **parameters)

    return run


def views():
    for path in PAGES:
        for part in PARTS_OF.get(path.split("/")[1][:-3], ("",)):
            yield path, part


@pytest.mark.parametrize(("path", "part"), list(views()))
def test_every_part_opens_for_the_commander_in_both_languages(visit, path, part):
    english = words(visit(path, "en", part=part, period="90"))
    labels = "\n".join(
        line for line in english.splitlines() if not WRITTEN.search(line)
    ).replace("中文", "")
    assert not CHINESE.findall(labels), CHINESE.findall(labels)
    chinese = re.sub(
        r"<[^>]*>|:material/\w+:|GM-\w+",
        " ",
        words(visit(path, "zh", part=part, period="90")),
    )
    columns = {
        one
        for name in re.findall(r"^[a-z_0-9]+$", chinese, re.MULTILINE)
        for one in name.split("_")
    }
    assert not set(LATIN.findall(chinese)) - columns - {"Excel", "English"}


@pytest.mark.parametrize("path", PAGES)
def test_without_a_sign_in_one_is_told_what_to_do(open_own, path):
    assert "Nobody is signed in." in words(open_own(path, "en"))


def test_the_clearing_on_the_page_is_the_city_s_and_its_rows_add_up(visit, own_city):
    table = visit(PAGES[0]).dataframe[0].value
    found = own_city.headquarters.clearing(4107, own_city.today)
    assert table[list(PARTS)].to_numpy().tolist() == found[list(PARTS)].to_numpy().tolist()
    assert (
        table["carried_in"] + table["new"] - table["closed"] == table["carried_out"]
    ).all()


def test_a_number_of_the_clearing_opens_its_matters(visit, own_city):
    app = visit(PAGES[0])
    app.button_group(key="headquarters.which").set_value("closed").run()
    expected = own_city.headquarters.matters(4107, own_city.today, "closed")
    assert f"{len(expected)} matters" in words(app)
    assert app.dataframe[1].value["number"].tolist() == expected["number"].tolist()


def test_the_centre_of_hongqi_stands_there_with_its_counted_figures(visit, own_city):
    quarter = {
        "period": "custom",
        "from": "2024-01-01",
        "to": "2024-03-31",
        "area": "410702",
    }
    app = visit(PAGES[2], **quarter)
    total = own_city.centres.total(Selection(date(2024, 1, 1), date(2024, 3, 31), 410702))
    assert [metric.value for metric in app.metric] == [
        f"{number:,}" for number in total.values()
    ]


def test_eleven_groups_and_twenty_one_departments_are_counted(visit, own_city):
    app = visit(PAGES[3], part="groups")
    table = own_city.orders.groups()
    assert len(table) == 11
    assert table["departments"].explode().nunique() == 21
    assert (
        f"{len(table)} working groups, {table['departments'].explode().nunique()} departments"
        in words(app)
    )


def test_a_group_narrows_its_tasks_and_a_place_the_groups(visit, own_city):
    app = visit(PAGES[3], part="groups")
    counted = own_city.assignments.by_group(4107)
    assert (
        app.dataframe(key="groups.list").value["open"].tolist() == counted["open"].tolist()
    )
    busy, idle = (
        int(counted.loc[counted["open"].map(test), "id"].iloc[0])
        for test in (bool, lambda n: not n)
    )
    app.selectbox(key="groups.chosen").set_value(busy).run()
    expected = own_city.assignments.open(4107, group=busy)["task"].tolist()
    assert app.dataframe(key="groups.tasks").value["task"].tolist() == expected
    app.selectbox(key="groups.chosen").set_value(idle).run()
    assert "Every task given by a session is done." in words(app)
    app.session_state["gridmap.view"] = replace(
        app.session_state["gridmap.view"], area=410703
    )  # as a click does
    app.run()
    narrowed = own_city.assignments.by_group(410703)["open"].tolist()
    assert (
        app.dataframe(key="groups.list").value["open"].tolist()
        == narrowed
        != counted["open"].tolist()
    )


def test_a_session_without_a_decision_stays_open_and_says_which_field(visit, own_city):
    app = visit(PAGES[3])
    session = int(own_city.sessions.list(4107)["id"].iloc[0])
    next(one for one in app.button if one.label == "Close the session").click().run()
    assert "Decision: a session is not closed without a decision" in "\n".join(
        text.value for text in app.text
    )
    assert own_city.sessions.get(NOBODY, session).state == "open"


def test_the_commander_closes_the_session_and_the_unit_answers_its_task(visit, own_city):
    app = visit(PAGES[3])
    session = int(own_city.sessions.list(4107)["id"].iloc[0])
    app.text_area(key=f"session.{session}.closed.0.decision").set_value("一周后复盘")
    next(one for one in app.button if one.label == "Close the session").click().run()
    assert not app.exception
    assert own_city.sessions.get(NOBODY, session).decision == "一周后复盘"
    handler = user_of(own_city, UserRole.HANDLER)
    task = int(own_city.orders.of_unit(own_city.people.actor(handler))["id"].iloc[0])
    app = visit(PAGES[4], user=handler)
    form = f"order.{task}.answered.0"
    app.text_area(key=f"{form}.words").set_value("已办结")
    next(
        one for one in app.button if one.label == "Send the answer" and one.form_id == form
    ).click().run()
    assert not app.exception
    assert own_city.orders.of_session(session)["answer"].tolist() == ["已办结"]


@pytest.fixture
def commander(own_city):
    return own_city.people.actor(user_of(own_city, UserRole.COMMANDER))


@pytest.fixture
def held(own_city, commander):
    """A session with a matter on its list, as it stands."""
    begins = Order(Act.OPEN, title="研判", area=4107, roles=["指挥长"])
    session = own_city.sessions.add(commander, begins)
    matter = int(own_city.matters.find(MatterFilter(area=4107), limit=1)["matter"].iloc[0])
    pick = Order(Act.PICK, matters=[matter])
    return own_city.sessions.act(commander, session, pick, version=1)


def test_typed_words_stay_and_the_slower_one_is_told_what_was_judged(
    visit, own_city, commander, held
):
    app = visit(PAGES[3])
    session, matter = held.id, held.matters[0]
    form = f"session.{session}.judged.0"
    app.text_area(key=f"{form}.words").set_value("责任在乙")
    other = Order(Act.JUDGE, matter=matter, words="责任在甲")
    own_city.sessions.act(commander, session, other, version=held.version)
    note(app)
    assert "Somebody else has changed this meanwhile." in app.warning[0].value
    shown = words(app)
    assert "Meanwhile:" in shown
    assert "责任在甲" in shown
    assert app.text_area(key=f"{form}.words").value == "责任在乙"
    assert own_city.sessions.get(NOBODY, session).judgements[0] == "责任在甲"
    note(app)
    assert own_city.sessions.get(NOBODY, session).judgements[0] == "责任在乙"
    assert app.text_area(key=f"session.{session}.judged.1.words").value == ""


def note(app):
    """Press the button under the judgement."""
    next(one for one in app.button if one.label == "Note the judgement").click().run()
    assert not app.exception, app.exception


def test_words_typed_for_a_session_that_was_closed_meanwhile_are_shown(
    visit, own_city, commander, held
):
    app, session = visit(PAGES[3]), held.id
    app.text_area(key=f"session.{session}.closed.0.decision").set_value("再议")
    close = Order(Act.CLOSE, decision="定")
    own_city.sessions.act(commander, session, close, version=held.version)
    next(one for one in app.button if one.label == "Close the session").click().run()
    assert "This session is closed; its record stays as it is" in app.error[0].value
    assert "再议" in words(app)
    assert own_city.sessions.get(NOBODY, session).decision == "定"


def test_an_answer_is_judged_where_it_is_followed_up(visit, own_city, commander, held):
    matter = held.matters[0]
    office = next(iter(own_city.sessions.units_for(matter)))
    what = {"matter": matter, "office": office, "task": "办", "until": own_city.now_s + 9}
    give = Order(Act.GIVE, **what)
    own_city.sessions.act(commander, held.id, give, version=held.version)
    order = int(own_city.orders.of_session(held.id)["id"].iloc[0])
    unit = replace(NOBODY, user=commander.user, office=office)
    answer = Order(OrderAct.ANSWER, words="已办")
    own_city.orders.act(unit, order, answer, version=1)
    app = visit(PAGES[3], part="tasks")
    ask_again(app, order)
    assert "What is still missing: nothing is written here" in words(app)
    app.text_area(key=f"order.{order}.asked_again.0.words").set_value("缺照片")
    ask_again(app, order)
    assert own_city.orders.get(unit, order).state == "given"


def test_a_unit_sees_in_its_inbox_that_it_is_asked(visit, own_city):
    app = visit("pages/inbox.py", user=user_of(own_city, UserRole.HANDLER))
    assert re.search(r"The headquarters asks \d things? of your unit", words(app))


def test_map_and_table_of_the_rules_show_what_they_catch(visit, own_city):
    app = visit(PAGES[4], part="rules")
    counted = own_city.catches.by_rule(4107)
    shown = app.dataframe(key="catches.rules").value
    assert (
        shown[["units", "matters"]].to_numpy().tolist()
        == counted[["units", "matters"]].to_numpy().tolist()
    )
    app.selectbox(key="catches.rule").set_value(int(counted["rule"].iloc[-1])).run()
    app.selectbox(key="catches.shown").set_value("units").run()
    assert not app.exception, app.exception
    app.session_state["gridmap.view"] = replace(
        app.session_state["gridmap.view"], area=410703
    )  # as a click does
    app.run()
    here = app.dataframe(key="catches.rules").value["matters"].tolist()
    assert (
        here
        == own_city.catches.by_rule(410703)["matters"].tolist()
        != counted["matters"].tolist()
    )


def test_rules_are_saved_only_once_they_were_tried(visit):
    app = visit(PAGES[4], part="rules")
    save = next(one for one in app.button if one.label == "Save the rules")
    assert save.disabled
    next(one for one in app.button if one.label.startswith("Try")).click().run()
    assert re.search(r"They would find \d+ unit", words(app))
    assert not next(one for one in app.button if one.label == "Save the rules").disabled


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_wall_shows_the_briefing_large(open_page, city, lang):
    shown = words(open_page(PAGES[0], lang, screen="wall"))
    assert len(re.findall(r'class="gm-figure"', shown)) == 6
    told = city.briefing.of(4107, lang)
    assert f">{told.late_count}<" in shown
    assert all(phone in shown for phone in told.late["phone"].head(LINES))


def ask_again(app, order):
    """Press the button that asks the unit of an order again."""
    form = f"order.{order}.asked_again.0"
    next(one for one in app.button if one.form_id == form).click().run()
    assert not app.exception, app.exception


def _press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception


def test_who_answers_too_late_keeps_the_words_and_is_told_of_the_answer(visit, own_city):
    room = own_city.interviews
    table = room.list(own_city.code)
    row = table[(table["answered_at"] == 0) & (table["closed_at"] == 0)].iloc[0]
    number = int(row["id"])
    colleagues = own_city.people.members(int(row["office"]))["id"].tolist()
    app = visit(PAGES[4], part="mine", user=int(colleagues[0]))
    app.text_area(key=f"interview.{number}.answer.0.answer").set_value("Two more crews")
    colleague = own_city.people.actor(int(colleagues[-1]))
    answer = Order(interviews.Act.ANSWER, answer="本周清零")
    room.act(colleague, number, answer, version=int(row["version"]))
    _press(app, "Send the answer")
    shown = words(app)
    assert "Meanwhile:" in shown
    assert "Answer to the headquarters: 本周清零" in shown
    assert "Two more crews" in shown


def test_a_warning_is_closed_once_and_the_second_verdict_is_not_lost(visit, own_city):
    room = own_city.interviews
    table = room.list(own_city.code)
    row = table[(table["answered_at"] > 0) & (table["closed_at"] == 0)].iloc[0]
    number, version = int(row["id"]), int(row["version"])
    app = visit(PAGES[4], part="warnings")
    app.text_input(key=f"interview.{number}.close.0.verdict").set_value("Well done")
    commander = own_city.people.actor(user_of(own_city, UserRole.COMMANDER))
    room.act(
        commander, number, Order(interviews.Act.CLOSE, verdict="销号"), version=version
    )
    _press(app, "Close the warning")
    shown = words(app)
    assert "Meanwhile:" in shown
    assert "Well done" in shown
    assert room.get(commander, number).verdict == "销号"
