"""`briefing`: what a commander reads in the morning: what changed since yesterday, what is
late and whom to ring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from gridmap.calendar import DAY_S
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.headquarters.headquarters import Headquarters
from gridmap.city.look.places import Places
from gridmap.city.town.windows import Windows
from gridmap.insight.rises import rises
from gridmap.store.headquarters import changes

LATE = 10
UNITS = 6
RISES = 3
USUAL_DAYS = 28


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: `value` and, where there is one to compare with, that of `before` (−1: none)."""

    key: str
    value: int
    before: int = -1


@dataclass(frozen=True, eq=False)
class Briefing:
    """Everything on the page.

    `place` is the name of `area`; `day` the day it is read, `at` the moment (Unix seconds).
    `lines`: reported and ended yesterday and on the day before, carried into today and into
    yesterday, late now and newly so since yesterday at this time, whistles unanswered now
    and blown yesterday, under supervision now, windows without their unit. `late`: the ten
    matters whose limit passed first (columns of `headquarters.late`, and what, where);
    `late_count` all of them. `units`: the daily clearing of yesterday, the units that
    carried out most. `rises`: what, count, usual.
    """

    area: int
    place: str
    day: date
    at: int
    lines: tuple[Line, ...]
    late: pd.DataFrame
    late_count: int
    units: pd.DataFrame
    rises: pd.DataFrame


class Briefings:
    """Writes briefings."""

    def __init__(
        self, desk: Desk, *, places: Places, windows: Windows, headquarters: Headquarters
    ) -> None:
        self._desk = desk
        self._places = places
        self._windows = windows
        self._headquarters = headquarters

    def of(self, area: int, lang: Lang = "zh") -> Briefing:
        """The briefing of `area` now. Raises NotFoundError for a place there is not."""
        today, rooms = self._desk.today, self._headquarters
        yesterday = today - timedelta(days=1)
        place = self._places.name(area, lang)
        late = rooms.late(area, lang, limit=LATE)
        names = self._category_names(lang)
        return Briefing(
            area=area,
            place=place,
            day=today,
            at=self._desk.now_s,
            lines=self._lines(area, yesterday),
            late=late.assign(
                what=[names.get(code, code) for code in late["category"]],
                where=[self._places.path(grid, lang) for grid in late["grid"].tolist()],
            ),
            late_count=rooms.late_count(area),
            units=rooms.clearing(area, yesterday, lang).head(UNITS),
            rises=self._rises(area, yesterday, names),
        )

    def _lines(self, area: int, yesterday: date) -> tuple[Line, ...]:
        rooms, now = self._headquarters, self._desk.now_s
        before, last = rooms.days(area, yesterday, 2).to_dict("records")
        start, end = rooms.span(yesterday)
        with self._desk.store.read() as connection:
            newly = changes.newly_late(connection, now - DAY_S, area=area)
            waiting = changes.whistles_open(connection, area=area)
            blown = changes.whistles_blown(connection, start, end, area=area)
            pressed = changes.supervised_open(connection, area=area)
        vacant = len(self._windows.missing(area, self._desk.today))
        return (
            Line("reported", last["new"], before["new"]),
            Line("ended", last["closed"], before["closed"]),
            Line("carried", last["carried_out"], before["carried_out"]),
            Line("late", rooms.late_count(area)),
            Line("newly_late", newly),
            Line("whistles_open", waiting),
            Line("whistles_blown", blown),
            Line("supervised", pressed),
            Line("vacant", vacant),
        )

    def _rises(self, area: int, yesterday: date, names: dict[str, str]) -> pd.DataFrame:
        start, end = self._headquarters.span(yesterday)
        with self._desk.store.read() as connection:
            told = changes.reported(
                connection, start - USUAL_DAYS * DAY_S, end, since=start, area=area
            )
        table = rises(told, days=USUAL_DAYS).head(RISES)
        return table.assign(what=[names.get(code, code) for code in table["category"]])

    def _category_names(self, lang: Lang) -> dict[str, str]:
        table = self._desk.data.categories.frame
        return dict(zip(table["code"].astype(str), table[lang], strict=True))
