"""Grids nobody has seen for long, and grids too quiet to be true."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.figure import Ask, Column, Columns, Figure
from gridmap.city.look.flagged import (
    DAYS_UNSEEN,
    count_flagged,
    list_flagged,
    seen_on,
)
from gridmap.city.look.silence import silence_on
from gridmap.insight.areas import Real
from gridmap.settings import Settings
from gridmap.words import Words, mark

SILENT_STEP_DAYS = 7


def _unseen(ask: Ask) -> npt.NDArray[np.bool_]:
    days = seen_on(ask.desk, ask.data).days_unseen
    return np.asarray(days >= ask.desk.settings.visit_days)


def unseen(ask: Ask) -> Columns:
    """Grids neither reported from nor visited for `settings.visit_days`."""
    return count_flagged(ask, _unseen(ask), "unseen")


def unseen_cases(ask: Ask) -> pd.DataFrame:
    """Those grids, unseen longest on top: code, days_unseen, last_report, last_visit (dates
    or NaT).
    """
    rows, seen = list_flagged(ask, _unseen(ask)), seen_on(ask.desk, ask.data)
    table = pd.DataFrame(
        {
            "code": ask.data.grids.codes[rows],
            "days_unseen": seen.days_unseen[rows],
            "last_report": _dates(seen.reported[rows]),
            "last_visit": _dates(seen.visited[rows]),
        }
    )
    return table.sort_values(
        ["days_unseen", "code"], ascending=[False, True], ignore_index=True
    )


def silent(ask: Ask) -> Columns:
    """Grids judged silent on the last day asked about."""
    judged = silence_on(ask.desk, ask.data, ask.selection.last_day)
    return count_flagged(ask, judged.silent, "silent")


def silent_course(ask: Ask) -> Real:
    """Silent grids on each day, judged week by week up to the last and drawn through."""
    first, last = ask.selection.first_day, ask.selection.last_day
    days = range(first, last + 1)
    points = [day for day in days if (last - day) % SILENT_STEP_DAYS == 0]
    known = [_silent_on(ask, day) for day in points]
    return np.interp(list(days), points, known)


def _silent_on(ask: Ask, day: int) -> float:
    facts = ask.data.facts
    if not len(facts) or day < facts.first_day:
        return float("nan")
    judged = silence_on(ask.desk, ask.data, day)
    return float(ask.total(judged.silent.astype(np.int64))[0])


def silent_cases(ask: Ask) -> pd.DataFrame:
    """Those grids, the least probable on top: code, observed, expected, ratio, probability,
    visited, window_days.
    """
    judged = silence_on(ask.desk, ask.data, ask.selection.last_day)
    rows, seen = list_flagged(ask, judged.silent), seen_on(ask.desk, ask.data)
    table = pd.DataFrame(
        {
            "code": ask.data.grids.codes[rows],
            "observed": judged.observed[rows],
            "expected": judged.expected[rows],
            "ratio": judged.observed[rows] / judged.expected[rows],
            "probability": judged.probability[rows],
            "visited": seen.visited[rows] > judged.last_day - judged.window_days,
            "window_days": judged.window_days,
        }
    )
    return table.sort_values(["probability", "code"], ignore_index=True)


def _dates(days: npt.NDArray[Any]) -> npt.NDArray[np.datetime64]:
    """Day numbers as dates; 0, never, as NaT."""
    return np.where(
        days > 0, days.astype("datetime64[D]"), np.datetime64("NaT", "D")
    ).astype("datetime64[s]")


def _about_unseen(say: Words, settings: Settings) -> str:
    return say.plural(
        "Grids neither reported from nor visited for {n} day or longer.",
        "Grids neither reported from nor visited for {n} days or longer.",
        settings.visit_days,
    )


def _about_silent(say: Words, settings: Settings) -> str:
    return say(
        "Grids with less than {share} of the reports that population, kind and season "
        "lead one to expect, "
        "and improbably few.",
        share=say.percent(settings.silent_ratio, 0),
    )


UNSEEN = Figure(
    "unseen",
    mark("Not seen lately"),
    unseen,
    "unseen",
    "grids",
    "share",
    unit=mark("grids"),
    scheme="lack",
    standing=True,
    about=_about_unseen,
    cases=unseen_cases,
    columns=(
        DAYS_UNSEEN,
        Column("last_report", mark("Last report"), "day"),
        Column("last_visit", mark("Last visit"), "day"),
    ),
    mapped="days_unseen",
)
SILENT = Figure(
    "silent",
    mark("Silent grids"),
    silent,
    "silent",
    "grids",
    unit=mark("grids"),
    scheme="lack",
    standing=True,
    short=mark("Silent"),
    course=silent_course,
    about=_about_silent,
    cases=silent_cases,
    columns=(
        Column("observed", mark("Reports")),
        Column("expected", mark("Expected"), "tenth"),
        Column("visited", mark("Visited"), "flag"),
    ),
)
