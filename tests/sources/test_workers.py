"""Workers and their areas from files: read as given, or refused with every fault."""

from datetime import date

import pytest

from gridmap.errors import InputError
from gridmap.sources.workers import read_workers

GOOD = """工号,姓名,岗位,网格编码,开始日期
1,张三,网格员,410702001001001、410702001001002,2021-01-01
2,李四,民警,410702001001,
2,李四,调解员,410702001002,
3,王五,网格长,,
"""


def test_workers_and_areas_are_told_apart(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(GOOD, "gb18030")
    staff = read_workers(path)
    assert staff.workers["name"].tolist() == ["张三", "李四", "王五"]
    assert staff.workers["role"].tolist() == [
        "grid_worker",
        "police_officer",
        "grid_leader",
    ]
    assert staff.workers["active_from"].tolist()[0] == date(2021, 1, 1)
    assert staff.assignments["area"].tolist() == [
        410702001001001,
        410702001001002,
        410702001001,
        410702001002,
    ]
    assert staff.assignments["role"].tolist() == [
        "grid_worker",
        "grid_worker",
        "police_officer",
        "mediator",
    ]


def test_every_fault_is_named_at_once(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(
        "id,name,role,area,starts,ends\nx,,boss,41070,soon,\n1,A,mediator,,,\n1,B,mediator,,,\n1,A,mediator\n"
        "2,C,mediator,,2024-05-01,2024-01-01\n"
    )
    with pytest.raises(InputError) as caught:
        read_workers(path)
    found = {(fault.row, fault.field) for fault in caught.value.faults}
    assert found == {
        (2, "id"),
        (2, "name"),
        (2, "role"),
        (2, "area"),
        (2, "starts"),
        (4, "name"),
        (5, ""),
        (6, "ends"),
    }


def test_required_columns_are_named(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        read_workers(path)
    assert [fault.field for fault in caught.value.faults] == ["id", "name", "role"]
