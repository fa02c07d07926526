"""A unit renamed keeps its record; a unit merged into another passes everything over in one
step, and says so.
"""

from datetime import timedelta

import flowing
import pandas as pd
import pytest
import staffed
import town

from gridmap.cases import interviews
from gridmap.cases.interviews import INTERVIEW
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.errors import ForbiddenError, InputError
from gridmap.store.flow import cases as store_cases
from gridmap.store.headquarters.interviews import INTERVIEWS
from gridmap.store.people.people import put_office
from gridmap.store.town.windows import add_windows

HOUSING = 9


@pytest.fixture
def city(tmp_path):
    """The works bureau holds a matter and a window, and is asked to answer; a housing
    bureau stands beside it.
    """
    settings = flowing.build(tmp_path / "home")
    city = City.open(settings, clock=StoppedClock(town.NOW))
    put_office(
        city.store,
        {
            "id": HOUSING,
            "kind": "department",
            "name": "红旗区住建局",
            "name_en": "Hongqi housing",
            "area": 410702,
            "department": "住建局",
        },
    )
    city.people.changed()
    with city.store.write() as connection:
        add_windows(
            connection,
            [
                {
                    "office": staffed.WORKS,
                    "platform": "民生",
                    "unit": "城管",
                    "kind": "resident",
                    "weekdays": (1,),
                }
            ],
        )
    actor = city.people.actor
    city.one = city.reporting.report(actor(staffed.WORKER), flowing.new()).matter
    city.matters.move(actor(staffed.CLERK), city.one, Order(Act.ACCEPT), version=1)
    city.matters.move(
        actor(staffed.DISPATCHER),
        city.one,
        Order(Act.DISPATCH, office=staffed.WORKS),
        version=2,
    )
    city.matters.move(actor(staffed.HANDLER), city.one, Order(Act.HANDLE), version=3)
    ask = Order(interviews.Act.ASK, office=staffed.WORKS, words="说明原因")
    city.warning = city.interviews.add(actor(staffed.COMMANDER), ask)
    yield city
    city.close()


def merge(city, source=staffed.WORKS, target=HOUSING, reason="机构改革"):
    return city.mergers.merge(
        city.people.actor(staffed.ADMIN), source=source, target=target, reason=reason
    )


def test_a_renamed_unit_keeps_matters_and_record_under_its_number(city):
    city.mergers.rename(
        city.people.actor(staffed.ADMIN),
        staffed.WORKS,
        name="红旗区综合执法局",
        name_en="Hongqi enforcement",
    )
    assert city.people.office_name(staffed.WORKS, "en") == "Hongqi enforcement"
    assert city.matters.case(city.one).office == staffed.WORKS
    (row,) = city.mergers.history(staffed.WORKS).to_dict("records")
    assert (row["kind"], row["data"]["before"][0], row["data"]["after"][0]) == (
        "renamed",
        "红旗区城市管理局",
        "红旗区综合执法局",
    )
    assert (
        city.headquarters.clearing(4107, town.NOW.date(), "en")["name"]
        .tolist()
        .count("Hongqi enforcement")
        == 1
    )


def test_everything_open_passes_over_at_once(city):
    done = merge(city)
    assert (done.matters, done.users, done.windows, done.warnings) == (1, 2, 1, 1)
    case = city.matters.case(city.one)
    assert (case.office, case.person) == (HOUSING, staffed.HANDLER)
    assert city.people.user(staffed.HANDLER).office == HOUSING
    assert len(city.windows.plan(HOUSING)) == 1
    assert city.interviews.of_unit(city.people.actor(staffed.HANDLER))["id"].tolist() == [
        city.warning
    ]
    warning = city.interviews.get(city.people.actor(staffed.HANDLER), city.warning)
    assert (warning.office, warning.version) == (HOUSING, 2)
    with city.store.read() as connection:
        entries = INTERVIEWS.entries(connection, city.warning)
        assert engine.replay(INTERVIEW, city.warning, entries) == warning
        journal = store_cases.steps(connection, city.one)
    assert engine.replay(MATTER, city.one, journal) == case
    assert journal[-1].data["reason"] == "机构改革"


def test_history_stays_with_the_old_unit_and_says_what_became_of_it(city):
    merge(city)
    (row,) = city.mergers.history(staffed.WORKS).to_dict("records")
    assert (row["kind"], row["data"]["into"], row["data"]["matters"]) == (
        "merged",
        HOUSING,
        1,
    )
    assert city.mergers.history(HOUSING)["data"].iloc[0]["taken"] == staffed.WORKS
    table = city.headquarters.clearing(4107, town.NOW.date(), "en").set_index("unit")
    assert table.loc[staffed.WORKS, "passed_on"] == 1
    assert table.loc[HOUSING, "carried_out"] == 1


