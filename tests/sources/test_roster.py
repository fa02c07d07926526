import pandas as pd
import pytest

from gridmap.errors import InputError
from gridmap.model import OfficeKind, UserRole
from gridmap.sources.roster import read_offices, read_users


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_users_are_read_from_a_chinese_list(file):
    path = file(
        "登录名,姓名,角色,责任区域,单位,工号,在岗\nzhang,张三,网格员,410702001001001,东庄,7,是\nli,李四,派遣员,410702,,,否\n",
        "gb18030",
    )
    table = read_users(path).table
    assert list(table.columns) == [
        "row",
        "login",
        "name",
        "role",
        "area",
        "office",
        "worker",
        "active",
    ]
    assert table["row"].tolist() == [2, 3]
    assert table["role"].tolist() == [UserRole.GRID_WORKER, UserRole.DISPATCHER]
    assert table["area"].tolist() == [410702001001001, 410702]
    assert table["office"].tolist() == ["东庄", ""]
    assert table["worker"].tolist() == [7, None]
    assert table["active"].tolist() == [True, False]


def test_offices_are_read_from_an_excel_sheet(tmp_path):
    rows = {
        "kind": ["县级", "department"],
        "name": ["区中心", "城管局"],
        "area": [410702, 410702],
        "部门": ["", "城市管理局"],
    }
    pd.DataFrame(rows).to_excel(tmp_path / "list.xlsx", index=False)
    table = read_offices(tmp_path / "list.xlsx").table
    assert table["kind"].tolist() == [OfficeKind.COUNTY, OfficeKind.DEPARTMENT]
    assert table["area"].tolist() == [410702, 410702]
    assert table["department"].tolist() == ["", "城市管理局"]
    assert "phone" not in table


def test_every_cell_that_cannot_be_read_is_named(file):
    path = file(
        "login,name,role,area,worker,active\na,甲,boss,x,-1,maybe\nb,乙,clerk,410702,99999999999,\nc,丙\n"
    )
    sheet = read_users(path)
    told = sorted((fault.row, fault.field) for fault in sheet.faults)
    assert told == [
        (2, "active"),
        (2, "area"),
        (2, "role"),
        (2, "worker"),
        (3, "worker"),
        (4, ""),
    ]
    assert {fault.file for fault in sheet.faults} == {"list.csv"}
    assert sheet.table["login"].tolist() == ["a", "b"]
    assert sheet.table["role"].tolist() == [None, UserRole.CLERK]


def test_nobody_can_be_given_the_role_of_the_clock(file):
    (fault,) = read_users(file("login,name,role,area\na,甲,system,4107\n")).faults
    assert (fault.field, fault.value) == ("role", "system")


def test_columns_are_named_by_a_mapping_and_missing_ones_told(file):
    path = file("who,name,role,area\na,甲,clerk,4107\n")
    with pytest.raises(InputError, match="login"):
        read_users(path)
    assert read_users(path, mapping={"login": "who"}).table["login"].tolist() == ["a"]


def test_a_list_of_a_header_alone_is_empty(file):
    table = read_users(file("login,name,role,area\n")).table
    assert table.empty
    assert list(table.columns) == ["row", "login", "name", "role", "area"]
