"""Two people at the same moment on one dispute, session, task or unit, on either database:
one is first, the other is told.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date

import flowing
import pandas as pd
import pytest
import staffed
from town import BUSY

from gridmap.cases import disputes, interviews
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.cases.sessions import Act
from gridmap.city.base import seen as base_seen
from gridmap.city.town.newtask import NewTask
from gridmap.errors import ConflictError, RefusedError, StaleError
from gridmap.store.headquarters import interviews as rows
from gridmap.store.town import tasks
from gridmap.store.town.tasks import Answer

DAY_S = 86_400
DISPUTE = Order(
    disputes.Act.ENTRUST,
    area=staffed.VILLAGE,
    source="police",
    kind="neighbours",
    parties=("neighbour", "villager"),
)
ASK = Order(interviews.Act.ASK, office=staffed.WORKS, words="整改")
TASK = NewTask(
    "visit",
    "走访",
    (staffed.VILLAGE,),
    ("在家？",),
    due_at=flowing.NOW + 2 * DAY_S,
    client_id="a",
)
TODAY = {"task": "今日办结", "until": flowing.NOW + DAY_S}


@pytest.fixture
def both(own_settings):
    """Two processes of one city."""
    settings = staffed.staff_town(own_settings)
    opened = [flowing.opened(settings) for _ in range(2)]
    yield opened
    for city in opened:
        city.close()


@pytest.fixture
def at_once(both, monkeypatch):
    """What two do who both have looked, by the function named, before either writes; errors
    as they come.
    """

    def meeting(work, owner, name):
        barrier, own = threading.Barrier(2), getattr(owner, name)
        seen = threading.local()

        def met(*args, **more):
            found = own(*args, **more)
            if not getattr(seen, "once", False):
                seen.once = True
                with suppress(
                    threading.BrokenBarrierError
                ):  # the database itself lets one wait for the other
                    barrier.wait(timeout=0.5)
            return found

        monkeypatch.setattr(owner, name, met)

        def tried(turn):
            try:
                return work(both[turn], turn)
            except Exception as error:  # noqa: BLE001  (the test looks at it)
                return error

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(tried, range(2)))

    return meeting


def actor(city, user):
    return city.people.actor(user)


def test_a_dispute_sent_twice_at_once_is_one(at_once):
    clerk = staffed.CLERK
    answers = at_once(
        lambda city, _: city.mediation.add(actor(city, clerk), DISPUTE, client_id="a"),
        engine,
        "begin",
    )
    assert answers == [1, 1]


def test_a_task_made_twice_at_once_is_one(both, at_once):
    answers = at_once(
        lambda city, _: city.tasks.make(actor(city, staffed.COMMANDER), TASK),
        tasks,
        "within",
    )
    assert answers == [1, 1]


def test_one_client_id_with_another_content_is_told(both):
    clerk, commander = actor(both[0], staffed.CLERK), actor(both[1], staffed.COMMANDER)
    both[0].mediation.add(clerk, DISPUTE, client_id="a")
    other = DISPUTE.but(parties=("employer", "employee"), kind="labour")
    with pytest.raises(ConflictError):
        both[1].mediation.add(clerk, other, client_id="a")
    both[0].tasks.make(commander, TASK)
    with pytest.raises(ConflictError):
        both[1].tasks.make(commander, replace(TASK, title="另一项"))


def test_a_part_of_a_task_sent_twice_at_once_is_done_once(both, at_once):
    task = both[0].tasks.make(actor(both[0], staffed.COMMANDER), TASK)
    done = at_once(
        lambda city, _: city.tasks.complete(
            actor(city, staffed.WORKER), task, BUSY, Answer((True,)), client_id="p"
        ),
        tasks,
        "moved_to",
    )
    assert sorted(one.created for one in done) == [False, True]


def test_of_two_who_ask_one_unit_to_an_interview_one_is_told_it_was_asked(both, at_once):
    asked = at_once(
        lambda city, _: city.interviews.add(actor(city, staffed.COMMANDER), ASK),
        rows,
        "open_offices",
    )
    assert sorted(type(one) for one in asked if not isinstance(one, int)) == [RefusedError]
    assert len(both[0].interviews.list(4107)) == 1


def test_of_two_who_judge_one_matter_the_second_looks_again(both):
    first, second = both
    commander = actor(first, staffed.COMMANDER)
    matter = first.reporting.report(actor(first, staffed.WORKER), flowing.new()).matter
    begin = Order(Act.OPEN, title="研判", area=4107, roles=["指挥长"])
    session = first.sessions.add(commander, begin)

    def do(city, act, version, **said):
        order = Order(act, **said)
        return city.sessions.act(commander, session, order, version=version).version

    def judge(city, words, version):
        return do(city, Act.JUDGE, version, matter=matter, words=words)

    picked = do(first, Act.PICK, 1, matters=[matter])
    judged = judge(first, "责任在甲", picked)
    with pytest.raises(StaleError):
        judge(second, "责任在乙", picked)
    do(second, Act.GIVE, 1, matter=matter, office=staffed.WORKS, **TODAY)
    judge(second, "责任在乙", judged)
    stands = first.sessions.minutes(commander, session)
    assert stands.matters["judgement"].tolist() == ["责任在乙"]


RULE = {
    "measure": "late",
    "threshold": 3.0,
    "least": 1,
    "days": 30,
    "kind": "",
    "interview": False,
    "active": True,
}
TABLES = {
    "rules of lagging": (
        staffed.COMMANDER,
        lambda city: city.lagging.rules(),
        lambda city, actor, n, seen: city.lagging.save_rules(
            actor, pd.DataFrame([RULE | {"least": n}]), seen=seen
        ),
    ),
    "routing rules": (
        staffed.ADMIN,
        lambda city: city.routing.rules(),
        lambda city, actor, n, seen: city.routing.save(
            actor,
            pd.DataFrame(
                [{"category": "", "area": 4107, "first": "village", "note": str(n)}]
            ),
            seen=seen,
        ),
    ),
    "limits": (
        staffed.ADMIN,
        lambda city: city.limits.steps(),
        lambda city, actor, n, seen: city.limits.save_steps(
            actor, city.limits.steps().assign(amount=n), seen=seen
        ),
    ),
    "days of the city": (
        staffed.ADMIN,
        lambda city: city.limits.holidays(),
        lambda city, actor, n, seen: city.limits.save_holidays(
            actor,
            pd.DataFrame({"day": [date(2030, 1, n)], "working": [True], "note": [""]}),
            seen=seen,
        ),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_saved_only_over_what_was_seen(both, at_once, name):
    user, read, save = TABLES[name]
    seen = read(both[0])

    def work(city, turn):
        return save(city, city.people.actor(user), turn + 2, seen)

    found = at_once(work, base_seen, "count")
    assert sorted(type(one).__name__ for one in found if isinstance(one, Exception)) == [
        "StaleError"
    ]
    first = read(both[0])
    assert not base_seen.alike(first, seen)
    with pytest.raises(StaleError):
        save(both[1], both[1].people.actor(user), 9, seen)
    assert base_seen.alike(read(both[1]), first)
    save(both[1], both[1].people.actor(user), 9, first)
