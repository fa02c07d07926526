import pandas as pd
import pytest
import staffed
import town
from staffed import (
    ADMIN,
    CITY_DESK,
    CLERK,
    COUNTY_ADMIN,
    COUNTY_DESK,
    OTHER_WORKS,
    TOWNSHIP_DESK,
    VILLAGE_DESK,
    WORKS,
)
from town import BUSY

from gridmap.cases.actors import SYSTEM
from gridmap.cases.routing import Route
from gridmap.city import City
from gridmap.errors import ForbiddenError, InputError
from gridmap.store.opening import open_store

FAR = town.code(3, 3)
RULES = pd.DataFrame(
    [
        ("C01", 410702, "village", "城市管理局"),
        ("C", 4107, "department", "城市管理局"),
        ("D", 410702001, "township", ""),
    ],
    columns=["category", "area", "first", "department"],
)


@pytest.fixture
def city(tmp_path):
    opened = City.open(staffed.staff_town(town.build(tmp_path)))
    yield opened
    opened.close()


@pytest.fixture
def routing(city):
    city.routing.save(SYSTEM, RULES)
    return city.routing


def test_without_rules_everything_waits_for_the_dispatcher(city):
    assert city.routing.route("C01", BUSY) == Route(0, 0, "")
    assert city.routing.rules().empty
    assert city.routing.dry_run(days=30)["rule"].tolist() == [0]


def test_a_matter_goes_to_the_desk_of_its_own_place(routing):
    assert routing.route("C01", BUSY) == Route(1, VILLAGE_DESK, "城市管理局")
    assert routing.route("C02", BUSY) == Route(2, WORKS, "城市管理局")
    assert routing.route("C01", FAR) == Route(2, OTHER_WORKS, "城市管理局")
    assert routing.route("D01", BUSY) == Route(3, TOWNSHIP_DESK, "")
    assert routing.route("D01", FAR) == Route(0, 0, "")


def test_where_a_desk_is_missing_the_next_level_up_takes_it(routing):
    assert routing.route("C01", town.code(1, 0)).office == COUNTY_DESK, (
        "neither its village nor its township has one"
    )
    routing.save(SYSTEM, RULES.assign(area=4107, first="village", department=""))
    assert routing.route("C01", FAR).office == CITY_DESK


def test_rules_come_back_in_order_with_their_numbers(routing):
    kept = routing.rules()
    assert kept["id"].tolist() == [1, 2, 3]
    assert kept["position"].tolist() == [1, 2, 3]
    moved = pd.concat(
        [kept.assign(position=[3.0, 1.0, 2.0]), RULES.tail(1).assign(area=4107)],
        ignore_index=True,
    )
    routing.save(SYSTEM, moved)
    again = routing.rules()
    assert again["id"].tolist() == [2, 3, 1, 4]
    assert again["position"].tolist() == [1, 2, 3, 4]
    assert routing.route("C01", BUSY).rule == 2


def test_all_faults_of_a_table_are_told_at_once_and_nothing_is_saved(routing):
    wrong = pd.DataFrame(
        [
            (1, "Z", 410702, "village", "", "x" * 501),
            (1, "C", 999999, "shop", "", ""),
            (None, "C01", 410702, "department", "", ""),
            (None, "C01", 410702, "village", "消防局", ""),
            (None, "D", "here", "village", "", ""),
        ],
        columns=["id", "category", "area", "first", "department", "note"],
    )
    with pytest.raises(InputError) as refused:
        routing.save(SYSTEM, wrong)
    assert sorted((fault.row, fault.field) for fault in refused.value.faults) == [
        (1, "category"),
        (1, "id"),
        (1, "note"),
        (2, "area"),
        (2, "first"),
        (2, "id"),
        (3, "department"),
        (4, "category"),
        (4, "department"),
        (5, "area"),
    ]
    assert routing.rules()["category"].tolist() == ["C01", "C", "D"]
    with pytest.raises(InputError) as refused:
        routing.save(SYSTEM, RULES[["area"]])
    assert [fault.field for fault in refused.value.faults] == ["category", "first"]


def test_a_dry_run_counts_past_matters_as_they_are(routing, city):
    since = city.clock.now().timestamp() - 30 * 86_400
    matters = pd.DataFrame([row for row in town.reports() if row["reported_at"] >= since])
    matters["id"] = [int(row[1:]) for row in matters["client_id"]]
    codes = {2: "C01", 3: "C02", 5: "D01", 6: "D02"}
    matters["rule"] = [
        routing.route(codes[category], grid).rule
        for category, grid in zip(matters["category"], matters["grid"], strict=True)
    ]
    table = routing.dry_run(days=30)
    assert table["rule"].tolist() == [1, 2, 3, 0]
    expected = matters.groupby("rule").size()
    assert table.set_index("rule")["matched"].to_dict() == expected.to_dict()
    assert table["matched"].sum() == len(matters)
    latest = matters.sort_values(["reported_at", "id"]).groupby("rule")["id"].last()
    assert table.set_index("rule")["example"].to_dict() == latest.to_dict()


def test_a_dry_run_tries_rules_that_are_not_saved(routing):
    table = routing.dry_run(
        pd.DataFrame([("", 4107, "county")], columns=["category", "area", "first"]), days=10
    )
    assert table["rule"].tolist() == [1, 0]
    assert table["matched"].iloc[0] > 0
    assert table["matched"].iloc[1] == table["example"].iloc[1] == 0
    assert routing.rules()["id"].tolist() == [1, 2, 3]
    with pytest.raises(InputError):
        routing.dry_run(RULES.assign(first="shop"))
    with pytest.raises(InputError):
        routing.dry_run(days=0)


def test_an_admin_changes_only_rules_of_places_they_answer_for(routing, city):
    clerk, admin, county = (
        city.people.actor(user) for user in (CLERK, ADMIN, COUNTY_ADMIN)
    )
    with pytest.raises(ForbiddenError):
        routing.save(clerk, RULES)
    rules = routing.rules()
    own = rules.assign(first=["county", "department", "township"])
    routing.save(county, own)
    assert routing.route("C01", BUSY).office == COUNTY_DESK
    with pytest.raises(ForbiddenError):
        routing.save(county, own.assign(department=["", "", ""], first="county"))
    with pytest.raises(ForbiddenError):
        routing.save(county, own.iloc[[0, 2]])
    routing.save(admin, own.iloc[[0, 2]])
    assert len(routing.rules()) == 2


def test_rules_saved_by_another_process_are_seen(routing, city):
    assert routing.route("D01", FAR).rule == 0
    with open_store(city.settings) as other:
        second = City.open(city.settings)
        second.routing.save(SYSTEM, RULES.assign(area=4107))
        second.close()
        assert other.get_meta("revision.rules") == "2"
    routing._rules._look_at = 1e-9  # the next look is due
    assert routing.route("D01", FAR).rule == 3
