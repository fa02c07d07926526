"""The organisations of the demonstration: a one-stop desk for every division, departments,
and utility companies.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gridmap.demo.population import CITY
from gridmap.model import OfficeKind
from gridmap.names import english_name

DEPARTMENTS: Mapping[str, str] = {
    "城市管理局": "Urban Management Bureau",
    "住房和城乡建设局": "Housing and Construction Bureau",
    "自然资源和规划局": "Natural Resources and Planning Bureau",
    "交通运输局": "Transport Bureau",
    "水利局": "Water Bureau",
    "生态环境局": "Environment Bureau",
    "应急管理局": "Emergency Management Bureau",
    "公安局": "Public Security Bureau",
    "公安局交警支队": "Traffic Police",
    "消防救援大队": "Fire and Rescue Brigade",
    "市场监督管理局": "Market Regulation Bureau",
    "卫生健康委员会": "Health Commission",
    "教育局": "Education Bureau",
    "民政局": "Civil Affairs Bureau",
    "人力资源和社会保障局": "Human Resources and Social Security Bureau",
    "司法所": "Justice Office",
    "农业农村局": "Agriculture Bureau",
    "林业局": "Forestry Bureau",
    "园林绿化中心": "Parks and Gardens Centre",
    "体育局": "Sports Bureau",
    "残疾人联合会": "Disabled Persons' Federation",
}
"""The departments every county has, by the names categories give their handlers; English names."""

COMPANIES: Mapping[str, str] = {
    "供电公司": "Power Supply Company",
    "自来水公司": "Water Company",
    "燃气公司": "Gas Company",
    "通信运营企业": "Telecommunications Operators",
    "物业服务企业": "Property Management Firms",
}
"""What the city has one of, for all counties."""

DESKS: Mapping[str, OfficeKind] = {
    "乡镇人民政府（街道办事处）": OfficeKind.TOWNSHIP,
    "便民服务中心": OfficeKind.TOWNSHIP,
    "村（居）人民调解委员会": OfficeKind.VILLAGE,
}
"""Handlers of categories that are the one-stop desk of a level themselves."""

_KINDS = {
    "county": OfficeKind.COUNTY,
    "township": OfficeKind.TOWNSHIP,
    "village": OfficeKind.VILLAGE,
}
_TITLES = {
    OfficeKind.CITY: ("社会治理指挥中心", "Command Centre"),
    OfficeKind.COUNTY: ("一站式服务中心", "One-stop Centre"),
    OfficeKind.TOWNSHIP: ("便民服务中心", "Service Centre"),
    OfficeKind.VILLAGE: ("", ""),
}


def offices_frame(divisions: pd.DataFrame) -> pd.DataFrame:
    """The offices of `divisions` (code, level by name, name), as
    `store.people.replace_people` takes them.

    Columns: id (from 1: the city's desk, then the desks of counties, townships and villages
    by code, then the departments), kind, name, name_en, area, department ("" for a desk),
    phone.
    """
    desks = [_desk(*CITY, OfficeKind.CITY)]
    for level, kind in _KINDS.items():
        divisions_here = divisions[divisions["level"] == level].sort_values("code")
        desks += [
            _desk(code, name, kind)
            for code, name in zip(
                divisions_here["code"].tolist(), divisions_here["name"], strict=True
            )
        ]
    counties = divisions[divisions["level"] == "county"].sort_values("code")
    rows = [
        *desks,
        *(
            _department(*CITY, *department, company=True)
            for department in COMPANIES.items()
        ),
        *(
            _department(code, name, *department)
            for code, name in zip(counties["code"].tolist(), counties["name"], strict=True)
            for department in DEPARTMENTS.items()
        ),
    ]
    table = pd.DataFrame(rows)
    table.insert(0, "id", range(1, len(table) + 1))
    table["phone"] = [telephone(number) for number in table["id"]]
    return table


def telephone(number: int) -> str:
    """A telephone number nobody has: no number of the city's exchange begins with a nought."""
    return f"0373-0{number:06d}"


def _desk(code: int, name: str, kind: OfficeKind) -> dict[str, object]:
    title, title_en = _TITLES[kind]
    return {
        "kind": kind.value,
        "name": name + title,
        "name_en": f"{english_name(name)} {title_en}".strip(),
        "area": code,
        "department": "",
    }


def _department(
    code: int, county: str, name: str, name_en: str, *, company: bool = False
) -> dict[str, object]:
    place, place_en = ("", "") if company else (county, english_name(county))
    return {
        "kind": OfficeKind.DEPARTMENT.value,
        "name": place + name,
        "name_en": f"{place_en} {name_en}".strip(),
        "area": code,
        "department": name,
    }
