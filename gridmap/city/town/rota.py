"""The rules of a rota: when a unit is on duty, from when on it is missing, and what a plan
of windows may say.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from gridmap.calendar import TIME_ZONE, WORK_HOURS, to_epoch
from gridmap.errors import Fault
from gridmap.store.town.windows import KINDS, RESIDENT
from gridmap.words import mark

GRACE_MIN = 15
"""Minutes after opening time from which on a window without its unit is missing."""
LONGEST = 40
MOST_WINDOWS = 200


def on_duty(day: date, kind: str, weekdays: Collection[int], *, working: bool) -> bool:
    """Whether a unit planned for `weekdays` (1 Monday to 7 Sunday) is on duty on `day`;
    `working`: offices work then.

    From Monday to Friday on its weekdays, unless the day is a public holiday. At the
    weekend where the plan names the day; on a make-up working weekend resident units are
    all there.
    """
    weekday = day.isoweekday()
    if weekday <= 5:
        return working and weekday in weekdays
    return weekday in weekdays or (working and kind == RESIDENT and bool(weekdays))


def expected_at(day: date) -> int:
    """From when on, Unix seconds, a window without its unit is missing on `day`."""
    opens = datetime(day.year, day.month, day.day, tzinfo=TIME_ZONE) + timedelta(
        hours=WORK_HOURS[0][0]
    )
    return to_epoch(opens + timedelta(minutes=GRACE_MIN))


def name_of(text: str) -> str:
    """`text` as a name: one line without double spaces; empty when it is none or cannot be
    shown.
    """
    name = " ".join(str(text).split())
    return name if len(name) <= LONGEST and name.isprintable() else ""


def tidy(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a plan as typed or edited: window (0: new), names, kind, weekdays
    (sorted, each once).
    """
    return [
        {
            "window": 0 if pd.isna(row.get("window")) else int(row["window"]),
            "platform": name_of(_text(row.get("platform"))),
            "unit": name_of(_text(row.get("unit"))),
            "platform_en": name_of(_text(row.get("platform_en"))),
            "unit_en": name_of(_text(row.get("unit_en"))),
            "kind": _text(row.get("kind")),
            "weekdays": _weekdays(row.get("weekdays")),
        }
        for row in frame.to_dict("records")
    ]


def faults_of(rows: Sequence[dict[str, Any]], *, known: Collection[int]) -> list[Fault]:
    """Everything wrong with the plan of a centre's windows; `known` are its windows so far,
    rows count from 1.
    """
    found = [
        fault
        for number, row in enumerate(rows, start=1)
        for fault in _faults(number, row, known)
    ]
    kept = [row["window"] for row in rows if row["window"]]
    if len(kept) != len(set(kept)):
        found.append(Fault(rule=TWICE, field="window", cure=ADD))
    if len(rows) > MOST_WINDOWS:
        found.append(Fault(rule=TOO_MANY, value=str(len(rows)), cure=SPLIT))
    return found


def _faults(number: int, row: dict[str, Any], known: Collection[int]) -> list[Fault]:
    found = [
        Fault(rule=NO_NAME, row=number, field=field, cure=NAME)
        for field in ("platform", "unit")
        if not row[field]
    ]
    if row["kind"] not in KINDS:
        found.append(
            Fault(rule=NO_KIND, row=number, field="kind", value=row["kind"], cure=KIND)
        )
    if not row["weekdays"] or not set(row["weekdays"]) <= set(range(1, 8)):
        found.append(Fault(rule=NO_DAYS, row=number, field="weekdays", cure=DAYS))
    if row["window"] and row["window"] not in known:
        found.append(
            Fault(
                rule=STRANGE, row=number, field="window", value=str(row["window"]), cure=ADD
            )
        )
    return found


NO_NAME = mark("a name is missing, longer than 40 characters, or unreadable")
NAME = mark("Name the platform and the unit of each window.")
NO_KIND = mark("not a kind of unit")
KIND = mark("Choose resident or rotating.")
NO_DAYS = mark("no weekday")
DAYS = mark("Name the days of the week the unit is on duty, 1 Monday to 7 Sunday.")
STRANGE = mark("not a window of this centre")
TWICE = mark("the same window stands in two rows")
ADD = mark("Add it as a new row.")
TOO_MANY = mark("more windows than a centre can have")
SPLIT = mark("Give at most 200 windows.")


def _text(value: Any) -> str:
    return (
        ""
        if value is None or (not isinstance(value, str) and pd.isna(value))
        else str(value)
    )


def _weekdays(value: Any) -> tuple[int, ...]:
    """Weekdays given as numbers, or as JSON or plain text of them; whatever is no number
    stands as 0.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = value.replace("，", ",").replace("、", ",").split(",")
    if isinstance(value, (int, float)):
        value = [value]
    parts = [str(part).strip() for part in (value if value is not None else [])]
    return tuple(sorted({int(part) if part.isdecimal() else 0 for part in parts if part}))
