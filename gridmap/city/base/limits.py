"""`limits`: how long each category and each step may take, on the city's calendar."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pandas as pd

from gridmap.calendar import LAST_DAY, PUBLISHED_YEARS, from_epoch, with_overrides
from gridmap.cases.actors import Actor
from gridmap.cases.deadlines import DEFAULT_STEPS, STEPS, Deadlines, Limit
from gridmap.city.base import reclock
from gridmap.city.base.desk import Desk
from gridmap.city.base.rights import check_administers
from gridmap.city.base.seen import check_seen
from gridmap.errors import Fault, InputError
from gridmap.model import LimitUnit
from gridmap.store.base.frames import plain, require
from gridmap.store.flow import limits as store_limits
from gridmap.words import mark

STEP_COLUMNS = ("step", "category", "amount", "unit")
HOLIDAY_COLUMNS = ("day", "working", "note")
LONGEST = {
    LimitUnit.MINUTES: 60 * 24 * 366,
    LimitUnit.WORKING_HOURS: 7 * 250,
    LimitUnit.WORKING_DAYS: 250,
    LimitUnit.CALENDAR_DAYS: 366,
}
"""A limit is a year at most, in each unit."""
LONGEST_NOTE = 200
PAUSE_S = 0.05


class Limits:
    """Time limits and holidays of the city."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: tuple[str, Deadlines] | None = None

    @property
    def deadlines(self) -> Deadlines:
        """The limits in force; made anew when limits, holidays or categories have changed."""
        with self._desk.store.read() as connection:
            revision = store_limits.revision(connection)
            if self._known is None or self._known[0] != revision:
                self._known = revision, self._read(connection)
            return self._known[1]

    def steps(self) -> pd.DataFrame:
        """The limits of steps: step, category (code or its beginning; "": every), amount,
        unit; the usual ones at first.
        """
        rows = [
            (*key, limit.amount, limit.unit.value)
            for key, limit in self.deadlines.steps.items()
        ]
        rows.sort(key=lambda row: (STEPS.index(row[0]), row[1]))
        return pd.DataFrame(rows, columns=list(STEP_COLUMNS))

    def save_steps(
        self, actor: Actor, frame: pd.DataFrame, *, seen: pd.DataFrame | None = None
    ) -> None:
        """Make `frame` (the columns of `steps`) the limits of steps that begin from now on;
        empty: the usual ones.

        `seen`: the limits as they stood when the change was begun. Raises ForbiddenError
        unless the city's admin asks, InputError with all faults, StaleError when they are
        others now.
        """
        check_administers(actor, self._desk.code)
        require(frame, STEP_COLUMNS, what="limits")
        known = set(self._desk.data.categories.frame["code"])
        rows = _checked(frame, STEP_COLUMNS, lambda row: _step_faults(row, known))
        _refuse_twice(rows, ("step", "category"))
        with self._desk.store.write() as connection:
            check_seen(connection, "limits", seen, self.steps)
            store_limits.replace_steps(connection, rows)

    def holidays(self) -> pd.DataFrame:
        """The city's own days, which win over the published calendar: day (date), working
        (bool), note.
        """
        with self._desk.store.read() as connection:
            rows = store_limits.read_holidays(connection)
        return pd.DataFrame(rows, columns=list(HOLIDAY_COLUMNS)).astype({"working": bool})

    def save_holidays(
        self, actor: Actor, frame: pd.DataFrame, *, seen: pd.DataFrame | None = None
    ) -> int:
        """Make `frame` (day, working, note) the city's own days; open matters are clocked
        anew; how many moved.

        `seen`: the days as they stood when the change was begun. Raises ForbiddenError
        unless the city's admin asks, InputError with all faults, StaleError when they are
        others now.
        """
        check_administers(actor, self._desk.code)
        require(frame, HOLIDAY_COLUMNS, what="holidays")
        rows = _checked(frame, HOLIDAY_COLUMNS, _holiday_faults)
        _refuse_twice(rows, ("day",))
        self.clock_anew()
        with self._desk.store.write() as connection:
            check_seen(connection, "holidays", seen, self.holidays)
            store_limits.replace_holidays(connection, rows)
        return self.clock_anew()

    def clock_anew(self) -> int:
        """Finish clocking open matters anew where a change of holidays was cut short; how
        many moved.
        """
        return reclock.clock_anew(
            self._desk.store,
            self.deadlines,
            now=self._desk.now_s,
            pause=lambda: time.sleep(PAUSE_S),
        )

    def years(self) -> pd.DataFrame:
        """The calendar by year, from this one on: year, published, own_days, provisional,
        open_matters.

        Limits that run into a provisional year may still move; `open_matters` counts the
        open ones due in it.
        """
        days, this_year = self.deadlines.days, self._desk.today.year
        start = pd.Timestamp(this_year, 1, 1, tz="Asia/Shanghai").value // 10**9
        dues = pd.Series(
            [
                from_epoch(due).year
                for due in store_limits.open_dues(self._desk.store, after=start)
            ]
        )
        own = pd.Series([day.year for day in days.overrides])
        last = max(this_year + 1, *PUBLISHED_YEARS, *dues, *own)
        rows = [
            (
                year,
                year in PUBLISHED_YEARS,
                int((own == year).sum()),
                days.is_provisional(date(year, 6, 1)),
                int((dues == year).sum()),
            )
            for year in range(this_year, last + 1)
        ]
        return pd.DataFrame(
            rows, columns=["year", "published", "own_days", "provisional", "open_matters"]
        )

    def expected(self, category: str, reported_at: int) -> int:
        """When a matter reported at `reported_at` is to be settled if it is accepted in
        time; 0: it has no limit.
        """
        limits = self.deadlines
        return limits.whole(
            category, limits.step("accept", category, reported_at) or reported_at
        )

    def provisional(self, due: int) -> bool:
        """Whether a limit that runs out at `due` (Unix seconds) may still move: its year's
        holidays are not known.
        """
        return self.deadlines.provisional(self._desk.now_s, due)

    def _read(self, connection: Any) -> Deadlines:
        own = [
            (row["day"], bool(row["working"]))
            for row in store_limits.read_holidays(connection)
        ]
        days = with_overrides(own)
        if self._known is not None and self._known[1].days == days:
            days = self._known[1].days  # its tables are worked out already
        categories = {
            row["code"]: Limit(row["limit_amount"], LimitUnit(row["limit_unit"]))
            for row in store_limits.read_categories(connection)
        }
        steps = {
            (row["step"], row["category"]): Limit(row["amount"], LimitUnit(row["unit"]))
            for row in store_limits.read_steps(connection)
        }
        return Deadlines(days, categories, steps or DEFAULT_STEPS)


