import numpy as np
import pandas as pd
import pytest

from gridmap.codes import ancestors
from gridmap.demo.offices import COMPANIES, DEPARTMENTS, DESKS
from gridmap.demo.rules import rules_frame
from gridmap.model import OfficeKind, Role, UserRole
from gridmap.settings import data_folder
from gridmap.store.opening import open_store
from gridmap.store.people.people import read_offices, read_users
from gridmap.store.people.workers import read_assignments, read_workers
from gridmap.store.plans.plans import read_grids
from gridmap.store.plans.units import read_units

ROLES = {role.value for role in UserRole} - {"public", "system"}
LOGINS = {
    "demo.worker",
    "demo.clerk.village",
    "demo.clerk.township",
    "demo.clerk.county",
    "demo.dispatcher",
    "demo.handler",
    "demo.verifier",
    "demo.chief.grid",
    "demo.chief.village",
    "demo.chief.township",
    "demo.chief.county",
    "demo.commander",
    "demo.planner",
    "demo.leader",
    "demo.admin",
}


@pytest.fixture(scope="module")
def store(small_city):
    with open_store(small_city) as opened:
        yield opened


@pytest.fixture(scope="module")
def users(store):
    return read_users(store)


@pytest.fixture(scope="module")
def offices(store):
    return read_offices(store)


@pytest.fixture(scope="module")
def categories():
    return pd.read_csv(data_folder() / "categories.csv", dtype={"parent": "str"})


def test_every_division_has_a_desk_and_every_county_every_department(store, offices):
    units = read_units(store)
    for kind, level in (
        (OfficeKind.CITY, 0),
        (OfficeKind.COUNTY, 1),
        (OfficeKind.TOWNSHIP, 2),
        (OfficeKind.VILLAGE, 3),
    ):
        assert set(offices.loc[offices["kind"] == kind.value, "area"]) == set(
            units.loc[units["level"] == level, "code"]
        )
    departments = offices[offices["kind"] == OfficeKind.DEPARTMENT.value]
    for county in units.loc[units["level"] == 1, "code"]:
        assert set(departments.loc[departments["area"] == county, "department"]) == set(
            DEPARTMENTS
        )
    assert len(DEPARTMENTS) == 21


def test_every_handler_of_the_tree_is_an_office(categories):
    assert set(categories["handler"].dropna()) <= {*DEPARTMENTS, *COMPANIES, *DESKS}


def test_the_sign_in_offers_every_role_and_one_whole_chain(users):
    shown = users[users["demo"]].set_index("login")
    assert set(shown.index) >= LOGINS
    assert set(shown["role"]) == ROLES
    assert shown["active"].all()
    own = shown.loc["demo.worker", "area"]
    chain = (
        "demo.clerk.village",
        "demo.clerk.township",
        "demo.clerk.county",
        "demo.dispatcher",
        "demo.handler",
        "demo.verifier",
        "demo.chief.village",
        "demo.chief.township",
        "demo.chief.county",
    )
    assert set(shown.loc[list(chain), "area"]) <= set(ancestors(int(own)))
    assert int(own) // 10**9 == 410702


def test_every_grid_village_township_and_county_has_a_named_chief(store, users):
    chiefs = users[users["role"] == "chief"]
    places = set(read_units(store)["code"]) | set(read_grids(store)["code"])
    assert set(chiefs["area"]) >= places
    vacant = places - set(chiefs[chiefs["active"]]["area"])
    assert 0 < len(vacant) < 0.05 * len(places)
    assert min(vacant) > 10**6  # every county has its chief
    assert chiefs["name"].str.len().between(2, 3).all()


def test_every_grid_worker_of_the_staff_list_is_a_user_active_while_in_office(store, users):
    staff, held = read_workers(store), read_assignments(store)
    hired = set(staff.loc[staff["role"] == Role.GRID_WORKER.value, "id"])
    own = users[users["role"] == "grid_worker"]
    assert set(own["worker"]) == hired
    held = held[held["role"] == Role.GRID_WORKER.value]
    current = set(held.loc[held["ends"].isna(), "worker"])
    assert set(own.loc[own["active"], "worker"]) == current


def test_every_office_has_somebody_who_acts_for_it(users, offices):
    acting = users[users["role"].isin(["clerk", "handler"]) & users["active"]]
    assert set(acting["office"]) == set(offices["id"])


def test_nobody_has_a_telephone_number_that_exists(users, offices):
    assert users["phone"].str.fullmatch(r"0373-0\d{6}").all()
    assert offices["phone"].str.fullmatch(r"0373-0\d{6}").all()


def test_the_same_seed_gives_the_same_people(small_city, users):
    from gridmap.demo import make_world  # noqa: PLC0415  (heavy; the city itself is built already)

    again = make_world(seed=4107, counties=(410702, 410703)).crew.users
    assert again["name"].tolist() == users["name"].tolist()
    assert np.array_equal(again["login"], users["login"])


def test_rules_name_single_categories_before_their_class(categories):
    rules = rules_frame(categories)
    everywhere = rules[rules["area"] == 4107].reset_index(drop=True)
    for row, code in enumerate(everywhere["category"]):
        before = everywhere["category"][:row]
        assert not any(code.startswith(other) for other in before), code


def test_traffic_signs_go_to_the_village_and_then_to_urban_management(categories):
    first = rules_frame(categories).iloc[0]
    assert (first["category"], first["first"], first["department"]) == (
        "C0201",
        "village",
        "城市管理局",
    )


def test_only_other_events_are_left_to_the_dispatcher(categories):
    prefixes = tuple(rules_frame(categories)["category"])
    leaves = categories.loc[categories["handler"].notna(), "code"]
    assert {code[:3] for code in leaves if not code.startswith(prefixes)} == {"E06"}
