"""`View`: what a person is looking at, as one value, and how a URL tells it.

The URL is a short whitelist of plain parameters, so that it can be sent to somebody;
nothing here knows a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from gridmap import codes, terms
from gridmap.cases.registry import PLAIN
from gridmap.city.flow.inbox import BOXES
from gridmap.city.look.gaps import GAPS
from gridmap.city.look.measures import MEASURES
from gridmap.errors import InputError
from gridmap.insight.definitions import DEFINITIONS, PARTS
from gridmap.insight.selection import CITY, STATUS_NAMES, Selection
from gridmap.model import Level
from gridmap.words import LANGUAGES, mark

PERIODS = {
    "7": mark("Last 7 days"),
    "30": mark("Last 30 days"),
    "90": mark("Last 90 days"),
    "quarter": mark("This quarter"),
    "year": mark("This year"),
    "custom": mark("Own choice"),
}
LEVELS = {
    "county": Level.COUNTY,
    "township": Level.TOWNSHIP,
    "village": Level.VILLAGE,
    "grid": Level.GRID,
}
OF_TIME = "time"
"""Figures are counted in the grid each report was filed under, not in one plan for all."""
CHOICES: dict[str, tuple[str, ...]] = {
    "level": ("", *LEVELS),
    "measure": ("", *(measure.key for measure in MEASURES)),
    "layer": ("", "areas", "kernel"),
    "step": ("", *terms.STEPS),
    "kind": ("", *(gap.key for gap in GAPS)),
    "screen": ("", "wall"),
    "box": ("", *BOXES),
    "which": ("", "open", "reported"),
    "flag": ("", *terms.FLAGS),
    "indicator": ("", *DEFINITIONS),
    "part": ("", *PARTS),
    "basis": ("", OF_TIME),
    "register": ("", *(kind.name for kind in PLAIN)),
}
"""What each page option may be; empty: the page's own choice."""
NUMBERS = {
    "matter": 12,
    "office": 9,
    "sheet": 6,
    "dispute": 9,
    "task": 9,
    "meeting": 9,
    "draft": 9,
    "contract": 9,
    "deliberation": 9,
    "record": 9,
}
"""Page options that are numbers, with the most digits they may have; 0: none. Whether there
is such a matter or office, the page finds out.
"""
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class View:
    """What is shown: the language, an area, a period, what is left in, and how the page is set."""

    lang: str
    start: date
    end: date
    area: int = CITY
    period: str = "30"
    categories: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    plan: int = 0
    level: str = ""
    measure: str = ""
    layer: str = ""
    step: str = ""
    kind: str = ""
    screen: str = ""
    box: str = ""
    which: str = ""
    flag: str = ""
    indicator: str = ""
    part: str = ""
    basis: str = ""
    register: str = ""
    matter: int = 0
    office: int = 0
    sheet: int = 0
    dispute: int = 0
    task: int = 0
    meeting: int = 0
    draft: int = 0
    contract: int = 0
    deliberation: int = 0
    record: int = 0
    find: str = ""

    @property
    def area_level(self) -> Level:
        """The level of the area shown."""
        return codes.level_of(self.area)

    @property
    def selection(self) -> Selection:
        """The question this view asks of the city."""
        return Selection(self.start, self.end, self.area, self.categories, self.statuses)


