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


def away(city, user=HANDLER, *, by=SYSTEM, stand_in=SECOND_HANDLER, starts=T, ends=T + DAY):
    return city.absences.add(
        by, user, starts=starts, ends=ends, stand_in=stand_in, reason="年休假"
    )


def test_a_stand_in_acts_with_the_absent_ones_role_office_and_places(city):
    away(city, WORKER, stand_in=NEIGHBOUR)
    actor = city.people.actor(NEIGHBOUR, instead_of=WORKER)
    assert (actor.user, actor.instead_of, actor.role) == (
        NEIGHBOUR,
        WORKER,
        UserRole.GRID_WORKER,
    )
    assert actor.covers(BUSY)
    assert actor.persons == {NEIGHBOUR, WORKER}
    assert not city.people.actor(NEIGHBOUR).covers(BUSY), (
        "for themselves they answer for their own grid alone"
    )
    assert city.absences.standing_in_for(NEIGHBOUR).to_dict("records") == [
        {"id": WORKER, "name": "用户1", "role": "grid_worker", "until": T + DAY}
    ]


def test_standing_in_begins_and_ends_with_the_absence(city):
    away(city, starts=T + 10, ends=T + 20)
    for moment, allowed in [
        (T + 9, False),
        (T + 10, True),
        (T + 19, True),
        (T + 20, False),
    ]:
        city._desk.clock = StoppedClock(
            city.clock.now().fromtimestamp(moment, tz=NOW.tzinfo)
        )
        assert (len(city.absences.standing_in_for(SECOND_HANDLER)) == 1) is allowed
        if allowed:
            assert city.people.actor(SECOND_HANDLER, instead_of=HANDLER).office == WORKS
        else:
            with pytest.raises(ForbiddenError):
                city.people.actor(SECOND_HANDLER, instead_of=HANDLER)


def test_an_absence_that_ended_early_lets_nobody_stand_in(city):
    number = away(city, ends=0)
    city.absences.end(SYSTEM, number)
    with pytest.raises(ForbiddenError):
        city.people.actor(SECOND_HANDLER, instead_of=HANDLER)
    assert city.absences.listed(4107).empty
    assert away(city) > number, "the time is free again"


def test_a_coming_absence_that_is_ended_never_begins(city):
    number = away(city, starts=T + DAY, ends=T + 2 * DAY)
    assert city.absences.listed(4107)["id"].tolist() == [number]
    city.absences.end(SYSTEM, number)
    assert city.absences.listed(4107).empty
    assert away(city, starts=T, ends=T + 2 * DAY) > number, "it is in nobody's way"
    with pytest.raises(NotFoundError):
        city.absences.end(SYSTEM, 999)


def test_absences_are_listed_by_place(city):
    first = away(city, WORKER, stand_in=0, starts=T + 5)
    second = away(city)
    table = city.absences.listed(410702)
    assert table["id"].tolist() == [second, first]
    assert table["stand_in_name"].tolist() == ["用户7", ""]
    assert city.absences.listed(BUSY // 1000)["user"].tolist() == [WORKER]
    assert city.absences.listed(410703).empty


def test_everything_wrong_with_an_absence_is_told_at_once(city):
    away(city, starts=T, ends=T + DAY)
    with pytest.raises(InputError) as refused:
        city.absences.add(
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
def test_not_everybody_may_stand_in(city, stand_in, rule):
    with pytest.raises(InputError, match=rule):
        away(city, stand_in=stand_in)


def test_nobody_stands_in_who_is_away(city):
    away(city, SECOND_HANDLER, stand_in=0, starts=T + 100, ends=0)
    with pytest.raises(InputError, match="the stand-in is away then"):
        away(city, ends=T + 101)
    away(city, ends=T + 100)


def test_only_the_admin_of_the_place_and_chief_and_clerk_of_the_office_may(city):
    act = city.people.actor
    for user in (HANDLER, COUNTY_CLERK, OTHER_CLERK):
        with pytest.raises(ForbiddenError):
            away(city, WORKER, by=act(user), stand_in=0)
    number = away(city, WORKER, by=act(CLERK), stand_in=0)
    with pytest.raises(ForbiddenError):
        city.absences.end(act(OTHER_CLERK), number)
    city.absences.end(act(WORKER), number)
    away(city, WORKER, by=act(COUNTY_ADMIN), stand_in=0)
    with pytest.raises(ForbiddenError):
        away(city, ADMIN, by=act(COUNTY_ADMIN), stand_in=0)
