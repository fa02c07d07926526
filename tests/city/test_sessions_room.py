"""Joint-judgement sessions in a town of one working group: held, adjourned, closed with a
decision, followed up.
"""

from datetime import timedelta

import flowing
import pytest
import staffed
from flowing import NOW

from gridmap.cases.records.record import Order
from gridmap.cases.sessions import Act, OrderAct
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.city.flow.matters import MatterFilter
from gridmap.errors import ForbiddenError, InputError, RefusedError
from gridmap.model import Level
from gridmap.reports import minutes
from gridmap.store.headquarters import sessions as rows
from gridmap.words import Words

DAY_S = 86_400
DUE = NOW + DAY_S


@pytest.fixture
def city(tmp_path):
    city = City.open(flowing.build(tmp_path / "home"), clock=StoppedClock(flowing.town.NOW))
    group = {
        "name": "城市管理组",
        "name_en": "City management",
        "duty": "",
        "departments": ["城市管理局"],
    }
    with city.store.write() as connection:
        rows.add_groups(connection, [group])
    city.one = city.reporting.report(
        city.people.actor(staffed.WORKER), flowing.new(text=flowing.HOSTILE)
    ).matter
    yield city
    city.close()


@pytest.fixture
def commander(city):
    return city.people.actor(staffed.COMMANDER)


@pytest.fixture
def held(city, commander):
    """An open session with the matter on its list."""
    session = begin(city, commander, roles=["指挥长", " 组长 ", ""])
    hold(city, commander, session, Act.PICK, matters=[city.one])
    return session


def begin(city, actor, **changed):
    said = {"title": "研判", "area": 4107, "roles": ["指挥长"]} | changed
    return city.sessions.add(actor, Order(Act.OPEN, **said))


def hold(city, actor, session, act, **said):
    version = city.sessions.get(actor, session).version
    return city.sessions.act(actor, session, Order(act, **said), version=version)


def assign(city, actor, session, **changed):
    """Give an order; its number."""
    said = {
        "matter": city.one,
        "office": staffed.WORKS,
        "task": "今日办结",
        "until": DUE,
        "group": 1,
    } | changed
    hold(city, actor, session, Act.GIVE, **said)
    return int(city.orders.of_session(session)["id"].max())


def follow_up(city, actor, order, act, **said):
    version = city.orders.get(actor, order).version
    return city.orders.act(actor, order, Order(act, **said), version=version)


def judge(city, actor, session, words):
    return hold(city, actor, session, Act.JUDGE, matter=city.one, words=words)


def test_a_session_is_held_from_list_to_decision_and_followed_up(city, commander, held):
    handler = city.people.actor(staffed.HANDLER)
    judge(city, commander, held, "责任清楚")
    task = assign(city, commander, held)
    hold(city, commander, held, Act.CLOSE, decision=" 一周后复盘 ")
    assert city.orders.of_unit(handler, "en")[
        ["id", "office_name", "group_name"]
    ].to_numpy().tolist() == [[task, "Hongqi works", "City management"]]
    follow_up(city, handler, task, OrderAct.ANSWER, words="已办")
    follow_up(city, commander, task, OrderAct.ASK_AGAIN, words="缺照片")
    follow_up(city, handler, task, OrderAct.ANSWER, words="已附照片")
    follow_up(city, commander, task, OrderAct.ACCEPT)
    record = city.sessions.minutes(commander, held)
    assert (record.head.state, record.head.decision, record.head.roles) == (
        "closed",
        "一周后复盘",
        ("指挥长", "组长"),
    )
    assert record.lines["kind"].tolist() == [
        "opened",
        "picked",
        "judged",
        "assigned",
        "closed",
        "answered",
        "asked_again",
        "answered",
        "done",
    ]
    assert record.lines["data"].iloc[5]["words"] == "已办"
    assert city.orders.undone(4107).empty
    assert city.orders.of_unit(handler).empty


def test_a_place_has_the_sessions_about_its_matters_and_their_tasks(city, commander, held):
    task = assign(city, commander, held)
    for area in (4107, staffed.VILLAGE, flowing.town.BUSY):
        assert city.sessions.list(area)["id"].tolist() == [held]
        assert city.orders.undone(area)["id"].tolist() == [task]
    assert city.sessions.list(410703).empty
    assert city.orders.undone(410703).empty
    numbers = [*city.sessions.on_lists([held]), city.one]
    today = city.figures.today(4107)
    table = city.figures.per_place("matters", today, Level.VILLAGE, matters=numbers)
    placed = table.set_index("code")["numerator"]
    assert placed[placed > 0].to_dict() == {staffed.VILLAGE: 1}


