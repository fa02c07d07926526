"""Where the demonstration's matters go first, how long each step may take, and who sits in
the centres' windows.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.demo.offices import DEPARTMENTS, DESKS
from gridmap.demo.population import CITY
from gridmap.demo.users import CHAIN
from gridmap.model import LimitUnit, OfficeKind

Ints = npt.NDArray[np.int64]

_FIRST = {
    "C": "village",
    "E": "village",
    "D": "township",
    "H": "township",
    "S": "village",
    "P": "township",
}
_SEVERE = 4
LEFT_TO_THE_DISPATCHER = "E06"
"""The class no rule sends anywhere."""

STEPS = pd.DataFrame(
    [
        ("accept", "", 0.5, LimitUnit.WORKING_HOURS.value),
        ("accept", "E05", 15.0, LimitUnit.MINUTES.value),
        ("dispatch", "", 2.0, LimitUnit.WORKING_HOURS.value),
        ("dispatch", "E05", 15.0, LimitUnit.MINUTES.value),
        ("dispatch", "H", 60.0, LimitUnit.MINUTES.value),
        ("handle", "", 4.0, LimitUnit.WORKING_HOURS.value),
        ("handle", "E05", 30.0, LimitUnit.MINUTES.value),
        ("verify", "", 1.0, LimitUnit.WORKING_DAYS.value),
        ("heed", "", 2.0, LimitUnit.WORKING_HOURS.value),
        ("heed", "E05", 30.0, LimitUnit.MINUTES.value),
    ],
    columns=["step", "category", "amount", "unit"],
)
"""Limits of the steps by category or its beginning."""


def rules_frame(categories: pd.DataFrame, *, county: int = CHAIN) -> pd.DataFrame:
    """Routing rules made from the tree's handlers, in order: single categories before the
    class they stand in.

    Columns: position (from 1), category, area, first (OfficeKind), department ("" leaves it
    to the first desk), active, note. Events of the class "other" have no rule: they wait in
    the dispatcher's queue. `county` has one rule of its own.
    """
    leaves = categories[categories["handler"].notna()].copy()
    leaves["class_of"] = leaves["parent"]
    leaves = leaves[leaves["class_of"] != LEFT_TO_THE_DISPATCHER]
    usual = leaves.groupby("class_of")["handler"].agg(
        lambda names: names.value_counts().index[0]
    )
    rows: list[tuple[str, int, str, str, str]] = [
        (
            "C0201",
            CITY[0],
            "village",
            "城市管理局",
            "交通标志：村（社区）先看现场，县级城市管理局修复",
        ),
        ("E0401", county, "township", "城市管理局", "本区占道经营由街道先处置"),
    ]
    unusual = leaves["handler"] != leaves["class_of"].map(usual)
    single = leaves[unusual | (leaves["severity"] >= _SEVERE)]
    for code, handler, severity in single[["code", "handler", "severity"]].itertuples(
        index=False
    ):
        if code != "C0201":
            way = _way(code, handler, severe=severity >= _SEVERE)
            rows.append((code, CITY[0], *way, ""))
    rows += [
        (str(code), CITY[0], *_way(str(code), handler, severe=False), "")
        for code, handler in usual.items()
    ]
    table = pd.DataFrame(rows, columns=["category", "area", "first", "department", "note"])
    table.insert(0, "position", np.arange(len(table)) + 1)
    table.insert(5, "active", True)
    return table


def _way(code: str, handler: str, *, severe: bool) -> tuple[str, str]:
    """First desk and department of a category."""
    desk = DESKS.get(handler)
    if desk is not None:
        return desk.value, ""
    return ("county" if severe else _FIRST[code[0]]), handler


PLATFORMS = (
    "综合受理",
    "矛盾调解",
    "法律服务",
    "诉讼服务",
    "信访接待",
    "劳动仲裁",
    "公共安全",
    "民生服务",
)
"""The eight working platforms of a county's centre."""

