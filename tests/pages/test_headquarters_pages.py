"""The pages of the headquarters on the small city: both languages, numbers that open
matters, a session held, a unit that answers.
"""

import re
from dataclasses import replace
from datetime import date

import pytest
from acting import sign_in, user_of
from shown import words

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
        app = sign_in(
            open_own("", lang, **parameters), user or user_of(own_city, UserRole.COMMANDER)
        )
        app.switch_page(path).run()
        if part:
            app.button_group(key=f"{path.split('/')[1][:-3]}.part").set_value(part).run()
        assert not app.exception, app.exception
        assert not app.error, [error.value for error in app.error]
        return app

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
    table = own_city.sessions.groups()
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
    session = int(own_city.sessions.listed(4107)["id"].iloc[0])
    next(one for one in app.button if one.label == "Close the session").click().run()
    assert "Decision: a session is not closed without a decision" in "\n".join(
        text.value for text in app.text
    )
    assert own_city.sessions.get(session).head.state == "open"


def test_the_commander_closes_the_session_and_the_unit_answers_its_task(visit, own_city):
    app = visit(PAGES[3])
    session = int(own_city.sessions.listed(4107)["id"].iloc[0])
    app.text_area(key=f"sessions.decision.{session}").set_value("一周后复盘")
    next(one for one in app.button if one.label == "Close the session").click().run()
    assert not app.exception
    assert own_city.sessions.get(session).head.decision == "一周后复盘"
    handler = user_of(own_city, UserRole.HANDLER)
    task = int(own_city.sessions.tasks_of(own_city.people.actor(handler))["id"].iloc[0])
    app = visit(PAGES[4], user=handler)
    app.text_area(key=f"supervision.task.{task}.words").set_value("已办结")
    form = f"supervision.task.{task}"
    next(
        one for one in app.button if one.label == "Send the answer" and one.form_id == form
    ).click().run()
    assert not app.exception
    assert own_city.sessions.get(session).tasks["answer"].tolist() == ["已办结"]


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
