"""Rules of lagging, supervision and interview warnings, in a town where one unit is late."""

from datetime import timedelta

import flowing
import pandas as pd
import pytest
import staffed
import town
from hypothesis import given
from hypothesis import strategies as st

from gridmap.calendar import to_epoch
from gridmap.cases.interviews import Act, State
from gridmap.cases.records.record import Order
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.errors import ForbiddenError, InputError, RefusedError, StaleError
from gridmap.insight.lag import MEASURES, Rule, lagging
from gridmap.model import Level

LATER = town.NOW + timedelta(days=4)
NOW = to_epoch(LATER)
RULE = {
    "measure": "late",
    "threshold": 2.0,
    "least": 1,
    "days": 1,
    "kind": "",
    "interview": True,
    "active": True,
}


@pytest.fixture
def city(tmp_path):
    """Four days later, three reports lie at the village desk, none begun."""
    settings = flowing.build(tmp_path / "home")
    first = flowing.opened(settings)
    numbers = [
        first.reporting.report(
            first.people.actor(staffed.WORKER), flowing.new(client_id=one)
        ).matter
        for one in "abc"
    ]
    first.close()
    opened = City.open(settings, clock=StoppedClock(LATER))
    opened.numbers = numbers
    yield opened
    opened.close()


@pytest.fixture
def commander(city):
    return city.people.actor(staffed.COMMANDER)


def rules(*changes):
    return pd.DataFrame([RULE | change for change in changes])


def test_a_rule_finds_the_unit_with_what_counts_against_it(city, commander):
    assert city.lagging.found(4107).empty
    city.lagging.save_rules(commander, rules({}, {"active": False}, {"kind": "department"}))
    (row,) = city.lagging.found(4107, "en").to_dict("records")
    assert (row["name"], row["numerator"], row["denominator"], row["value"]) == (
        "Dongzhuang desk",
        3,
        3,
        3.0,
    )
    assert list(row["matters"]) == city.numbers
    assert not row["asked"]
    assert city.lagging.found(410703).empty


def catches(city, **narrow):
    keys, today = ["caught_units", "caught_matters"], city.figures.today(4107)
    table = city.figures.table(keys, today, Level.VILLAGE, **narrow)
    return table.set_index("code")[keys]


def test_what_rules_catch_is_counted_by_rule_and_place(city, commander):
    assert city.catches.by_rule(4107).empty
    city.lagging.save_rules(
        commander, rules({}, {"active": False}, {"kind": "department"}, {"threshold": 3.0})
    )
    caught = city.catches.by_rule(4107)
    assert caught[["rule", "units", "matters"]].to_numpy().tolist() == [
        [1, 1, 3],
        [3, 0, 0],
        [4, 1, 3],
    ]
    assert city.catches.by_rule(410703)["units"].sum() == 0
    for rule, expected in ((0, [1, 3]), (1, [1, 3]), (3, [0, 0])):
        placed = catches(city, rule=rule)
        assert placed.loc[staffed.VILLAGE].tolist() == expected
        assert placed.drop(staffed.VILLAGE).to_numpy().sum() == 0
    tried = catches(city, rules=rules({"threshold": 4.0}))
    assert tried.to_numpy().sum() == 0


def test_a_dry_run_changes_nothing(city):
    found = city.lagging.found(
        4107, rules=rules({"measure": "late_share", "threshold": 50.0})
    )
    assert found["value"].tolist() == [100.0]
    assert city.lagging.rules().empty


def test_rules_keep_their_numbers_when_they_are_edited(city, commander):
    city.lagging.save_rules(commander, rules({}, {"measure": "old"}))
    table = city.lagging.rules()
    city.lagging.save_rules(commander, table.iloc[[1]].assign(threshold=7.0))
    again = city.lagging.rules()
    assert again["id"].tolist() == [table["id"][1]]
    assert again["threshold"].tolist() == [7.0]


def test_every_fault_of_a_table_of_rules_is_told(city, commander):
    with pytest.raises(InputError) as caught:
        city.lagging.save_rules(
            commander,
            rules(
                {"measure": "mood"},
                {"measure": "late_share", "threshold": 101.0},
                {"least": 0, "days": 400, "kind": "court"},
            ),
        )
    assert [(fault.row, fault.field) for fault in caught.value.faults] == [
        (1, "measure"),
        (2, "threshold"),
        (3, "least"),
        (3, "days"),
        (3, "kind"),
    ]
    with pytest.raises(ForbiddenError):
        city.lagging.save_rules(city.people.actor(staffed.COUNTY_CHIEF), rules({}))


def test_supervision_is_one_step_for_all_and_once_each(city, commander):
    assert city.lagging.supervise(commander, city.numbers, "今日清零") == 3
    assert city.lagging.supervise(commander, city.numbers, "今日清零") == 0
    assert city.matters.case(city.numbers[0]).supervised == 1
    with pytest.raises(InputError):
        city.lagging.supervise(commander, city.numbers, " ")


