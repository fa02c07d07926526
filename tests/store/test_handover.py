"""Work passed on, on both databases: a village of two workers and a clerk, matters at its desk."""

import threading
import time
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select, update
from world import LOWER_LEFT, LOWER_RIGHT, NOW, UPPER_LEFT, fill

from gridmap.calendar import from_epoch
from gridmap.cases.actors import SYSTEM
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.city.people.handovers import HandOver
from gridmap.errors import ForbiddenError, InputError, NotFoundError, StaleError
from gridmap.model import Status
from gridmap.store.base.store import touch
from gridmap.store.flow import cases, newcases
from gridmap.store.flow.newcases import NewCase
from gridmap.store.opening import open_store
from gridmap.store.people.people import replace_people
from gridmap.store.people.workers import replace_workers
from gridmap.store.tables import assignments, device_keys, users
from gridmap.store.tables import cases as cases_table

ANNA, BEN, CLERK, ADMIN, FAR_ADMIN, HANDLER, NEW_HANDLER = range(1, 8)
DESK, WORKS = 1, 2
TODAY = date(2024, 5, 21)


def offices():
    rows = [
        (DESK, "village", "社区", 410702001001, ""),
        (WORKS, "department", "城管", 410702, "城市管理局"),
    ]
    return pd.DataFrame(rows, columns=["id", "kind", "name", "area", "department"])


def people():
    rows = [
        (ANNA, "grid_worker", DESK, LOWER_LEFT, 11),
        (BEN, "grid_worker", DESK, LOWER_RIGHT, 12),
        (CLERK, "clerk", DESK, 410702001001, None),
        (ADMIN, "admin", None, 4107, None),
        (FAR_ADMIN, "admin", None, 410702001002, None),
        (HANDLER, "handler", WORKS, 410702, None),
        (NEW_HANDLER, "handler", WORKS, 410702, None),
    ]
    table = pd.DataFrame(rows, columns=["id", "role", "office", "area", "worker"])
    return table.assign(
        login=[f"u{number}" for number in table["id"]],
        name=[f"人{number}" for number in table["id"]],
    )


def staff():
    workers = pd.DataFrame(
        {"id": [11, 12], "name": ["安", "本"], "role": ["grid_worker"] * 2}
    )
    rows = [
        (11, LOWER_LEFT, date(2022, 1, 1), None),
        (11, UPPER_LEFT, date(2022, 1, 1), date(2023, 1, 1)),
        (12, LOWER_RIGHT, None, None),
    ]
    return workers, pd.DataFrame(rows, columns=["worker", "area", "starts", "ends"])


def report(number, *, grid=LOWER_LEFT, office=DESK, person=ANNA, status=Status.HANDLING):
    data = {
        "grid": grid,
        "category": "C01",
        "status": int(status),
        "office": office,
        "person": person,
        "reporter": BEN,
    }
    matter = {
        "client_id": f"r{number}",
        "category": 2,
        "grid": grid,
        "plan": 1,
        "lon": 113.05,
        "lat": 35.05,
        "reported_at": NOW - 900,
        "channel": 0,
    }
    return NewCase(matter, Entry(1, Act.REPORT, NOW - 900, BEN, data))


@pytest.fixture
def city(settings):
    with open_store(settings) as store:
        fill(store)
        replace_workers(store, *staff())
        replace_people(store, offices(), people())
        store.set_meta("city", "4107")
    opened = City.open(settings, clock=StoppedClock(from_epoch(NOW)))
    yield opened
    opened.close()


@pytest.fixture
def matters(city):
    """Numbers of five matters: three of Anna's in hand, one of hers closed, one of Ben's."""
    reports = [report(number) for number in range(3)]
    reports += [report(3, status=Status.CLOSED), report(4, person=BEN, grid=LOWER_RIGHT)]
    with city.store.write() as connection:
        kept = newcases.create(connection, reports)
    return [kept[f"r{number}"].case.matter for number in range(5)]


def persons(city, matters):
    with city.store.read() as connection:
        return [
            cases.load(connection, matter, for_update=False).person for matter in matters
        ]


def posts(city):
    with city.store.read() as connection:
        columns = (
            assignments.c.worker,
            assignments.c.area,
            assignments.c.starts,
            assignments.c.ends,
        )
        return [
            tuple(row)
            for row in connection.execute(select(*columns).order_by(assignments.c.id))
        ]


