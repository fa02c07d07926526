import pytest
import staffed
import town
from staffed import (
    ADMIN,
    CLERK,
    COUNTY_ADMIN,
    COUNTY_CLERK,
    COUNTY_DESK,
    VILLAGE_DESK,
    WORKER,
)
from town import BUSY

from gridmap.cases.actors import SYSTEM
from gridmap.city import City
from gridmap.errors import ForbiddenError, InputError
from gridmap.model import OfficeKind, UserRole
from gridmap.store.intake.imports import read_imports


@pytest.fixture
def city(tmp_path):
    opened = City.open(staffed.staff_town(town.build(tmp_path / "home")))
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_users_of_a_file_are_added_and_changed_by_their_login(city, file):
    done = city.roster.import_users(
        SYSTEM,
        file(
            f"login,name,role,area,office\nclerk,改名,clerk,{BUSY // 1000},{VILLAGE_DESK}\nnew,新,verifier,410702,\n"
        ),
    )
    assert (done.rows, done.accepted) == (2, 2)
    changed = city.people.user(CLERK)
    assert (changed.name, changed.office, changed.phone, changed.demo) == (
        "改名",
        VILLAGE_DESK,
        "0373-0003",
        True,
    )
    assert city.people.user(18).login == "new"
    assert city.people.user(WORKER).active


def test_replacing_makes_those_the_file_does_not_name_inactive(city, file):
    city.roster.import_users(
        city.people.actor(ADMIN),
        file("login,name,role,area\nadmin,管,admin,4107\n"),
        replace=True,
    )
    assert not city.people.user(WORKER).active
    assert city.people.demo_users()["id"].tolist() == [ADMIN]


def test_an_office_is_named_by_number_or_by_a_name_that_is_clear(city, file):
    offices = "kind,name,area\nvillage,便民点,410702002001\nvillage,便民点,410702002002\n"
    city.roster.import_offices(SYSTEM, file(offices))
    users = "login,name,role,area,office\n"
    users += "a,甲,clerk,410702002001,便民点\nb,乙,clerk,410702002002,便民点\nc,丙,clerk,410702,红旗区中心\n"
    city.roster.import_users(SYSTEM, file(users))
    assert [city.people.user(number).office for number in (18, 19, 20)] == [
        9,
        10,
        COUNTY_DESK,
    ]
    with pytest.raises(InputError) as refused:
        city.roster.import_users(
            SYSTEM,
            file(
                "login,name,role,area,office\nd,丁,clerk,410703,便民点\ne,戊,clerk,4107,没有\n"
            ),
        )
    assert [(fault.row, fault.rule) for fault in refused.value.faults] == [
        (2, "several offices have this name"),
        (3, "no such office"),
    ]


def test_everything_wrong_in_a_file_is_told_in_order_and_nothing_changes(city, file):
    text = "login,name,role,area,office,worker\nclerk,,clerk,410799,77,\nx,十,clerk,410702,没有,999\nx,又,boss,410702,,\n"
    with pytest.raises(InputError) as refused:
        city.roster.import_users(SYSTEM, file(text))
    assert [(fault.row, fault.field) for fault in refused.value.faults] == [
        (2, "area"),
        (2, "name"),
        (2, "office"),
        (3, "office"),
        (3, "worker"),
        (4, "role"),
        (4, "login"),
    ]
    assert city.people.name(CLERK) == "用户3"


def test_offices_of_a_file_are_added_and_changed_by_place(city, file):
    text = f"kind,name,area,department,phone\nvillage,新名,{BUSY // 1000},,110\n部门,教育局,410702,教育局,\n"
    city.roster.import_offices(SYSTEM, file(text))
    assert city.people.office(VILLAGE_DESK).phone == "110"
    assert city.people.office(VILLAGE_DESK).name_en == "Dongzhuang desk", (
        "the file has no column for it"
    )
    assert city.people.department_of(BUSY, "教育局") == 9
    with pytest.raises(InputError) as refused:
        city.roster.import_offices(
            SYSTEM, file("kind,name,area\nvillage,庄,410702\ncounty,区,999999\n")
        )
    assert [(fault.row, fault.rule) for fault in refused.value.faults] == [
        (2, "not the code of a village"),
        (3, "no such place"),
    ]


def test_only_the_admin_of_the_city_brings_in_files(city, file):
    path = file("login,name,role,area\na,甲,clerk,410702\n")
    for user in (COUNTY_ADMIN, COUNTY_CLERK):
        with pytest.raises(ForbiddenError):
            city.roster.import_users(city.people.actor(user), path)
        with pytest.raises(ForbiddenError):
            city.roster.import_offices(city.people.actor(user), path)


def test_an_admin_puts_right_users_of_the_own_place_only(city):
    county = city.people.actor(COUNTY_ADMIN)
    number = city.roster.save_user(
        county, {"login": "new", "name": "新", "role": "clerk", "area": 410702, "office": 2}
    )
    assert city.people.user(number).role is UserRole.CLERK
    assert (
        city.roster.save_user(
            county, {"login": "new", "name": "新二", "role": "clerk", "area": 410702001}
        )
        == number
    )
    assert (city.people.name(number), city.people.user(number).office) == ("新二", 2)
    for values in (
        {"login": "x", "area": 410703},
        {"login": "admin", "area": 410702},
        {"login": "new", "area": 4107},
    ):
        with pytest.raises(ForbiddenError):
            city.roster.save_user(county, {"name": "某", "role": "clerk", **values})
    with pytest.raises(InputError):
        city.roster.save_user(
            county,
            {"login": "y", "name": "", "role": "clerk", "area": 410702, "office": 999},
        )


def test_the_imports_are_noted(city, file):
    city.roster.import_offices(
        SYSTEM, file("kind,name,area\ntownship,关堤乡中心,410702002\n")
    )
    assert city.people.desk_of(town.code(1, 0), OfficeKind.TOWNSHIP) == 9
    history = read_imports(city._desk.store)
    assert history[["kind", "accepted"]].to_numpy().tolist() == [["offices", 1]]