def test_a_matter_with_a_task_stays_on_the_list_and_the_others_keep_their_order(
    city, commander, held
):
    reporter = city.people.actor(staffed.WORKER)
    task = assign(city, commander, held)
    with pytest.raises(RefusedError):
        hold(city, commander, held, Act.DROP, matter=city.one)
    assert city.orders.undone(4107)["id"].tolist() == [task]
    more = [
        city.reporting.report(reporter, flowing.new(text=str(turn))).matter
        for turn in range(3)
    ]
    hold(city, commander, held, Act.PICK, matters=more[:2])
    hold(city, commander, held, Act.DROP, matter=more[0])
    hold(city, commander, held, Act.PICK, matters=[more[2], more[0]])
    assert city.sessions.minutes(commander, held).matters["matter"].tolist() == [
        city.one,
        more[1],
        more[2],
        more[0],
    ]


def test_open_tasks_are_counted_by_working_group_and_place(city, commander, held):
    assert city.assignments.by_group(4107)[["id", "open"]].to_numpy().tolist() == [[1, 0]]
    task = assign(city, commander, held)
    assign(city, commander, held, group=0)
    handler = city.people.actor(staffed.HANDLER)
    follow_up(city, handler, task, OrderAct.ANSWER, words="已办")
    counted = city.assignments.by_group(flowing.town.BUSY, "en")
    assert counted[["id", "name", "open", "late", "answered"]].to_numpy().tolist() == [
        [1, "City management", 1, 0, 1],
        [0, "", 1, 0, 0],
    ]
    assert city.assignments.open(4107, group=1)["id"].tolist() == [task]
    assert city.assignments.by_group(410703)["open"].tolist() == [0]
    for group, expected in ((None, 2), (1, 1), (7, 0)):
        today = city.figures.today(4107)
        table = city.figures.per_place("undone", today, Level.VILLAGE, group=group)
        placed = table.set_index("code")["numerator"]
        assert placed[placed > 0].to_dict() == (
            {staffed.VILLAGE: expected} if expected else {}
        )


def test_a_task_is_late_once_its_time_is_over_without_an_answer(city, commander, held):
    assign(city, commander, held)
    later = City.open(
        city.settings, clock=StoppedClock(flowing.town.NOW + timedelta(days=2))
    )
    assert later.assignments.by_group(4107)[["open", "late"]].to_numpy().tolist() == [
        [1, 1]
    ]
    later.close()


def test_the_journal_of_the_matter_tells_of_the_task(city, commander, held):
    assign(city, commander, held)
    assert (
        city.matters.journal(city.one).iloc[-1]["reason"]
        == "联合研判：红旗区城市管理局：今日办结"
    )


@pytest.mark.parametrize("decision", ["", "  \n"])
def test_a_session_is_not_closed_without_a_decision(city, commander, held, decision):
    with pytest.raises(InputError) as caught:
        hold(city, commander, held, Act.CLOSE, decision=decision)
    assert [fault.field for fault in caught.value.faults] == ["decision"]
    assert city.sessions.get(commander, held).state == "open"


def test_an_adjourned_session_goes_on_with_all_it_had(city, commander, held):
    judge(city, commander, held, "待查")
    assign(city, commander, held)
    before = city.sessions.minutes(commander, held)
    hold(city, commander, held, Act.ADJOURN, until=DUE, reason="等待鉴定")
    with pytest.raises(RefusedError):
        judge(city, commander, held, "改判")
    with pytest.raises(RefusedError):
        hold(city, commander, held, Act.CLOSE, decision="定")
    hold(city, commander, held, Act.RESUME)
    after = city.sessions.minutes(commander, held)
    assert after.matters.equals(before.matters)
    assert after.tasks.equals(before.tasks)
    assert after.lines["kind"].tolist()[-2:] == ["adjourned", "resumed"]
    with pytest.raises(RefusedError):
        hold(city, commander, held, Act.RESUME)


def test_a_closed_session_stays_as_it_is(city, commander, held):
    hold(city, commander, held, Act.CLOSE, decision="定")
    for again in (
        lambda: hold(city, commander, held, Act.PICK, matters=[city.one]),
        lambda: hold(city, commander, held, Act.CLOSE, decision="再定"),
        lambda: assign(city, commander, held),
    ):
        with pytest.raises(RefusedError):
            again()