def ask(city, actor, office=staffed.VILLAGE_DESK, words="说明原因", **more):
    return city.interviews.add(actor, Order(Act.ASK, office=office, words=words, **more))


def do(city, actor, number, act, **said):
    version = city.interviews.get(actor, number).version
    return city.interviews.act(actor, number, Order(act, **said), version=version)


def test_a_warning_is_asked_answered_and_closed(city, commander):
    room, clerk = city.interviews, city.people.actor(staffed.CLERK)
    number = ask(city, commander, rule=1, reason={"measure": "late", "value": 3})
    assert room.of_unit(clerk)["id"].tolist() == [number]
    with pytest.raises(RefusedError):
        ask(city, commander, words="再约")
    with pytest.raises(RefusedError):
        do(city, commander, number, Act.CLOSE, verdict="销号")
    with pytest.raises(ForbiddenError):
        do(city, city.people.actor(staffed.HANDLER), number, Act.ANSWER, answer="代答")
    with pytest.raises(InputError):
        do(city, clerk, number, Act.ANSWER, answer=" ")
    do(city, clerk, number, Act.ANSWER, answer="本周清零")
    with pytest.raises(RefusedError):
        do(city, clerk, number, Act.ANSWER, answer="再答")
    with pytest.raises(ForbiddenError):
        do(city, clerk, number, Act.CLOSE, verdict="自销")
    do(city, commander, number, Act.CLOSE, verdict="整改到位")
    (row,) = room.list(4107, lang="en").to_dict("records")
    assert (row["office_name"], row["answer"], row["verdict"], row["closed_by"]) == (
        "Dongzhuang desk",
        "本周清零",
        "整改到位",
        staffed.COMMANDER,
    )
    assert row["reason"] == {"measure": "late", "value": 3}
    assert room.of_unit(clerk).empty
    assert room.history(commander, number)["act"].tolist() == ["ask", "answer", "close"]
    assert ask(city, commander, words="再次约谈")


def test_the_slower_of_two_is_told_what_happened(city, commander):
    clerk = city.people.actor(staffed.CLERK)
    number = ask(city, commander)
    do(city, clerk, number, Act.ANSWER, answer="本周清零")
    close = Order(Act.CLOSE, verdict="整改到位")
    with pytest.raises(StaleError) as stale:
        city.interviews.act(commander, number, close, version=1)
    assert [entry.data["answer"] for entry in stale.value.since] == ["本周清零"]
    assert city.interviews.get(commander, number).state is State.ANSWERED


def test_a_warning_stands_at_the_places_its_unit_answers_for(city, commander):
    number = ask(city, commander)
    for area in (4107, staffed.TOWNSHIP, staffed.VILLAGE, town.BUSY):
        assert city.interviews.list(area)["id"].tolist() == [number]
    assert city.interviews.list(staffed.VILLAGE + 1).empty
    for level, code in (
        (Level.TOWNSHIP, staffed.TOWNSHIP),
        (Level.VILLAGE, staffed.VILLAGE),
    ):
        areas = city.interviews.list(4107)["area"]
        today = city.figures.today(4107)
        table = city.figures.per_place("warned", today, level, areas=areas)
        counts = table.set_index("code")["numerator"]
        assert counts[counts > 0].to_dict() == {code: 1}


def test_an_unanswered_warning_is_closed_only_when_its_time_is_over(city, commander):
    number = ask(city, commander, due_at=NOW + 60)
    later = City.open(city.settings, clock=StoppedClock(LATER + timedelta(minutes=2)))
    do(later, commander, number, Act.CLOSE, verdict="逾期未答")
    assert later.interviews.list(4107, state="open").empty
    later.close()


def test_units_are_asked_by_who_leads_their_place(city):
    chief = city.people.actor(staffed.COUNTY_CHIEF)
    assert ask(city, chief, staffed.WORKS)
    for user, office in (
        (staffed.COUNTY_CHIEF, staffed.OTHER_WORKS),
        (staffed.ADMIN, staffed.VILLAGE_DESK),
    ):
        with pytest.raises(ForbiddenError):
            ask(city, city.people.actor(user), office)


rows = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 40), st.booleans(), st.floats(0, 60)),
    max_size=40,
)


@given(
    rows,
    st.sampled_from(sorted(MEASURES)),
    st.floats(0.1, 100),
    st.integers(1, 5),
    st.integers(1, 30),
)
def test_who_is_found_has_reached_the_threshold_over_enough_matters(
    rows, measure, threshold, least, days
):
    table = pd.DataFrame(rows, columns=["office", "matter", "late", "days"]).astype(
        {"late": bool}
    )
    found = lagging(
        Rule(measure, threshold, least, days), table, table[["office", "matter", "late"]]
    )
    for row in found.to_dict("records"):
        assert row["value"] >= threshold
        assert row["denominator"] >= least
        assert 0 < row["numerator"] <= row["denominator"]
        assert set(row["matters"]) <= set(table[table["office"] == row["office"]]["matter"])