def test_all_the_work_of_somebody_moves_in_one_dated_step(city, matters):
    key = city.keys.make(SYSTEM, ANNA, label="手机")
    gone = city.keys.make(SYSTEM, ANNA, label="旧手机")
    city.keys.revoke(SYSTEM, 2)
    would = city.handovers.would_move(ANNA)
    moved = city.handovers.hand_over(
        city.people.actor(ADMIN), source=ANNA, target=BEN, reason="离职"
    )
    assert moved == would == HandOver(matters=3, keys=1, grids=1)
    assert city.handovers.would_move(ANNA) == HandOver(matters=0, keys=0, grids=0)
    assert persons(city, matters) == [BEN, BEN, BEN, ANNA, BEN]
    assert city.keys.actor_of(key)[0] == city.people.actor(BEN)
    assert city.people.actor(BEN).areas == (LOWER_LEFT, LOWER_RIGHT)
    assert city.people.actor(ANNA).areas == ()
    assert city.keys.listed(ANNA)["label"].tolist() == ["旧手机"]
    with pytest.raises(ForbiddenError):
        city.keys.actor_of(gone)
    assert posts(city) == [
        (11, LOWER_LEFT, date(2022, 1, 1), date(2024, 5, 20)),
        (11, UPPER_LEFT, date(2022, 1, 1), date(2023, 1, 1)),
        (12, LOWER_RIGHT, None, None),
        (12, LOWER_LEFT, TODAY, None),
    ]


def test_the_journal_tells_who_handed_over_what_when_and_why(city, matters):
    city.handovers.hand_over(
        city.people.actor(CLERK), source=ANNA, target=BEN, reason="离职"
    )
    with city.store.read() as connection:
        for matter in matters[:3]:
            steps = cases.steps(connection, matter)
            last = steps[-1]
            assert (last.act, last.at, last.actor) == (Act.HAND_OVER, NOW, CLERK)
            assert (last.data["person"], last.data["reason"]) == (BEN, "离职")
            assert engine.replay(MATTER, matter, steps) == cases.load(
                connection, matter, for_update=False
            )
        assert len(cases.steps(connection, matters[3])) == 1, (
            "what is closed stays with who handled it"
        )


def test_work_goes_back_on_the_same_day_without_a_trace_of_nothing(city, matters):
    before = posts(city)
    admin = city.people.actor(ADMIN)
    city.handovers.hand_over(admin, source=ANNA, target=BEN, reason="错")
    back = city.handovers.hand_over(admin, source=BEN, target=ANNA, reason="改回")
    assert back.grids == 2
    assert city.people.actor(ANNA).areas == (LOWER_LEFT, LOWER_RIGHT)
    assert city.people.actor(BEN).areas == ()
    assert all(
        ends is None or starts is None or starts <= ends
        for _, _, starts, ends in posts(city)
    )
    assert len(posts(city)) == len(before) + 2


def test_when_one_matter_may_not_move_nothing_does(city, matters):
    key = city.keys.make(SYSTEM, ANNA, label="手机")
    with city.store.write() as connection:
        connection.execute(
            update(cases_table)
            .where(cases_table.c.matter == matters[1])
            .values(office=WORKS)
        )
    before = posts(city)
    with pytest.raises(InputError) as refused:
        city.handovers.hand_over(
            city.people.actor(CLERK), source=ANNA, target=BEN, reason="离职"
        )
    assert [fault.value for fault in refused.value.faults] == [str(matters[1])]
    assert persons(city, matters) == [ANNA, ANNA, ANNA, ANNA, BEN]
    assert city.keys.actor_of(key)[0].user == ANNA
    assert posts(city) == before
    assert (
        city.handovers.hand_over(SYSTEM, source=ANNA, target=BEN, reason="离职").matters
        == 3
    )


def test_who_may_not_and_what_does_not_fit_is_refused(city, matters):
    act = city.people.actor
    for user in (ANNA, HANDLER, FAR_ADMIN):
        with pytest.raises(ForbiddenError):
            city.handovers.hand_over(act(user), source=ANNA, target=BEN, reason="离职")
    with pytest.raises(ForbiddenError):
        city.handovers.hand_over(act(CLERK), source=ANNA, target=HANDLER, reason="离职")
    with pytest.raises(InputError) as refused:
        city.handovers.hand_over(SYSTEM, source=ANNA, target=HANDLER, reason=" ")
    assert [fault.rule for fault in refused.value.faults] == [
        "has no reason",
        "has another role",
        "is not in the staff list, which the grids need",
    ]
    with pytest.raises(InputError, match="to themselves"):
        city.handovers.hand_over(SYSTEM, source=ANNA, target=ANNA, reason="离职")
    with pytest.raises(NotFoundError):
        city.handovers.hand_over(SYSTEM, source=ANNA, target=999, reason="离职")


def test_the_work_of_somebody_who_left_already_can_be_handed_over(city, matters):
    with city.store.write() as connection:
        connection.execute(update(users).where(users.c.id == ANNA).values(active=False))
    city.people.changed()
    assert (
        city.handovers.hand_over(SYSTEM, source=ANNA, target=BEN, reason="离职").matters
        == 3
    )
    with pytest.raises(InputError, match="no longer active"):
        city.handovers.hand_over(SYSTEM, source=BEN, target=ANNA, reason="离职")