def test_sessions_are_held_by_who_leads_the_place_alone(city, held):
    for user in (staffed.CLERK, staffed.HANDLER, staffed.ADMIN, staffed.COUNTY_CHIEF):
        with pytest.raises(ForbiddenError):
            hold(city, city.people.actor(user), held, Act.CLOSE, decision="定")
    chief = city.people.actor(staffed.COUNTY_CHIEF)
    assert begin(city, chief, title="区内研判", area=410702)
    with pytest.raises(ForbiddenError):
        begin(city, chief, title="外区", area=410703)


def test_everything_wrong_with_a_task_is_told_at_once(city, commander, held):
    with pytest.raises(InputError) as caught:
        assign(
            city,
            commander,
            held,
            office=staffed.OTHER_WORKS,
            task=" ",
            until=NOW,
            group=77,
        )
    assert {fault.field for fault in caught.value.faults} == {
        "task",
        "until",
        "office",
        "group",
    }
    assert city.orders.of_session(held).empty


def test_matters_of_other_places_and_strangers_do_not_come_on_the_list(city, held):
    chief = city.people.actor(staffed.COUNTY_CHIEF)
    own = begin(city, chief, title="区内", area=410702)
    with pytest.raises(InputError) as caught:
        hold(city, chief, own, Act.PICK, matters=[city.one, 99_999])
    assert [fault.value for fault in caught.value.faults] == ["99999"]
    assert city.sessions.get(chief, own).matters == ()


def test_a_matter_comes_on_the_list_by_its_case_number_or_is_said_not_to_be_there(
    city, commander
):
    session = begin(city, commander)
    number = city.matters.find(MatterFilter(ids=(city.one,)))["number"].iloc[0]
    with pytest.raises(InputError, match=f"{number}9"):
        hold(city, commander, session, Act.PICK, matters=[city.one], number=f"{number}9")
    assert city.sessions.get(commander, session).matters == ()
    named = hold(city, commander, session, Act.PICK, number=f" {number.lower()} ")
    assert named.matters == (city.one,)


def test_what_is_on_no_list_is_not_judged_and_what_is_there_not_put_on_it_again(
    city, commander, held
):
    session = begin(city, commander)
    with pytest.raises(RefusedError):
        judge(city, commander, session, "责任清楚")
    with pytest.raises(RefusedError):
        hold(city, commander, held, Act.PICK, matters=[city.one])
    with pytest.raises(InputError) as caught:
        hold(city, commander, held, Act.JUDGE, matter=99_999, words="责任清楚")
    assert [(fault.field, fault.value) for fault in caught.value.faults] == [
        ("matter", "99999")
    ]


def test_a_session_sent_twice_under_one_client_id_is_begun_once(city, commander):
    order = Order(Act.OPEN, title="研判", area=4107, roles=["指挥长"])
    numbers = {city.sessions.add(commander, order, client_id="a") for _ in range(2)}
    assert len(numbers) == 1
    (number,) = numbers
    acts = city.sessions.history(commander, number)["act"].tolist()
    assert acts == ["opened"]


def test_only_the_unit_answers_and_only_once(city, commander, held):
    task = assign(city, commander, held)
    clerk, first, second = (
        city.people.actor(user)
        for user in (staffed.CLERK, staffed.HANDLER, staffed.SECOND_HANDLER)
    )
    with pytest.raises(ForbiddenError):
        follow_up(city, clerk, task, OrderAct.ANSWER, words="代答")
    with pytest.raises(RefusedError):
        follow_up(city, commander, task, OrderAct.ACCEPT)
    follow_up(city, first, task, OrderAct.ANSWER, words="已办")
    with pytest.raises(RefusedError):
        follow_up(city, second, task, OrderAct.ANSWER, words="再答")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_minutes_are_printed_whatever_people_wrote(city, commander, held, lang):
    judge(city, commander, held, flowing.HOSTILE + " <b>&amp;</b>")
    assign(city, commander, held, task="<para>x")
    hold(city, commander, held, Act.CLOSE, decision=flowing.HOSTILE)
    record = city.sessions.minutes(commander, held, lang)
    page = minutes.pdf(
        record, Words(lang), people={staffed.COMMANDER: "何明刚"}, place="新乡市"
    )
    assert page.startswith(b"%PDF")
