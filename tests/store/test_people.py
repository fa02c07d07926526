import pandas as pd
import pytest
from sqlalchemy import func, insert, select
from world import LOWER_LEFT

from gridmap.errors import InputError
from gridmap.store.people.people import (
    put_office,
    put_user,
    read_offices,
    read_users,
    replace_people,
)
from gridmap.store.people.workers import replace_workers
from gridmap.store.tables import device_keys, users

OFFICES = pd.DataFrame(
    [
        ("city", "指挥中心", 4107, None),
        ("county", "区中心", 410702, None),
        ("department", "城市管理局", 410702, "城市管理局"),
    ],
    columns=["kind", "name", "area", "department"],
)


def people(**columns):
    table = pd.DataFrame(
        {
            "login": ["a", "b", "c"],
            "name": ["甲", "乙", "丙"],
            "role": ["clerk", "handler", "grid_worker"],
        }
    ).assign(area=[410702, 410702, LOWER_LEFT])
    return table.assign(**columns)


def test_people_come_back_as_they_were_given(town):
    replace_people(
        town, OFFICES, people(office=[None, None, None], phone=["1", None, None])
    )
    kept = read_offices(town)
    assert kept["name"].tolist() == ["指挥中心", "区中心", "城市管理局"]
    assert kept["name_en"].tolist() == kept["name"].tolist()
    assert kept["department"].tolist() == ["", "", "城市管理局"]
    there = read_users(town)
    assert there[
        ["login", "role", "area", "office", "worker", "phone"]
    ].to_numpy().tolist() == [
        ["a", "clerk", 410702, 0, 0, "1"],
        ["b", "handler", 410702, 0, 0, ""],
        ["c", "grid_worker", LOWER_LEFT, 0, 0, ""],
    ]
    assert there["active"].all()
    assert not there["demo"].any()


def test_replaced_people_keep_their_numbers_and_who_is_gone_stays_inactive(town):
    replace_people(town, OFFICES.assign(id=[1, 2, 3]), people(office=[2, 3, None]))
    replace_people(
        town,
        OFFICES.iloc[[2, 1]],
        people(login=["b", "d", "c"]).iloc[:2].assign(office=[3, 2]),
    )
    there = read_users(town).set_index("login")
    assert there["id"].to_dict() == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert there["active"].to_dict() == {"a": False, "b": True, "c": False, "d": True}
    assert there.loc["b", "name"] == "甲"
    assert read_offices(town)["id"].tolist() == [2, 3], "the city's desk was nobody's"


def test_an_office_that_somebody_still_works_in_is_kept(town):
    replace_people(town, OFFICES.assign(id=[1, 2, 3]), people(office=[1, 2, 3]))
    replace_people(town, OFFICES.iloc[:0], people(office=[1, 2, 3]).iloc[:0])
    assert len(read_offices(town)) == 3
    assert not read_users(town)["active"].any()


def test_everything_wrong_is_told_at_once_with_its_row(town):
    wrong_offices = pd.DataFrame(
        {
            "row": [2, 3, 4, 5],
            "kind": ["county", "shop", "department", "county"],
            "name": ["区", "店", "局", "区"],
            "area": [410702001, 410702, 410702, 410702001],
            "department": ["", "", "", "财政局"],
        }
    )
    wrong_users = pd.DataFrame(
        {
            "row": [2, 3, 4],
            "login": ["a", "a", "b\x00"],
            "name": ["", "乙", "丙"],
            "role": ["clerk", "boss", "system"],
            "area": ["x", 41, 410702],
            "office": [77, None, None],
            "worker": [None, 12, None],
        }
    )
    with pytest.raises(InputError) as refused:
        replace_people(town, wrong_offices, wrong_users, file="people.csv")
    told = [(fault.row, fault.field, fault.rule) for fault in refused.value.faults]
    assert told == [
        (2, "area", "not the code of a county"),
        (3, "kind", "unknown kind"),
        (4, "department", "a department without its name"),
        (5, "department", "a desk is no department"),
        (5, "area", "not the code of a county"),
        (2, "name", "it is missing"),
        (2, "area", "not a division or grid code"),
        (2, "office", "no such office"),
        (3, "role", "unknown role"),
        (3, "area", "not a division or grid code"),
        (3, "login", "the sign-in name is taken"),
        (3, "worker", "no such worker"),
        (4, "login", "has signs that cannot be shown"),
        (4, "role", "nobody signs in as the city's clock"),
    ]
    assert {fault.file for fault in refused.value.faults} == {"people.csv"}
    assert read_users(town).empty
    assert read_offices(town).empty


def test_single_changes_go_on_counting_after_a_bulk_with_numbers(town):
    replace_people(
        town,
        OFFICES.assign(id=[10, 20, 30]),
        people(id=[100, 200, 300], office=[10, 20, 30]),
    )
    assert (
        put_user(
            town,
            {"login": "d", "name": "丁", "role": "clerk", "area": 410702, "office": 20},
        )
        == 301
    )
    assert (
        put_office(town, {"kind": "village", "name": "一社区", "area": 410702001001}) == 31
    )
    assert (
        put_user(town, {"login": "d", "name": "丁二", "role": "clerk", "area": 410702})
        == 301
    )
    assert read_users(town).set_index("id").loc[301, "name"] == "丁二"
    with (
        town.write() as connection
    ):  # as somebody would who leaves the numbering to the database
        values = {
            "login": "e",
            "name": "戊",
            "role": "clerk",
            "area": 410702,
            "active": True,
            "demo": False,
        }
        assert connection.scalar(insert(users).values(values).returning(users.c.id)) == 302


def test_a_sign_in_name_or_a_desk_is_not_taken_from_another(town):
    replace_people(town, OFFICES, people())
    with pytest.raises(InputError, match="taken"):
        put_user(
            town, {"id": 3, "login": "a", "name": "丙", "role": "clerk", "area": 410702}
        )
    with pytest.raises(InputError, match="such an office already"):
        put_office(town, {"id": 3, "kind": "county", "name": "又一个", "area": 410702})


def test_a_new_staff_list_keeps_users_at_their_workers_and_their_keys(town):
    staff = pd.DataFrame({"id": [7, 8], "name": ["甲", "乙"], "role": ["grid_worker"] * 2})
    areas = pd.DataFrame({"worker": [7, 8], "area": [LOWER_LEFT, LOWER_LEFT + 1]})
    replace_workers(town, staff, areas)
    replace_people(town, OFFICES, people(worker=[None, 7, 8]))
    with town.write() as connection:
        connection.execute(
            insert(device_keys).values(
                digest="d", user=2, label="phone", areas="[]", made_at=1
            )
        )
    replace_workers(town, staff.iloc[:1], areas.iloc[:1])
    assert read_users(town)["worker"].tolist() == [0, 7, 0]
    with town.read() as connection:
        assert connection.scalar(select(func.count()).select_from(device_keys)) == 1