def test_a_matter_being_given_just_now_moves_as_well(city, matters):
    """Somebody else's transaction has given Anna the fifth matter and is not finished: hers
    is waited for.
    """
    given = threading.Event()
    order = Order(Act.ASSIGN, person=ANNA, reason="试")

    def give():
        with city.store.write() as connection:
            case = cases.load(connection, matters[4])
            step = engine.decide(
                MATTER,
                case,
                city.people.actor(ADMIN),
                order,
                now=NOW,
                context=city.limits.deadlines,
            )
            cases.append(connection, case, step)
            given.set()
            time.sleep(0.5)

    thread = threading.Thread(target=give)
    thread.start()
    assert given.wait(20)
    moved = city.handovers.hand_over(SYSTEM, source=ANNA, target=BEN, reason="离职")
    thread.join()
    assert moved.matters == 4
    assert persons(city, matters) == [BEN, BEN, BEN, ANNA, BEN]


def test_of_two_moves_at_once_the_journal_has_both(city, matters):
    """A worker answers a matter while it is handed over: whichever is second builds on the
    first or is told.
    """
    outcomes = []

    def answer():
        order = Order(Act.ANSWER, reason="已处理")
        try:
            with city.store.write() as connection:
                case = cases.load(connection, matters[0])
                step = engine.decide(
                    MATTER,
                    case,
                    city.people.actor(CLERK),
                    order,
                    now=NOW,
                    context=city.limits.deadlines,
                )
                cases.append(connection, case, step)
                outcomes.append("answered")
        except StaleError:
            outcomes.append("told")

    thread = threading.Thread(target=answer)
    thread.start()
    city.handovers.hand_over(SYSTEM, source=ANNA, target=BEN, reason="离职")
    thread.join()
    with city.store.read() as connection:
        journal = cases.steps(connection, matters[0])
        assert engine.replay(MATTER, matters[0], journal) == cases.load(
            connection, matters[0], for_update=False
        )
    made = [step.act for step in journal[1:]]
    assert sorted(made) == (
        [Act.ANSWER, Act.HAND_OVER] if outcomes == ["answered"] else [Act.HAND_OVER]
    )
    assert persons(city, matters)[0] == BEN


def test_chosen_matters_are_given_to_somebody_all_or_none(city, matters):
    clerk = city.people.actor(CLERK)
    with city.store.write() as connection:
        connection.execute(
            assignments.insert().values(worker=12, area=LOWER_LEFT, role="grid_worker")
        )
        touch(connection, "people")
    city.people.changed()
    assert (
        city.handovers.reassign(
            clerk,
            [matters[0], matters[1], matters[0], matters[4]],
            person=BEN,
            reason="均衡",
        )
        == 2
    )
    assert persons(city, matters) == [BEN, BEN, ANNA, ANNA, BEN]
    with pytest.raises(InputError) as refused:
        city.handovers.reassign(
            clerk, [matters[2], matters[3], 999], person=BEN, reason="均衡"
        )
    assert [fault.value for fault in refused.value.faults] == [str(matters[3]), "999"]
    assert persons(city, matters) == [BEN, BEN, ANNA, ANNA, BEN]


def test_a_matter_is_not_given_to_who_has_nothing_to_do_with_it(city, matters):
    admin = city.people.actor(ADMIN)
    with pytest.raises(InputError, match="neither works in the office"):
        city.handovers.reassign(admin, matters[:1], person=HANDLER, reason="试")
    with pytest.raises(InputError, match="neither works in the office"):
        city.handovers.reassign(admin, matters[:1], person=BEN, reason="试")
    assert city.handovers.reassign(admin, matters[:1], person=CLERK, reason="试") == 1
    with pytest.raises(ForbiddenError):
        city.handovers.reassign(
            city.people.actor(HANDLER), matters[1:2], person=CLERK, reason="试"
        )
    with pytest.raises(InputError, match="no reason"):
        city.handovers.reassign(admin, matters[1:2], person=CLERK, reason="")
    with pytest.raises(InputError, match="too many"):
        city.handovers.reassign(admin, range(5000), person=CLERK, reason="试")


def test_keys_in_the_truth_are_those_of_the_new_holder(city, matters):
    city.keys.make(SYSTEM, HANDLER, label="平板", areas=[410702])
    assert city.handovers.hand_over(
        SYSTEM, source=HANDLER, target=NEW_HANDLER, reason="换岗"
    ) == HandOver(0, 1, 0)
    with city.store.read() as connection:
        assert connection.execute(
            select(device_keys.c.user, device_keys.c.areas)
        ).all() == [(NEW_HANDLER, "[410702]")]