RESIDENT = (
    ("综合受理", "社会治理中心"),
    ("综合受理", "行政审批局"),
    ("矛盾调解", "人民调解委员会"),
    ("矛盾调解", "行业性专业性调解委员会"),
    ("法律服务", "司法局"),
    ("法律服务", "律师协会"),
    ("诉讼服务", "人民法院"),
    ("诉讼服务", "人民检察院"),
    ("信访接待", "信访局"),
    ("劳动仲裁", "人力资源和社会保障局"),
    ("公共安全", "公安局"),
    ("民生服务", "民政局"),
)
ROTATING = (
    ("矛盾调解", "妇女联合会"),
    ("矛盾调解", "总工会"),
    ("公共安全", "应急管理局"),
    ("公共安全", "消防救援大队"),
    ("民生服务", "住房和城乡建设局"),
    ("民生服务", "自然资源和规划局"),
    ("民生服务", "卫生健康委员会"),
    ("民生服务", "教育局"),
    ("民生服务", "农业农村局"),
    ("综合受理", "市场监督管理局"),
)
_TOWNSHIP = (
    ("综合受理", "综合便民服务中心", "resident"),
    ("矛盾调解", "人民调解委员会", "resident"),
    ("法律服务", "司法所", "resident"),
    ("公共安全", "派出所", "resident"),
    ("民生服务", "民政所", "rotating"),
    ("公共安全", "综合行政执法大队", "rotating"),
)
_VILLAGE = (
    ("综合受理", "村（居）民委员会", "resident"),
    ("法律服务", "法律顾问", "rotating"),
)
ENGLISH = {
    "综合受理": "General intake",
    "矛盾调解": "Mediation",
    "法律服务": "Legal services",
    "诉讼服务": "Court services",
    "信访接待": "Petition reception",
    "劳动仲裁": "Labour arbitration",
    "公共安全": "Public safety",
    "民生服务": "Services for people",
    "社会治理中心": "Social Governance Centre",
    "行政审批局": "Administrative Approval Bureau",
    "人民调解委员会": "People's Mediation Committee",
    "行业性专业性调解委员会": "Trade Mediation Committees",
    "司法局": "Justice Bureau",
    "律师协会": "Lawyers' Association",
    "人民法院": "People's Court",
    "人民检察院": "People's Procuratorate",
    "信访局": "Petition Bureau",
    "公安局": "Public Security Bureau",
    "妇女联合会": "Women's Federation",
    "总工会": "Federation of Trade Unions",
    "综合便民服务中心": "General Service Centre",
    "派出所": "Police Station",
    "民政所": "Civil Affairs Office",
    "综合行政执法大队": "Administrative Enforcement Brigade",
    "村（居）民委员会": "Villagers' Committee",
    "法律顾问": "Legal Adviser",
    **DEPARTMENTS,
}
"""English names of platforms and units."""
_WEEK = (1, 2, 3, 4, 5)
_ABSENT = 0.06


def windows_frame(offices: pd.DataFrame) -> pd.DataFrame:
    """The windows of every one-stop centre: office, platform, unit, kind, weekdays (tuple,
    1 Monday), English names.
    """
    county = [(*pair, "resident") for pair in RESIDENT] + [
        (*pair, "rotating") for pair in ROTATING
    ]
    plans = {
        OfficeKind.COUNTY.value: county,
        OfficeKind.TOWNSHIP.value: _TOWNSHIP,
        OfficeKind.VILLAGE.value: _VILLAGE,
    }
    centres = offices[offices["kind"].isin(list(plans))]
    rows = [
        (
            office,
            platform,
            unit,
            kind,
            _WEEK if kind == "resident" else _turn(office + number),
        )
        for office, level in zip(centres["id"].tolist(), centres["kind"], strict=True)
        for number, (platform, unit, kind) in enumerate(plans[level])
    ]
    table = pd.DataFrame(rows, columns=["office", "platform", "unit", "kind", "weekdays"])
    return table.assign(
        platform_en=table["platform"].map(ENGLISH), unit_en=table["unit"].map(ENGLISH)
    )


def _turn(number: int) -> tuple[int, ...]:
    """The days of a rotating unit: two of the week."""
    first = number % 5 + 1
    return tuple(sorted({first, (first + 2 - 1) % 5 + 1}))


def present(
    windows: pd.DataFrame, day: date, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Which of `windows` are manned on `day`: those on duty, but for a few (bool[n])."""
    on_duty = np.array([day.isoweekday() in days for days in windows["weekdays"]])
    return on_duty & (rng.uniform(size=len(windows)) >= _ABSENT)