def test_the_work_goes_on_in_the_new_unit(city):
    merge(city)
    handler = city.people.actor(staffed.HANDLER)
    version = city.matters.case(city.one).version
    after = city.matters.move(
        handler, city.one, Order(Act.ANSWER, reason="已修复"), version=version
    )
    assert after.office == HOUSING


def test_whatever_names_the_old_unit_goes_to_the_new_one(city):
    actor = city.people.actor
    other = city.reporting.report(actor(staffed.WORKER), flowing.new(client_id="b")).matter
    city.matters.move(actor(staffed.CLERK), other, Order(Act.ACCEPT), version=1)
    city.matters.move(
        actor(staffed.DISPATCHER),
        other,
        Order(Act.DISPATCH, office=staffed.WORKS),
        version=2,
    )
    city.matters.move(
        actor(staffed.HANDLER),
        other,
        Order(Act.TRANSFER, office=HOUSING, reason="转办"),
        version=3,
    )
    merge(city)
    assert city.people.department_of(town.BUSY, "城市管理局") == HOUSING
    assert staffed.WORKS not in city.people.offices()["id"].tolist()
    assert (
        staffed.WORKS
        not in city.people.targets(city.matters.case(other), Act.DISPATCH)["id"].tolist()
    )


def test_a_return_to_a_merged_desk_goes_to_the_desk_it_became_part_of(city):
    done = merge(city, source=staffed.VILLAGE_DESK, target=staffed.NEXT_VILLAGE)
    assert done.users > 0
    handler = city.people.actor(staffed.HANDLER)
    version = city.matters.case(city.one).version
    after = city.matters.move(
        handler, city.one, Order(Act.RETURN, reason="不属本部门"), version=version
    )
    assert after.office == staffed.NEXT_VILLAGE
    assert city.routing.route("C01", town.BUSY).office == staffed.NEXT_VILLAGE


def test_a_whistle_of_a_merged_desk_is_rated_by_the_desk_it_became_part_of(city):
    other = city.reporting.report(
        city.people.actor(staffed.WORKER), flowing.new(client_id="w")
    ).matter
    up = Order(Act.WHISTLE, office=staffed.WORKS, reason="需部门协调")
    heed = Order(Act.HEED, apt=True)
    flowing.play(
        city,
        other,
        (staffed.CLERK, Act.ACCEPT),
        (staffed.CLERK, up),
        (staffed.HANDLER, heed),
    )
    assert Act.RATE_WHISTLE not in city.matters.possible(
        city.people.actor(staffed.OTHER_CLERK), other
    )
    merge(city, source=staffed.VILLAGE_DESK, target=staffed.NEXT_VILLAGE)
    case = flowing.play(
        city, other, (staffed.OTHER_CLERK, Order(Act.RATE_WHISTLE, rating=4))
    )
    assert (case.whistle.from_office, case.whistle.rating) == (staffed.VILLAGE_DESK, 4)


@pytest.mark.parametrize(
    ("source", "target", "reason", "fields"),
    [
        (staffed.WORKS, staffed.WORKS, "改革", {"target"}),
        (staffed.WORKS, staffed.OTHER_WORKS, "改革", {"target"}),
        (staffed.VILLAGE_DESK, staffed.TOWNSHIP_DESK, "改革", {"target"}),
        (staffed.WORKS, HOUSING, " ", {"reason"}),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_moves(
    city, source, target, reason, fields
):
    with pytest.raises(InputError) as caught:
        merge(city, source=source, target=target, reason=reason)
    assert {fault.field for fault in caught.value.faults} == fields
    assert city.matters.case(city.one).office == staffed.WORKS
    assert city.mergers.history(source).empty


def test_a_unit_is_merged_once_and_by_its_administrator_alone(city):
    with pytest.raises(ForbiddenError):
        city.mergers.merge(
            city.people.actor(staffed.COUNTY_CHIEF),
            source=staffed.WORKS,
            target=HOUSING,
            reason="改革",
        )
    merge(city)
    with pytest.raises(InputError):
        merge(city)


def test_figures_of_both_days_add_up_over_a_merger(city):
    merge(city)
    next_day = City.open(city.settings, clock=StoppedClock(town.NOW + timedelta(days=1)))
    found = next_day.headquarters.clearing(4107, (town.NOW + timedelta(days=1)).date())
    assert isinstance(found, pd.DataFrame)
    assert found.set_index("unit").loc[HOUSING, "carried_in"] == 1
    next_day.close()
