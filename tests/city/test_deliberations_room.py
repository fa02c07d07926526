"""The room of deliberations: decided, publicised, followed up; a meeting without decision
stays on the open list.
"""

from datetime import timedelta

import flowing
import pytest
import staffed
import town as towns

from gridmap.cases.actors import NOBODY
from gridmap.cases.deliberations import Act, State
from gridmap.cases.records.record import Order
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.errors import ForbiddenError, InputError, RefusedError, StaleError
from gridmap.model import Level

DAY, VILLAGE, NOW = 86_400, staffed.VILLAGE, flowing.NOW
THERE = {"household_representative": 9, "village_cadre": 3}
DECIDED = Order(
    Act.MEET,
    roles=THERE,
    proposals=("甲", "乙"),
    decision="甲",
    notice_days=7,
    follow_up_at=NOW + 30 * DAY,
)
NOTHING = Order(
    Act.MEET, roles=THERE, proposals=("甲",), words="分歧大", resume_at=NOW + 3 * DAY
)


@pytest.fixture
def settings(tmp_path):
    return flowing.build(tmp_path)


@pytest.fixture
def town(settings):
    city = flowing.opened(settings)
    yield city
    city.close()


def actor(city, user=staffed.CLERK):
    return city.people.actor(user)


def new(meeting=NOTHING, **more):
    where = {"area": VILLAGE, "kind": "council", "title": "路灯"}
    return Order(Act.MEET, **{**meeting.values, **where, **more})


def days_later(settings, days):
    return City.open(settings, clock=StoppedClock(towns.NOW + timedelta(days=days)))


def act(city, number, order, user=staffed.CLERK):
    return city.deliberations.act(
        actor(city, user),
        number,
        order,
        version=city.deliberations.get(NOBODY, number).version,
    )


def listed(city, standing):
    return city.deliberations.list(4107, standing=standing)["id"].tolist()


def test_a_meeting_without_decision_stays_on_the_open_list_until_a_meeting_decides(
    town, settings
):
    number = town.deliberations.add(actor(town), new())
    assert town.deliberations.get(NOBODY, number).state is State.ADJOURNED
    assert (listed(town, "open"), listed(town, "overdue")) == ([number], [])
    later = days_later(settings, 4)
    assert (listed(later, "open"), listed(later, "overdue")) == ([number], [number])
    again = Order(Act.MEET, roles=THERE, resume_at=NOW + 9 * DAY)
    assert act(later, number, again).meetings == 2
    assert (listed(later, "open"), listed(later, "overdue")) == ([number], [])
    assert act(later, number, DECIDED).decision == "甲"
    assert (listed(later, "open"), listed(later, "notice")) == ([], [number])
    kept = later.deliberations.history(NOBODY, number)["data"].tolist()
    assert [("decision" in data, data["roles"]) for data in kept] == [
        (False, THERE),
        (False, THERE),
        (True, THERE),
    ]
    later.close()


def test_a_meeting_without_decision_and_without_the_day_it_goes_on_is_refused(town):
    with pytest.raises(InputError) as error:
        town.deliberations.add(actor(town), new(Order(Act.MEET, roles=THERE)))
    assert [fault.field for fault in error.value.faults] == ["resume_at"]


def test_a_decision_is_on_notice_then_followed_up(town, settings):
    number = town.deliberations.add(actor(town), new(DECIDED))
    with pytest.raises(RefusedError, match="notice"):
        act(town, number, Order(Act.FOLLOW_UP, words="完成"))
    later = days_later(settings, 8)
    assert listed(later, "due") == [number]
    with pytest.raises(RefusedError, match="over"):
        act(later, number, Order(Act.OBJECT, words="反对", resume_at=NOW + 20 * DAY))
    assert act(later, number, Order(Act.FOLLOW_UP, words="完成")).state is State.DONE
    assert listed(later, "done") == [number]
    later.close()


def test_an_objection_puts_it_back_on_the_open_list(town):
    number = town.deliberations.add(actor(town), new(DECIDED))
    stands = act(town, number, Order(Act.OBJECT, words="反对", resume_at=NOW + 2 * DAY))
    assert (stands.state, stands.decision, stands.objections) == (State.ADJOURNED, "", 1)
    assert listed(town, "open") == [number]


def test_matter_and_deliberation_know_each_other(town):
    matter = town.reporting.report(actor(town), flowing.new(client_id="m")).matter
    number = town.deliberations.add(actor(town), new(matters=(matter,)))
    assert town.deliberations.matters(number) == [matter]
    assert town.deliberations.of_matter(matter)["id"].tolist() == [number]
    act(town, number, Order(Act.UNLINK, matter=matter))
    assert town.deliberations.of_matter(matter).empty
    act(town, number, Order(Act.LINK, matter=matter))
    assert town.deliberations.matters(number) == [matter]
    with pytest.raises(InputError):
        act(town, number, Order(Act.LINK, matter=matter + 99))


def test_matters_are_named_by_their_case_numbers(town):
    receipt = town.reporting.report(actor(town), flowing.new(client_id="m"))
    room = town.deliberations
    assert room.named(f"{receipt.number.lower()}， {receipt.matter}", VILLAGE) == (
        receipt.matter,
    )
    assert room.case_numbers([receipt.matter]) == {receipt.matter: receipt.number}
    with pytest.raises(InputError) as error:
        room.named(f"{receipt.number}x, 77", VILLAGE)
    assert len(error.value.faults) == 2
    with pytest.raises(InputError):
        room.named(receipt.number, VILLAGE + 1)


def test_a_matter_of_another_village_is_refused(town):
    matter = town.reporting.report(actor(town), flowing.new(client_id="m")).matter
    with pytest.raises(InputError):
        town.deliberations.add(
            actor(town, staffed.OTHER_CLERK), new(area=VILLAGE + 1, matters=(matter,))
        )


def test_all_faults_come_together(town):
    bad = Order(Act.MEET, roles={"king": 1}, decision="甲", notice_days=0)
    with pytest.raises(InputError) as error:
        town.deliberations.add(
            actor(town), new(bad, area=410702, kind="?", title="", matters=(99,))
        )
    found = {fault.field for fault in error.value.faults}
    assert found == {"area", "kind", "title", "roles", "proposals", "notice_days", "matter"}
    assert town.deliberations.list(4107).empty


def test_roles_and_places_are_kept_apart(town):
    with pytest.raises(ForbiddenError):
        town.deliberations.add(actor(town, staffed.OTHER_CLERK), new())
    number = town.deliberations.add(
        actor(town, staffed.WORKER), new(area=towns.BUSY), client_id="a"
    )
    assert (
        town.deliberations.add(
            actor(town, staffed.WORKER), new(area=towns.BUSY), client_id="a"
        )
        == number
    )
    with pytest.raises(StaleError):
        town.deliberations.act(actor(town), number, DECIDED, version=7)
    with pytest.raises(RefusedError):
        act(town, number, DECIDED, user=staffed.NEIGHBOUR)
    keys = ["deliberations", "undecided", "deliberations_late"]
    counted = town.figures.table(keys, town.figures.today(4107), Level.VILLAGE)
    assert counted.set_index("code").loc[VILLAGE, keys].tolist() == [1, 1, 0]