def period_of(preset: str, today: date) -> tuple[date, date]:
    """First and last day of a preset: whole days that end yesterday, so that it compares
    with the period before.
    """
    end = today - timedelta(days=1)
    if preset == "quarter":
        return date(end.year, 3 * ((end.month - 1) // 3) + 1, 1), end
    if preset == "year":
        return date(end.year, 1, 1), end
    return end - timedelta(days=int(preset) - 1), end


def drill(area: int, grid: int, *, at_least: Level = Level.COUNTY) -> int:
    """The area a click on `grid` opens from `area`: one level further down, or the sibling clicked.

    `at_least` is the level of what is drawn under the pointer; a click never opens anything larger.
    """
    level = codes.level_of(area)
    inside = codes.parent(grid, level) == area
    return codes.parent(grid, max(level.below if inside else level, at_least, Level.COUNTY))


def to_url(view: View) -> dict[str, str]:
    """The parameters that tell `view`; what is as usual is left out."""
    told = {
        "lang": view.lang,
        "area": str(view.area) if view.area != CITY else "",
        "period": view.period,
    }
    if view.period == "custom":
        told |= {"from": view.start.isoformat(), "to": view.end.isoformat()}
    elif view.period == "30":
        told["period"] = ""
    told |= {
        "cat": ",".join(view.categories),
        "status": ",".join(view.statuses),
        "plan": str(view.plan or ""),
    }
    told |= {name: getattr(view, name) for name in CHOICES}
    told |= {name: str(getattr(view, name) or "") for name in NUMBERS} | {"find": view.find}
    return {name: value for name, value in told.items() if value}


def from_url(
    url: Mapping[str, str],
    usual: View,
    *,
    today: date,
    areas: Callable[[int], bool],
    categories: Iterable[str],
) -> tuple[View, list[str]]:
    """The view `url` asks for, starting from `usual`, and the names of parameters that made
    no sense.
    """
    known = set(categories)
    parsers: dict[str, Callable[[str], dict[str, Any]]] = {
        "lang": lambda text: {"lang": _one_of(text, LANGUAGES)},
        "area": lambda text: {"area": _area(text, areas)},
        "period": lambda text: {"period": _one_of(text, PERIODS)},
        "from": lambda text: {"start": date.fromisoformat(text)},
        "to": lambda text: {"end": date.fromisoformat(text)},
        "cat": lambda text: {
            "categories": tuple(_one_of(part, known) for part in text.split(","))
        },
        "status": lambda text: {
            "statuses": tuple(_one_of(part, STATUS_NAMES) for part in text.split(","))
        },
        "plan": lambda text: {"plan": _number(text)},
        "find": lambda text: {"find": searched(text)},
    }
    parsers |= {name: _choice(name) for name in CHOICES} | {
        name: _numbered(name) for name in NUMBERS
    }
    found: dict[str, Any] = {}
    ignored = []
    for name, text in url.items():
        try:
            found |= parsers[name](text)
        except (KeyError, ValueError, InputError):
            ignored.append(name)
    view, bad_dates = _with_period(replace(usual, **found), found, usual, today)
    return view, ignored + bad_dates


def _with_period(
    view: View, found: Mapping[str, Any], usual: View, today: date
) -> tuple[View, list[str]]:
    if view.period != "custom":
        start, end = period_of(view.period, today)
        return replace(view, start=start, end=end), []
    if (
        "start" in found
        and "end" in found
        and view.start <= view.end
        and view.start.year > 1970
    ):
        return replace(view, end=min(view.end, today), start=min(view.start, today)), []
    return replace(view, period=usual.period, start=usual.start, end=usual.end), [
        "from",
        "to",
    ]


def _one_of(text: str, allowed: Iterable[str]) -> str:
    if text not in allowed:
        raise ValueError(text)
    return text


def _area(text: str, known: Callable[[int], bool]) -> int:
    code = int(text) if text.isdecimal() and len(text) <= 15 else 0
    codes.level_of(code)
    if not known(code):
        raise ValueError(text)
    return code


def _number(text: str, digits: int = 8) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= digits):
        raise ValueError(text)
    return int(text)


def searched(text: str) -> str:
    """Words to look for, as they may stand in a link. Raises ValueError for signs no
    keyboard writes, or too many.
    """
    words = " ".join(text.split())
    if len(words) > LONGEST_SEARCH or not words.isprintable():
        raise ValueError(text)
    return words


def _numbered(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda text: {name: _number(text, NUMBERS[name])}


def _choice(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda text: {name: _one_of(text, CHOICES[name])}
