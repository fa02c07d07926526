import pytest
import staffed
import town
from staffed import (
    ADMIN,
    CITY_DESK,
    CLERK,
    COUNTY_CHIEF,
    COUNTY_DESK,
    DISPATCHER,
    GONE,
    GRID_CHIEF,
    HANDLER,
    NEIGHBOUR,
    OTHER_WORKS,
    POLICE,
    PUBLIC,
    TOWNSHIP_DESK,
    VILLAGE,
    VILLAGE_CHIEF,
    VILLAGE_DESK,
    WORKER,
    WORKS,
)
from town import BUSY

from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.city import City
from gridmap.errors import ForbiddenError, NotFoundError
from gridmap.model import OfficeKind, UserRole
from gridmap.store.opening import open_store
from gridmap.store.people.people import put_user


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    settings = staffed.staff_town(town.build(tmp_path_factory.mktemp("people")))
    city = City.open(settings)
    yield city.people
    city.close()


def test_a_user_is_found_with_office_and_place(people):
    user = people.user(HANDLER)
    assert (user.login, user.role, user.office, user.area, user.worker) == (
        "handler",
        UserRole.HANDLER,
        WORKS,
        410702,
        0,
    )
    assert people.name(HANDLER) == "用户6"
    assert people.names([HANDLER, 0, 999, HANDLER]) == {HANDLER: "用户6", 0: "", 999: ""}
    with pytest.raises(NotFoundError):
        people.user(999)