def _checked(
    frame: pd.DataFrame,
    columns: tuple[str, ...],
    faults: Callable[[dict[str, Any]], list[tuple[str, str, str]]],
) -> list[dict[str, Any]]:
    """The rows of `frame` as plain values; raises InputError with the faults of all of them."""
    rows = [
        {name: plain(row[name]) for name in columns} for row in frame.to_dict("records")
    ]
    found = [
        Fault(rule=rule, cure=cure, row=number, field=field, value=str(row[field]))
        for number, row in enumerate(rows, start=1)
        for field, rule, cure in faults(row)
    ]
    if found:
        raise InputError(found)
    return rows


def _refuse_twice(rows: list[dict[str, Any]], key: tuple[str, ...]) -> None:
    seen: set[tuple[Any, ...]] = set()
    found = []
    for number, row in enumerate(rows, start=1):
        value = tuple(row[name] for name in key)
        if value in seen:
            cure = mark("Keep one row of each.")
            found.append(
                Fault(
                    rule=mark("Stands twice"),
                    cure=cure,
                    row=number,
                    field=key[0],
                    value=str(row[key[0]]),
                )
            )
        seen.add(value)
    if found:
        raise InputError(found)


def _step_faults(row: dict[str, Any], known: set[str]) -> list[tuple[str, str, str]]:
    found = []
    row["category"] = str(row["category"] or "").strip()
    if row["step"] not in STEPS:
        found.append(
            (
                "step",
                mark("Unknown step"),
                mark("Use accept, dispatch, handle, verify or heed."),
            )
        )
    if not any(code.startswith(row["category"]) for code in known):
        found.append(
            ("category", mark("Unknown category"), mark("Use a code of the category tree."))
        )
    if row["unit"] not in set(LimitUnit):
        found.append(
            (
                "unit",
                mark("Unknown unit"),
                mark("Use minutes, working_hours, working_days or calendar_days."),
            )
        )
        return found
    try:
        row["amount"] = float(row["amount"])
    except (TypeError, ValueError):
        row["amount"] = math.nan
    if not 0 < row["amount"] <= LONGEST[LimitUnit(row["unit"])]:
        found.append(
            (
                "amount",
                mark("Not a limit"),
                mark("Give an amount above zero, a year at most."),
            )
        )
    return found


def _holiday_faults(row: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    row["note"] = str(row["note"] or "").strip()
    if isinstance(row["day"], str):
        with suppress(ValueError):
            row["day"] = date.fromisoformat(row["day"])
    if not isinstance(row["day"], date) or not date(2004, 1, 1) <= row["day"] <= LAST_DAY:
        found.append(("day", mark("Not a day"), mark("Write the day as 2024-05-21.")))
    if not isinstance(row["working"], bool):
        found.append(
            (
                "working",
                mark("Neither yes nor no"),
                mark("Say whether offices work on this day."),
            )
        )
    if len(row["note"]) > LONGEST_NOTE or "\0" in row["note"]:
        found.append(
            (
                "note",
                mark("Note too long or unreadable"),
                mark("Use at most 200 characters."),
            )
        )
    return found
