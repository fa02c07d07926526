"""The inbox: what lies in whose boxes, as a matter goes its way through the town."""

from datetime import datetime, timedelta

import pytest
import staffed
import town
from sqlalchemy import event
from staffed import (
    CLERK,
    COMMANDER,
    COUNTY_CHIEF,
    DISPATCHER,
    HANDLER,
    NEIGHBOUR,
    OTHER_CLERK,
    PUBLIC,
    SECOND_HANDLER,
    VERIFIER,
    WORKER,
    WORKS,
)

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.cases.actors import NOBODY
from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.city import City
from gridmap.city.flow.inbox import BOXES
from gridmap.city.flow.newmatter import NewMatter
from gridmap.errors import InputError
from gridmap.model import Channel

LON, LAT = town.WEST + 0.005, town.SOUTH + 0.005
"""In the middle of the first grid."""


class Hands:
    """A clock that is set by hand."""

    def __init__(self, at):
        self.at = at

    def now(self):
        return self.at.astimezone(TIME_ZONE)

    def later(self, **by):
        self.at += timedelta(**by)


@pytest.fixture
def clock():
    return Hands(datetime(2024, 5, 21, 8, 46, tzinfo=TIME_ZONE))


@pytest.fixture
def city(tmp_path, clock):
    settings = staffed.staff_town(town.build(tmp_path / "town", rows=[]))
    opened = City.open(settings, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def boxes(city):
    """The boxes of a user that hold something."""

    def of(user):
        return {
            box: number
            for box, number in city.inbox.counts(city.people.actor(user)).items()
            if number
        }

    return of


@pytest.fixture
def move(city):
    def make(user, matter, move, **order):
        version = city.matters.case(matter).version
        return city.matters.move(
            city.people.actor(user), matter, Order(move, **order), version=version
        )

    return make


def at_desk(city, user=CLERK, **more):
    """A matter taken in at the counter of the village's desk."""
    new = NewMatter("C02", LON, LAT, channel=Channel.CENTRE, **more)
    return city.reporting.report(city.people.actor(user), new).matter


def test_somebody_who_is_not_signed_in_has_empty_boxes(city):
    at_desk(city)
    assert city.inbox.counts(NOBODY) == dict.fromkeys(BOXES, 0)
    assert city.inbox.matters(NOBODY, "new").empty


def test_a_new_matter_lies_with_the_desk_that_has_it_and_with_no_other(city, boxes):
    at_desk(city)
    assert boxes(CLERK)["new"] == 1
    assert boxes(OTHER_CLERK) == {}
    assert boxes(HANDLER) == {}


def test_without_a_desk_it_lies_with_the_dispatcher_of_its_place(city, boxes):
    city.reporting.report(city.people.actor(PUBLIC), NewMatter("C02", LON, LAT))
    assert boxes(DISPATCHER)["new"] == 1
    assert boxes(CLERK) == {}


def test_a_free_matter_of_an_office_is_new_to_the_worker_of_its_grid_only(city, boxes):
    at_desk(city)
    assert boxes(WORKER)["new"] == 1
    assert boxes(NEIGHBOUR) == {}


def test_who_begins_to_handle_has_it_in_hand_and_colleagues_do_not(city, boxes, move):
    matter = at_desk(city)
    move(CLERK, matter, Act.ACCEPT)
    move(CLERK, matter, Act.DISPATCH, office=WORKS)
    assert boxes(CLERK) == {}
    assert boxes(HANDLER)["new"] == boxes(SECOND_HANDLER)["new"] == 1
    move(HANDLER, matter, Act.HANDLE)
    assert boxes(HANDLER) == {"mine": 1}
    assert boxes(SECOND_HANDLER) == {}


def test_what_was_reported_back_is_new_to_who_verifies_there(city, boxes, move):
    matter = at_desk(city)
    move(CLERK, matter, Act.ACCEPT)
    move(CLERK, matter, Act.HANDLE)
    move(CLERK, matter, Act.ANSWER, reason="swept")
    assert boxes(VERIFIER) == {"new": 1}
    assert boxes(WORKER) == {"new": 1}
    assert "mine" not in boxes(CLERK)
    move(VERIFIER, matter, Act.CLOSE)
    assert boxes(VERIFIER) == boxes(WORKER) == boxes(CLERK) == {}


def test_a_whistle_lies_with_the_office_it_calls_until_it_is_answered(city, boxes, move):
    matter = at_desk(city)
    move(CLERK, matter, Act.ACCEPT)
    move(CLERK, matter, Act.WHISTLE, office=WORKS, reason="too large for us")
    assert boxes(HANDLER)["whistled"] == 1
    assert "whistled" not in boxes(CLERK)
    move(HANDLER, matter, Act.HEED, apt=True)
    assert "whistled" not in boxes(HANDLER)
    assert boxes(HANDLER)["new"] == 1


def test_supervision_is_seen_by_who_holds_it_and_who_watches_over_the_place(
    city, boxes, move
):
    matter = at_desk(city)
    move(COUNTY_CHIEF, matter, Act.SUPERVISE, reason="a school is next to it")
    assert (
        boxes(CLERK)["supervised"]
        == boxes(COUNTY_CHIEF)["supervised"]
        == boxes(COMMANDER)["supervised"]
        == 1
    )
    assert "supervised" not in boxes(HANDLER)


def test_a_request_for_more_time_is_new_to_who_decides_on_it(city, boxes, move):
    matter = at_desk(city)
    move(CLERK, matter, Act.ACCEPT)
    move(CLERK, matter, Act.HANDLE)
    assert "new" not in boxes(DISPATCHER)
    move(
        CLERK,
        matter,
        Act.ASK_EXTENSION,
        until=city.now_s + 20 * 86_400,
        reason="no material",
    )
    assert boxes(DISPATCHER)["new"] == 1
    move(DISPATCHER, matter, Act.GRANT_EXTENSION)
    assert "new" not in boxes(DISPATCHER)


def test_limits_are_near_and_then_past(city, boxes, clock):
    matter = at_desk(city)
    case = city.matters.case(matter)
    limit = case.step_due_at - case.since
    assert limit == 30 * 60
    assert boxes(CLERK) == {"new": 1, "near_due": 1}
    clock.later(seconds=limit)
    assert boxes(CLERK) == {"new": 1, "near_due": 1}
    clock.later(seconds=1)
    assert boxes(CLERK) == {"new": 1, "overdue": 1}
    assert boxes(COMMANDER) == {"overdue": 1}


def test_a_long_limit_is_near_when_a_fifth_of_it_is_left(city, boxes, move, clock):
    matter = at_desk(city)
    for step in (Act.ACCEPT, Act.HANDLE):
        move(CLERK, matter, step)
    move(CLERK, matter, Act.ANSWER, reason="swept")
    case = city.matters.case(matter)
    limit = case.step_due_at - case.since
    assert limit // 5 > 30 * 60
    clock.at = datetime.fromtimestamp(case.step_due_at - limit // 5 - 1, tz=TIME_ZONE)
    assert "near_due" not in boxes(VERIFIER)
    clock.later(seconds=2)
    assert boxes(VERIFIER)["near_due"] == 1


def test_a_stand_in_sees_the_boxes_of_the_absent(city):
    now = to_epoch(town.NOW)
    admin = city.people.actor(staffed.ADMIN)
    city.absences.add(
        admin,
        HANDLER,
        starts=now - 60,
        ends=now + 86_400,
        stand_in=SECOND_HANDLER,
        reason="ill",
    )
    matter = at_desk(city)
    clerk = city.people.actor(CLERK)
    for order in (Order(Act.ACCEPT), Order(Act.DISPATCH, office=WORKS)):
        city.matters.move(clerk, matter, order, version=city.matters.case(matter).version)
    city.matters.move(city.people.actor(HANDLER), matter, Order(Act.HANDLE), version=3)
    assert city.inbox.counts(city.people.actor(SECOND_HANDLER))["mine"] == 0
    assert (
        city.inbox.counts(city.people.actor(SECOND_HANDLER, instead_of=HANDLER))["mine"]
        == 1
    )


def test_a_resident_sees_what_they_reported_and_nothing_else(city, boxes):
    matter = city.reporting.report(
        city.people.actor(PUBLIC), NewMatter("C02", LON, LAT)
    ).matter
    at_desk(city)
    assert boxes(PUBLIC)["new"] == 1
    assert city.inbox.matters(city.people.actor(PUBLIC), "new")["matter"].tolist() == [
        matter
    ]


def test_every_box_lists_what_it_counts_the_first_limit_first(city, boxes, move, clock):
    numbers = [at_desk(city, text=str(number)) for number in range(6)]
    for number in numbers[:3]:
        clock.later(minutes=1)
        move(CLERK, number, Act.ACCEPT)
    move(CLERK, numbers[0], Act.HANDLE)
    clock.later(minutes=40)
    for user in (CLERK, WORKER, DISPATCHER, COMMANDER, VERIFIER):
        actor = city.people.actor(user)
        counted = city.inbox.counts(actor)
        for box in BOXES:
            found = city.inbox.matters(actor, box)
            assert len(found) == counted[box], (user, box)
            dues = [
                min(step or due, due or step)
                for step, due in zip(found["step_due_at"], found["due_at"], strict=True)
            ]
            assert dues == sorted(dues)
    assert len(city.inbox.matters(city.people.actor(CLERK), "new", limit=2)) == 2


def test_a_box_there_is_not_is_refused(city):
    with pytest.raises(InputError, match="attic"):
        city.inbox.matters(city.people.actor(CLERK), "attic")


def test_counting_takes_one_query(city, monkeypatch):
    at_desk(city)
    actor = city.people.actor(CLERK)
    asked = []

    def note(*parts):
        asked.append(parts[2])

    event.listen(city.store.engine, "before_cursor_execute", note)
    city.inbox.counts(actor)
    event.remove(city.store.engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if "cases" in statement]) == 1
