from datetime import date, datetime

import pandas as pd
import pytest
from clockwork import journal, open_matter, opened
from sqlalchemy import event
from world import NOW

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.cases.actors import Actor
from gridmap.cases.deadlines import DEFAULT_STEPS
from gridmap.cases.matters.acts import Act
from gridmap.city.base import reclock
from gridmap.errors import ForbiddenError, InputError
from gridmap.model import Status, UserRole
from gridmap.store.flow import cases

ADMIN = Actor(1, UserRole.ADMIN, areas=(4107,))
CLERK = Actor(2, UserRole.CLERK, areas=(4107,))
STEPS = ["step", "category", "amount", "unit"]
CLOSED_DAY = pd.DataFrame(
    {"day": [date(2024, 5, 23)], "working": [False], "note": ["防汛停工"]}
)
NO_DAYS = CLOSED_DAY.iloc[:0]


def at(text):
    return to_epoch(datetime.fromisoformat(text).replace(tzinfo=TIME_ZONE))


@pytest.fixture
def city(town, settings):
    with_clock = opened(settings)
    yield with_clock
    with_clock.close()


def case_of(city, matter):
    with city.store.read() as connection:
        return cases.load(connection, matter, for_update=False)


def test_a_new_city_has_the_usual_limits_and_keeps_its_own(city):
    assert len(city.limits.steps()) == len(DEFAULT_STEPS)
    own = pd.DataFrame(
        [("accept", "", 15, "minutes"), ("handle", "C01", 0.5, "working_days")],
        columns=STEPS,
    )
    city.limits.save_steps(ADMIN, own)
    assert city.limits.steps()["amount"].tolist() == [15, 0.5]
    assert city.limits.deadlines.step("accept", "E01", NOW) == NOW + 900
    assert city.limits.deadlines.step("dispatch", "E01", NOW) == 0
    city.limits.save_steps(ADMIN, own.iloc[:0])
    assert city.limits.deadlines.steps == DEFAULT_STEPS


def test_another_process_sees_new_limits_at_once(city, settings):
    other = opened(settings)
    assert other.limits.deadlines.step("accept", "E01", NOW) == NOW + 1800
    city.limits.save_steps(
        ADMIN, pd.DataFrame([("accept", "", 1, "minutes")], columns=STEPS)
    )
    assert other.limits.deadlines.step("accept", "E01", NOW) == NOW + 60
    other.close()


def test_all_faults_of_limits_are_told_at_once_and_nothing_is_changed(city):
    odd = pd.DataFrame(
        [
            ("accept", "", 0, "minutes"),
            ("sleep", "", 1, "minutes"),
            ("handle", "Z", 1, "minutes"),
            ("verify", "", "much", "working_days"),
            ("heed", "", 1, "weeks"),
            ("heed", "E", float("inf"), "minutes"),
        ],
        columns=STEPS,
    )
    with pytest.raises(InputError) as refused:
        city.limits.save_steps(ADMIN, odd)
    assert [(fault.row, fault.field) for fault in refused.value.faults] == [
        (1, "amount"),
        (2, "step"),
        (3, "category"),
        (4, "amount"),
        (5, "unit"),
        (6, "amount"),
    ]
    twice = pd.DataFrame([("accept", "", 1, "minutes")] * 2, columns=STEPS)
    with pytest.raises(InputError):
        city.limits.save_steps(ADMIN, twice)
    with pytest.raises(InputError):
        city.limits.save_steps(ADMIN, twice.drop(columns="unit"))
    days = pd.DataFrame(
        {
            "day": ["2024-13-01", None, "1999-01-01"],
            "working": [None, True, "no"],
            "note": ["x" * 300, "", "\0"],
        }
    )
    with pytest.raises(InputError) as refused:
        city.limits.save_holidays(ADMIN, days)
    assert [(fault.row, fault.field) for fault in refused.value.faults] == [
        (1, "day"),
        (1, "working"),
        (1, "note"),
        (2, "day"),
        (3, "day"),
        (3, "working"),
        (3, "note"),
    ]
    assert city.limits.deadlines.steps == DEFAULT_STEPS
    assert city.limits.holidays().empty


