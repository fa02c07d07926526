import pytest
import staffed
import town
from staffed import (
    ADMIN,
    CLERK,
    COUNTY_ADMIN,
    COUNTY_CLERK,
    GONE,
    HANDLER,
    NEIGHBOUR,
    OTHER_CLERK,
    PUBLIC,
    SECOND_HANDLER,
    WORKER,
    WORKS,
)
from town import BUSY, NOW

from gridmap.calendar import to_epoch
from gridmap.cases.actors import SYSTEM
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.errors import ForbiddenError, InputError, NotFoundError
from gridmap.model import UserRole

T = to_epoch(NOW)
DAY = 86_400


@pytest.fixture
def city(tmp_path):
    opened = City.open(staffed.staff_town(town.build(tmp_path)), clock=StoppedClock(NOW))
    yield opened
    opened.close()


@pytest.fixture
def people(city):
    return city.people


def away(
    people, user=HANDLER, *, by=SYSTEM, stand_in=SECOND_HANDLER, starts=T, ends=T + DAY
):
    return people.set_absence(
        by, user, starts=starts, ends=ends, stand_in=stand_in, reason="年休假"
    )


def test_a_stand_in_acts_with_the_absent_ones_role_office_and_places(people):
    away(people, WORKER, stand_in=NEIGHBOUR)
    actor = people.actor(NEIGHBOUR, instead_of=WORKER)
    assert (actor.user, actor.instead_of, actor.role) == (
        NEIGHBOUR,
        WORKER,
        UserRole.GRID_WORKER,
    )
    assert actor.covers(BUSY)
    assert actor.persons == {NEIGHBOUR, WORKER}
    assert not people.actor(NEIGHBOUR).covers(BUSY), (
        "for themselves they answer for their own grid alone"
    )
    assert people.standing_in_for(NEIGHBOUR).to_dict("records") == [
        {"id": WORKER, "name": "用户1", "role": "grid_worker", "until": T + DAY}
    ]


def test_standing_in_begins_and_ends_with_the_absence(city, people):
    away(people, starts=T + 10, ends=T + 20)
    for moment, allowed in [
        (T + 9, False),
        (T + 10, True),
        (T + 19, True),
        (T + 20, False),
    ]:
        city._desk.clock = StoppedClock(
            city.clock.now().fromtimestamp(moment, tz=NOW.tzinfo)
        )
        assert (len(people.standing_in_for(SECOND_HANDLER)) == 1) is allowed
        if allowed:
            assert people.actor(SECOND_HANDLER, instead_of=HANDLER).office == WORKS
        else:
            with pytest.raises(ForbiddenError):
                people.actor(SECOND_HANDLER, instead_of=HANDLER)


def test_an_absence_that_ended_early_lets_nobody_stand_in(people):
    number = away(people, ends=0)
    people.end_absence(SYSTEM, number)
    with pytest.raises(ForbiddenError):
        people.actor(SECOND_HANDLER, instead_of=HANDLER)
    assert people.absences(4107).empty
    assert away(people) > number, "the time is free again"


def test_a_coming_absence_that_is_ended_never_begins(people):
    number = away(people, starts=T + DAY, ends=T + 2 * DAY)
    assert people.absences(4107)["id"].tolist() == [number]
    people.end_absence(SYSTEM, number)
    assert people.absences(4107).empty
    assert away(people, starts=T, ends=T + 2 * DAY) > number, "it is in nobody's way"
    with pytest.raises(NotFoundError):
        people.end_absence(SYSTEM, 999)


def test_absences_are_listed_by_place(people):
    first = away(people, WORKER, stand_in=0, starts=T + 5)
    second = away(people)
    table = people.absences(410702)
    assert table["id"].tolist() == [second, first]
    assert table["stand_in_name"].tolist() == ["用户7", ""]
    assert people.absences(BUSY // 1000)["user"].tolist() == [WORKER]
    assert people.absences(410703).empty


def test_everything_wrong_with_an_absence_is_told_at_once(people):
    away(people, starts=T, ends=T + DAY)
    with pytest.raises(InputError) as refused:
        people.set_absence(
            SYSTEM, HANDLER, starts=T + 5, ends=T + 5, stand_in=HANDLER, reason=" "
        )
    assert {fault.field for fault in refused.value.faults} == {
        "starts",
        "ends",
        "stand_in",
        "reason",
    }


@pytest.mark.parametrize(
    ("stand_in", "rule"),
    [
        (GONE, "no longer active"),
        (CLERK, "neither the same role"),
        (PUBLIC, "neither the same"),
    ],
)
def test_not_everybody_may_stand_in(people, stand_in, rule):
    with pytest.raises(InputError, match=rule):
        away(people, stand_in=stand_in)


def test_nobody_stands_in_who_is_away(people):
    away(people, SECOND_HANDLER, stand_in=0, starts=T + 100, ends=0)
    with pytest.raises(InputError, match="the stand-in is away then"):
        away(people, ends=T + 101)
    away(people, ends=T + 100)


def test_only_the_admin_of_the_place_and_chief_and_clerk_of_the_office_may(people):
    act = people.actor
    for user in (HANDLER, COUNTY_CLERK, OTHER_CLERK):
        with pytest.raises(ForbiddenError):
            away(people, WORKER, by=act(user), stand_in=0)
    number = away(people, WORKER, by=act(CLERK), stand_in=0)
    with pytest.raises(ForbiddenError):
        people.end_absence(act(OTHER_CLERK), number)
    people.end_absence(act(WORKER), number)
    away(people, WORKER, by=act(COUNTY_ADMIN), stand_in=0)
    with pytest.raises(ForbiddenError):
        away(people, ADMIN, by=act(COUNTY_ADMIN), stand_in=0)
