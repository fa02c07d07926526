import subprocess
import sys
from pathlib import Path

import pytest
from clockwork import journal, open_matter, opened
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from world import NOW, fill

from gridmap.cases.matters.acts import Act
from gridmap.model import Status
from gridmap.settings import Settings
from gridmap.store.opening import open_store
from gridmap.store.tables import alarms, cases, events, outbox

HOUR, DAY = 3600, 86_400


@pytest.fixture
def city(town, settings):
    with_clock = opened(settings)
    yield with_clock
    with_clock.close()


def raised(store):
    """Alarms in the table, journal lines and messages: three tellings of one thing."""
    with store.read() as connection:
        marks = (
            select(func.count())
            .select_from(events)
            .where(events.c.kind.in_(("near_due", "overdue")))
        )
        return tuple(
            int(connection.scalar(query))
            for query in (
                select(func.count()).select_from(alarms),
                marks,
                select(func.count()).select_from(outbox),
            )
        )


def test_a_limit_that_ran_out_is_raised_once_in_journal_and_outbox(city):
    late = open_matter(city.store, due_at=NOW - 60, step_due_at=NOW - 60)
    early = open_matter(city.store, due_at=NOW + DAY, step_due_at=NOW + DAY)
    assert city.watch.look() == (0, 1, 0)
    assert city.watch.look() == (0, 0, 0)
    assert [move for move, _ in journal(city.store, late)] == [Act.OVERDUE]
    assert journal(city.store, early) == []
    [message] = city.outbox.waiting().to_dict("records")
    assert message["key"] == f"overdue:{late}:{NOW - 60}"
    assert raised(city.store) == (1, 1, 1)


def test_a_step_that_is_late_is_told_apart_from_the_matter_that_is(city):
    matter = open_matter(
        city.store,
        due_at=NOW + 9 * DAY,
        step_due_at=NOW - 1,
        category="C01",
        status=int(Status.DISPATCHED),
    )
    assert city.watch.look() == (0, 0, 1)
    [(move, data)] = journal(city.store, matter)
    assert (move, data["kind"], data["of"], data["limit"]) == (
        Act.OVERDUE,
        "step_overdue",
        "handle",
        NOW - 1,
    )


def test_a_matter_is_near_due_in_the_last_fifth_of_its_limit(city):
    due = NOW + 10 * DAY
    matter = open_matter(city.store, due_at=due, step_due_at=due, accepted_at=NOW)
    left = city.limits.deadlines.warn_at(
        "E01", NOW, due, share=city.settings.near_due_share
    )
    city.clock.shown = left - 1
    assert city.watch.look() == (0, 0, 0)
    city.clock.shown = left
    assert city.watch.look() == (1, 0, 0)
    assert [data["kind"] for _, data in journal(city.store, matter)] == ["near_due"]


def test_what_nobody_looked_at_in_time_is_overdue_not_near_due(city):
    open_matter(city.store, due_at=NOW + HOUR, step_due_at=NOW + HOUR)
    city.clock.shown = NOW + 400 * DAY
    assert city.watch.look() == (0, 1, 0)


def test_a_new_limit_may_run_out_again_and_an_old_one_never_does(city):
    matter = open_matter(city.store, due_at=NOW - 60, step_due_at=NOW - 60)
    city.watch.look()
    with city.store.write() as connection:
        connection.execute(
            cases.update()
            .where(cases.c.matter == matter)
            .values(due_at=NOW + 60, step_due_at=NOW + 60)
        )
    city.clock.shown = NOW + 120
    assert city.watch.look() == (0, 1, 0)
    with city.store.write() as connection:
        connection.execute(
            cases.update()
            .where(cases.c.matter == matter)
            .values(due_at=NOW - 60, step_due_at=NOW - 60)
        )
    assert city.watch.look() == (0, 0, 0)


def test_parked_and_ended_matters_raise_nothing(city):
    for status in (Status.PARKED, Status.CLOSED, Status.REJECTED, Status.VOIDED):
        open_matter(city.store, due_at=NOW - 60, step_due_at=NOW - 120, status=int(status))
    assert city.watch.look() == (0, 0, 0)


def test_two_clockworks_at_once_raise_each_alarm_once(city, settings):
    for number in range(120):
        open_matter(city.store, due_at=NOW - 60 - number, step_due_at=NOW - 60 - number)
        open_matter(
            city.store,
            due_at=NOW + 9 * DAY,
            step_due_at=NOW - number - 1,
            status=int(Status.ACCEPTED),
        )
    program = Path(__file__).with_name("clockwork.py")
    words = [
        sys.executable,
        str(program),
        str(settings.home),
        settings.database_url,
        str(NOW),
    ]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(words, **pipes) for _ in range(2)]
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("\n")
        one.stdin.flush()
    told = [[int(word) for word in one.communicate(timeout=120)[0].split()] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert [sum(counts) for counts in zip(*told, strict=True)] == [0, 120, 120]
    assert raised(city.store) == (240, 240, 240)
    assert city.watch.look() == (0, 0, 0)


def test_contacts_are_deleted_some_time_after_the_end(city):
    days = city.settings.contact_days
    ended = open_matter(
        city.store,
        status=int(Status.CLOSED),
        accepted_at=NOW - (days + 1) * DAY,
        contact="13800000000",
    )
    recent = open_matter(city.store, status=int(Status.CLOSED), contact="13800000001")
    still_open = open_matter(
        city.store, accepted_at=NOW - (days + 1) * DAY, contact="13800000002"
    )
    assert city.watch.forget_contacts() == 1
    with city.store.read() as connection:
        kept = dict(connection.execute(select(cases.c.matter, cases.c.contact)).all())
    assert kept == {ended: None, recent: "13800000001", still_open: "13800000002"}


JUMPS = st.lists(st.integers(-30 * DAY, 60 * DAY), min_size=1, max_size=12)
LIMITS = st.lists(
    st.tuples(st.integers(1, 20 * DAY), st.integers(1, 20 * DAY)), min_size=1, max_size=6
)


@pytest.fixture(scope="module")
def worn(tmp_path_factory):
    """A city that lives through all examples of a property."""
    settings = Settings(home=tmp_path_factory.mktemp("worn"))
    with open_store(settings) as store:
        fill(store)
    with_clock = opened(settings)
    yield with_clock
    with_clock.close()


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(LIMITS, JUMPS)
def test_however_the_clock_jumps_each_limit_is_raised_once(worn, limits, jumps):
    """Down for weeks, set back, set forth: a limit the clock has ever shown to be over was
    raised once, no other was.
    """
    start = NOW
    matters = {
        open_matter(
            worn.store,
            due_at=start + due,
            step_due_at=start + step,
            status=int(Status.DISPATCHED),
            accepted_at=start - 60,
        ): (start + due, start + step)
        for due, step in limits
    }
    latest = 0
    for jump in jumps:
        worn.clock.shown = start + jump
        latest = max(latest, start + jump)
        worn.watch.look()
    for matter, (due, step) in matters.items():
        found = [(data["kind"], data["limit"]) for _, data in journal(worn.store, matter)]
        assert len(found) == len(set(found))
        wanted = {("overdue", due)} if due <= latest else set()
        wanted |= {("step_overdue", step)} if step <= latest and step != due else set()
        assert {one for one in found if one[0] != "near_due"} == wanted
        assert {limit for kind, limit in found if kind == "near_due"} <= {due}
    told, lines, messages = raised(worn.store)
    assert told == lines == messages
