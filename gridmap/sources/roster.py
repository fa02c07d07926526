"""Users and offices from CSV, Excel, Parquet or NDJSON files, one a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from gridmap.errors import Fault
from gridmap.model import OfficeKind, UserRole
from gridmap.sources import values
from gridmap.sources.mapping import Guesses, match
from gridmap.sources.rows import read_rows

USERS: Guesses = {
    "login": ("登录名", "账号", "用户名", "账户", "user", "username", "account"),
    "name": ("姓名", "名字", "人员姓名"),
    "role": ("角色", "岗位", "职务", "身份"),
    "area": ("区域", "责任区域", "负责区域", "区划代码", "网格编码", "code", "area_code"),
    "office": ("单位", "机构", "所属单位", "单位编号", "office_id", "office_name", "unit"),
    "worker": ("工号", "网格员编号", "人员编号", "worker_id", "staff_id"),
    "phone": ("电话", "手机", "手机号", "联系电话", "mobile", "telephone"),
    "active": ("在岗", "有效", "启用", "状态", "enabled"),
}
OFFICES: Guesses = {
    "kind": ("类型", "级别", "类别", "level", "type"),
    "name": ("名称", "单位名称", "机构名称", "单位"),
    "area": ("区域", "辖区", "区划代码", "行政区划代码", "code", "area_code"),
    "id": ("编号", "单位编号", "机构编号", "number", "office_id"),
    "name_en": ("英文名称", "英文名", "english"),
    "department": ("部门", "部门名称", "所属部门", "bureau"),
    "phone": ("电话", "值班电话", "联系电话", "telephone"),
}
USER_WORDS = {
    **{role.value: role for role in UserRole if role is not UserRole.SYSTEM},
    "群众": UserRole.PUBLIC,
    "居民": UserRole.PUBLIC,
    "网格员": UserRole.GRID_WORKER,
    "专职网格员": UserRole.GRID_WORKER,
    "窗口人员": UserRole.CLERK,
    "受理员": UserRole.CLERK,
    "派遣员": UserRole.DISPATCHER,
    "处置人员": UserRole.HANDLER,
    "处置员": UserRole.HANDLER,
    "核查员": UserRole.VERIFIER,
    "网格长": UserRole.CHIEF,
    "指挥员": UserRole.COMMANDER,
    "指挥长": UserRole.COMMANDER,
    "规划员": UserRole.PLANNER,
    "领导": UserRole.LEADER,
    "管理员": UserRole.ADMIN,
}
OFFICE_WORDS = {
    **{kind.value: kind for kind in OfficeKind},
    "村": OfficeKind.VILLAGE,
    "社区": OfficeKind.VILLAGE,
    "村级": OfficeKind.VILLAGE,
    "乡镇": OfficeKind.TOWNSHIP,
    "街道": OfficeKind.TOWNSHIP,
    "乡级": OfficeKind.TOWNSHIP,
    "县": OfficeKind.COUNTY,
    "区": OfficeKind.COUNTY,
    "县级": OfficeKind.COUNTY,
    "市": OfficeKind.CITY,
    "市级": OfficeKind.CITY,
    "部门": OfficeKind.DEPARTMENT,
}
YES_WORDS = {
    "": True,
    "1": True,
    "是": True,
    "在岗": True,
    "启用": True,
    "有效": True,
    "true": True,
    "yes": True,
    "y": True,
    "0": False,
    "否": False,
    "离岗": False,
    "停用": False,
    "无效": False,
    "false": False,
    "no": False,
    "n": False,
}
LARGEST = 2**31 - 1
Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class RosterTable:
    """The rows of a file as `table`, and the `faults` of cells that cannot be read; such a
    cell is None in it.
    """

    table: pd.DataFrame
    faults: tuple[Fault, ...]


def read_users(
    path: str | Path, *, mapping: Mapping[str, str] | None = None
) -> RosterTable:
    """Users, one a row of the file: row, login, name, role, area, office (text as it
    stands), worker, phone, active.

    Columns (Chinese or English, or given by `mapping`): login, name, role, area; optionally
    office (number or name), worker (number of the staff list), phone, active. The frame
    lacks the columns the file lacks; empty numbers are None.

    Raises InputError when the file is no table or lacks a column that is needed.
    """
    return _read(Path(path), USERS, ("login", "name", "role", "area"), mapping, _user)


def read_offices(
    path: str | Path, *, mapping: Mapping[str, str] | None = None
) -> RosterTable:
    """Offices, one a row of the file: row, id, kind, name, name_en, area, department, phone.

    Columns (Chinese or English, or given by `mapping`): kind, name, area; optionally id,
    name_en, department (of a department: its name in the category tree and in routing
    rules), phone. The frame lacks the columns the file lacks.

    Raises InputError when the file is no table or lacks a column that is needed.
    """
    return _read(Path(path), OFFICES, ("kind", "name", "area"), mapping, _office)


class _Cells:
    """The cells of one row, and the faults found in them."""

    def __init__(
        self, file: str, row: int, texts: Mapping[str, str], faults: list[Fault]
    ) -> None:
        self.row = row
        self._file, self._texts, self._faults = file, texts, faults

    def text(self, field: str) -> str:
        return self._texts.get(field, "")

    def number(self, field: str) -> int | None:
        text = self.text(field)
        if not text:
            return None
        if text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST:
            return int(text)
        self.complain(
            field, "not a number", "Give a whole number above 0, or leave it empty."
        )
        return None

    def code(self, field: str) -> int | None:
        text = self.text(field)
        if text.isascii() and text.isdigit() and len(text) <= 15:
            return int(text)
        self.complain(
            field, "not a division or grid code", "Give 4, 6, 9, 12 or 15 digits."
        )
        return None

    def word(self, field: str, words: Mapping[str, Word]) -> Word | None:
        meaning = words.get(self.text(field).lower())
        if meaning is None:
            self.complain(
                field,
                f"unknown {field}",
                f"Use one of {', '.join(word for word in words if word)}.",
            )
        return meaning

    def complain(self, field: str, rule: str, cure: str) -> None:
        value = self.text(field)
        self._faults.append(
            Fault(
                rule=rule,
                file=self._file,
                row=self.row,
                field=field,
                value=value,
                cure=cure,
            )
        )


def _user(cells: _Cells) -> dict[str, Any]:
    return {
        "row": cells.row,
        "login": cells.text("login"),
        "name": cells.text("name"),
        "role": cells.word("role", USER_WORDS),
        "area": cells.code("area"),
        "office": cells.text("office"),
        "worker": cells.number("worker"),
        "phone": cells.text("phone"),
        "active": cells.word("active", YES_WORDS),
    }


def _office(cells: _Cells) -> dict[str, Any]:
    return {
        "row": cells.row,
        "id": cells.number("id"),
        "kind": cells.word("kind", OFFICE_WORDS),
        "name": cells.text("name"),
        "name_en": cells.text("name_en"),
        "area": cells.code("area"),
        "department": cells.text("department"),
        "phone": cells.text("phone"),
    }


def _read(
    place: Path,
    guesses: Guesses,
    required: Sequence[str],
    mapping: Mapping[str, str] | None,
    make: Callable[[_Cells], dict[str, Any]],
) -> RosterTable:
    """The rows as `make` reads them; columns the file has not are left out."""
    faults: list[Fault] = []
    column_of: dict[str, str] | None = None
    rows = []
    for raw in read_rows(place):
        if column_of is None:
            column_of = match(
                raw.names, guesses, required, file=place.name, mapping=mapping
            )
        faults += [
            Fault(
                rule="not as many fields as the header",
                file=place.name,
                row=row,
                value=text,
                cure="Complete the row.",
            )
            for row, text in raw.spoilt
        ]
        columns = {
            name: values.texts(raw.rows.column(column)).to_pylist()
            for name, column in column_of.items()
        }
        for at, row in enumerate(raw.numbers.tolist()):
            texts_of_row = {name: texts[at] for name, texts in columns.items()}
            rows.append(make(_Cells(place.name, row, texts_of_row, faults)))
    names = ["row", *(name for name in guesses if name in (column_of or guesses))]
    return RosterTable(pd.DataFrame(rows, columns=names, dtype=object), tuple(faults))