def test_only_the_citys_admin_sets_limits(city):
    for change in (
        lambda: city.limits.save_steps(CLERK, city.limits.steps()),
        lambda: city.limits.save_holidays(CLERK, CLOSED_DAY),
    ):
        with pytest.raises(ForbiddenError):
            change()
    with pytest.raises(ForbiddenError):
        city.limits.save_steps(
            Actor(3, UserRole.ADMIN, areas=(410702,)), city.limits.steps()
        )


def test_a_new_holiday_clocks_open_matters_anew_and_its_end_clocks_them_back(city):
    start = at("2024-05-20T10:00")
    due = city.limits.deadlines.whole("C01", start)
    assert due == at("2024-05-24T17:30")
    running = open_matter(
        city.store, category="C01", accepted_at=start, due_at=due, step_due_at=due
    )
    waiting = open_matter(
        city.store,
        category="C01",
        accepted_at=start,
        status=int(Status.ANSWERED),
        due_at=due,
        step_due_at=city.limits.deadlines.step("verify", "C01", at("2024-05-22T10:00")),
    )
    ended = open_matter(
        city.store, category="C01", accepted_at=start, due_at=due, status=int(Status.CLOSED)
    )
    assert city.limits.save_holidays(ADMIN, CLOSED_DAY) == 2
    assert (
        case_of(city, running).due_at
        == case_of(city, running).step_due_at
        == at("2024-05-27T17:30")
    )
    assert case_of(city, waiting).due_at == at("2024-05-27T17:30")
    assert case_of(city, ended).due_at == due
    [(move, data)] = journal(city.store, running)
    assert (move, data["cause"], data["due_at"]) == (
        Act.RECLOCK,
        "holidays",
        at("2024-05-27T17:30"),
    )
    assert city.limits.save_holidays(ADMIN, CLOSED_DAY) == 0
    later = open_matter(
        city.store,
        category="C01",
        accepted_at=start,
        due_at=at("2024-05-27T17:30"),
        step_due_at=at("2024-05-27T17:30"),
    )
    assert city.limits.clock_anew() == 0  # made by the new days already
    assert city.limits.save_holidays(ADMIN, NO_DAYS) == 3
    assert case_of(city, running).due_at == case_of(city, later).due_at == due


def test_clocking_anew_that_was_cut_short_is_finished_by_the_clockwork(city, monkeypatch):
    monkeypatch.setattr(reclock, "BATCH", 2)
    start = at("2024-05-20T10:00")
    due = city.limits.deadlines.whole("C01", start)
    matters = [
        open_matter(
            city.store, category="C01", accepted_at=start, due_at=due, step_due_at=due
        )
        for _ in range(5)
    ]
    written = []

    def cut(connection, *_):
        written.append(connection)
        if len(written) > 3:
            raise RuntimeError("the lights went out")

    event.listen(city.store.engine, "commit", cut)
    with pytest.raises(RuntimeError):
        city.limits.save_holidays(ADMIN, CLOSED_DAY)
    event.remove(city.store.engine, "commit", cut)
    done = [case_of(city, matter).due_at for matter in matters].count(
        at("2024-05-27T17:30")
    )
    assert 0 < done < 5
    city.watch.look()
    assert {case_of(city, matter).due_at for matter in matters} == {at("2024-05-27T17:30")}
    assert [len(journal(city.store, matter)) for matter in matters] == [1] * 5


def test_years_whose_holidays_are_not_known_are_in_sight(city):
    far = at("2031-03-03T17:30")
    open_matter(city.store, due_at=far, step_due_at=far)
    years = city.limits.years().set_index("year")
    assert not years.loc[2024, "provisional"]
    assert years.loc[2031, "provisional"]
    assert years.loc[2031, "open_matters"] == 1
    assert city.limits.provisional(far)
    assert not city.limits.provisional(at("2024-06-03T17:30"))