def test_the_actor_of_a_grid_worker_answers_for_the_areas_of_the_staff_list(people):
    actor = people.actor(WORKER)
    assert actor.areas == (BUSY, town.code(0, 1)), "worker 1 has the first two grids"
    assert actor.covers(town.code(0, 1))
    assert not actor.covers(town.code(0, 2))
    assert people.actor(NEIGHBOUR).areas == (town.code(0, 2),)
    assert people.actor(CLERK).areas == (BUSY // 1000,)
    assert people.actor(ADMIN).covers(BUSY)


def test_nobody_acts_who_is_not_active_or_not_the_stand_in(people):
    with pytest.raises(ForbiddenError, match="no longer active"):
        people.actor(GONE)
    with pytest.raises(ForbiddenError, match="do not stand in"):
        people.actor(NEIGHBOUR, instead_of=WORKER)
    with pytest.raises(NotFoundError):
        people.actor(999)


def test_the_demonstration_offers_its_active_users_in_order_of_role(people):
    table = people.demo_users("en")
    assert table["id"].tolist() == [WORKER, CLERK, HANDLER, ADMIN]
    assert table["role"].tolist() == ["grid_worker", "clerk", "handler", "admin"]
    assert table["office_name"].tolist() == [
        "Dongzhuang desk",
        "Dongzhuang desk",
        "Hongqi works",
        "Command centre",
    ]
    assert people.demo_users()["area_name"].tolist() == [
        "第一网格",
        "东庄村",
        "红旗区",
        "新乡市",
    ]


def test_desks_and_departments_are_found_from_a_grid_upwards(people):
    assert people.desk_of(BUSY, OfficeKind.VILLAGE) == VILLAGE_DESK
    assert people.desk_of(BUSY, OfficeKind.TOWNSHIP) == TOWNSHIP_DESK
    assert people.desk_of(BUSY, OfficeKind.COUNTY) == COUNTY_DESK
    assert people.desk_of(BUSY, OfficeKind.CITY) == CITY_DESK
    assert people.desk_of(410702, OfficeKind.VILLAGE) == 0, "a county has many villages"
    assert people.desk_of(town.code(3, 3), OfficeKind.COUNTY) == 0
    assert people.desk_of(BUSY, OfficeKind.DEPARTMENT) == 0
    assert people.department_of(BUSY, "城市管理局") == WORKS
    assert people.department_of(town.code(3, 3), "城市管理局") == OTHER_WORKS
    assert people.department_of(BUSY, "公安局") == POLICE
    assert people.department_of(BUSY, "财政局") == 0


def test_above_a_desk_is_the_next_desk_there_is(people):
    steps = [VILLAGE_DESK, TOWNSHIP_DESK, COUNTY_DESK, CITY_DESK, 0]
    assert [people.above(office) for office in steps] == [
        TOWNSHIP_DESK,
        COUNTY_DESK,
        CITY_DESK,
        0,
        0,
    ]
    assert people.above(WORKS) == COUNTY_DESK
    assert people.above(POLICE) == CITY_DESK
    assert people.above(OTHER_WORKS) == CITY_DESK, "its county has no desk"
    with pytest.raises(NotFoundError):
        people.above(999)


def test_a_matter_goes_to_the_desks_over_it_and_the_departments_beside(people):
    case = Case(1, BUSY, "C01", office=VILLAGE_DESK)
    assert people.targets(case, Act.DISPATCH)["id"].tolist() == [
        TOWNSHIP_DESK,
        COUNTY_DESK,
        CITY_DESK,
        WORKS,
        POLICE,
    ]
    assert people.targets(case, Act.WHISTLE)["id"].tolist() == [
        TOWNSHIP_DESK,
        WORKS,
        POLICE,
    ]
    assert list(people.targets(case, Act.TRANSFER).columns) == [
        "id",
        "name",
        "name_en",
        "kind",
    ]
    assert people.targets(case, Act.CLOSE).empty
    queue = Case(1, BUSY, "C01", office=0)
    assert people.targets(queue, Act.WHISTLE)["id"].tolist() == [
        TOWNSHIP_DESK,
        WORKS,
        POLICE,
    ]
    assert VILLAGE_DESK in set(people.targets(queue, Act.DISPATCH)["id"])
    department = Case(1, BUSY, "C01", office=WORKS)
    assert people.targets(department, Act.WHISTLE)["id"].tolist() == [COUNTY_DESK, POLICE]


def test_the_members_of_an_office_are_its_active_users(people):
    assert people.members(VILLAGE_DESK)["id"].tolist() == [
        WORKER,
        NEIGHBOUR,
        CLERK,
        GRID_CHIEF,
        VILLAGE_CHIEF,
    ]
    assert people.members(0).empty


def test_users_are_listed_by_place_and_a_list_is_each_readers_own(people):
    table = people.users(BUSY // 1000, "en")
    assert table["id"].tolist() == [
        PUBLIC,
        CLERK,
        GONE,
        VILLAGE_CHIEF,
        WORKER,
        GRID_CHIEF,
        NEIGHBOUR,
    ]
    assert table["active"].tolist() == [True, True, False, True, True, True, True]
    table["name"] = "changed"
    assert "changed" not in set(people.users(BUSY // 1000, "en")["name"])
    assert people.users(410703).empty


def test_offices_are_listed_by_place_kind_and_department(people):
    assert len(people.offices()) == 8
    assert people.offices(area=410702)["id"].tolist() == [2, 3, 4, 5, 8]
    assert people.offices(kind=OfficeKind.DEPARTMENT, area=410703)["id"].tolist() == [
        OTHER_WORKS
    ]
    assert people.offices(department="公安局")["id"].tolist() == [POLICE]
    assert (people.office_name(WORKS), people.office_name(WORKS, "en")) == (
        "红旗区城市管理局",
        "Hongqi works",
    )
    assert people.office_name(0, "en") == "Dispatcher's queue"
    assert people.office_name(999) == ""


def test_every_level_shows_its_chief_or_the_gap(people):
    table = people.responsible(BUSY)
    assert table["level"].tolist() == [1, 2, 3, 4]
    assert table["user"].tolist() == [COUNTY_CHIEF, 0, VILLAGE_CHIEF, GRID_CHIEF]
    assert table["area_name"].tolist() == ["红旗区", "小店镇", "东庄村", "第一网格"]
    assert table["name"].tolist()[1] == ""
    assert list(table.columns) == ["level", "area", "area_name", "user", "name", "phone"]


def test_a_change_by_another_process_is_seen(tmp_path):
    settings = staffed.staff_town(town.build(tmp_path))
    city = City.open(settings)
    assert city.people.user(PUBLIC).active
    with open_store(settings) as other:  # a store of its own, as another process has
        put_user(
            other,
            {
                "login": "resident",
                "name": "改名",
                "role": "public",
                "area": 4107,
                "active": False,
            },
        )
    city.people._watched._look_at = 1e-9  # the next look is due
    assert city.people.name(PUBLIC) == "改名"
    with pytest.raises(ForbiddenError):
        city.people.actor(PUBLIC)
    assert city.people.actor(DISPATCHER).role is UserRole.DISPATCHER
    city.close()


def test_the_users_of_a_place_are_those_who_answer_for_it_or_inside_it(people):
    found = people.users(VILLAGE)
    assert set(found["id"]) == {
        WORKER,
        NEIGHBOUR,
        CLERK,
        GRID_CHIEF,
        VILLAGE_CHIEF,
        PUBLIC,
        GONE,
    }
    assert not found.set_index("id").loc[GONE, "active"]
    english = people.users(410702, "en").set_index("id")
    assert english.loc[HANDLER, ["office_name", "area_name"]].tolist() == [
        "Hongqi works",
        "Hongqi District",
    ]
    assert people.users(410703).empty
    assert len(people.users(4107)) == len(staffed.users())
