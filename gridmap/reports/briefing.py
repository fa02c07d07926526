"""The morning briefing as one printed page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from gridmap import names
from gridmap.city.headquarters.briefing import Briefing, Line
from gridmap.reports.document import WIDTH, Document
from gridmap.words import NONE, Words, mark

LABELS = {
    "reported": mark("New yesterday"),
    "ended": mark("Done with yesterday"),
    "carried": mark("Carried into today"),
    "late": mark("Late now"),
    "newly_late": mark("Became late since yesterday at this time"),
    "whistles_open": mark("Whistles nobody has answered"),
    "whistles_blown": mark("Whistles blown yesterday"),
    "supervised": mark("Under supervision"),
    "vacant": mark("Windows without their unit"),
}
"""What the figures of a briefing are called."""


def title(briefing: Briefing, say: Words) -> str:
    """What stands over the page."""
    return say(
        "Morning briefing of {place}, {day}",
        place=briefing.place,
        day=say.day(briefing.day),
    )


def pdf(briefing: Briefing, say: Words) -> bytes:
    """The page as PDF."""
    document = Document(say)
    content: list[Flowable] = [
        document.text(title(briefing, say), 16, bold=True),
        document.text(
            say(
                "As of {time}. Counted over matters with a journal.",
                time=say.moment(briefing.at),
            ),
            8.5,
            quiet=True,
        ),
        *document.heading(say("What changed since yesterday")),
        _figures(document, briefing),
        *_rises(document, briefing),
        *document.heading(_late_heading(briefing, say)),
        _late(document, briefing),
        *document.heading(
            say("Daily clearing of yesterday: the units that carried out most")
        ),
        _units(document, briefing),
    ]
    return document.one_page(title(briefing, say), content)


def figure(line: Line, say: Words) -> str:
    """A figure with what it is compared with."""
    if line.before < 0:
        return say.exact(line.value)
    return say(
        "{value} (the day before: {before})",
        value=say.exact(line.value),
        before=say.exact(line.before),
    )


def late_rows(briefing: Briefing, say: Words) -> list[list[str]]:
    """The late matters: what and where, how late, unit, responsible person, telephone."""
    rows = []
    for row in briefing.late.to_dict("records"):
        parts = (row["what"], row["where"], row["number"])
        what = "\n".join(part for part in parts if part)
        rows.append(
            [
                what,
                lateness(row, briefing.at, say),
                row["unit_name"],
                _person(row["responsible_name"], say),
                row["phone"] or NONE,
            ]
        )
    return rows


def _person(name: str, say: Words) -> str:
    return names.person(name, say.lang) or NONE


def lateness(row: Mapping[Any, Any], now: int, say: Words) -> str:
    """Since when the matter is late: the limit that passed first."""
    passed = min(limit for limit in (row["step_due_at"], row["due_at"]) if 0 < limit < now)
    return f"{_duration(now - passed, say)}\n{say.time(passed)}"


def _duration(seconds: int, say: Words) -> str:
    hours = seconds // 3600
    if hours < 2:
        return say("{n} min late", n=seconds // 60)
    if hours < 48:
        return say("{n} h late", n=hours)
    return say("{n} d late", n=hours // 24)


def _figures(document: Document, briefing: Briefing) -> Table:
    """Three figures a row, the number large."""
    say = document.say
    cells = [
        [
            document.text(say(LABELS[line.key]), 8.5, quiet=True),
            document.text(figure(line, say), 12, bold=True),
        ]
        for line in briefing.lines
    ]
    return Table(
        [cells[start : start + 3] for start in range(0, len(cells), 3)],
        colWidths=[WIDTH / 3] * 3,
        hAlign="LEFT",
    )


def _rises(document: Document, briefing: Briefing) -> list[Flowable]:
    say = document.say
    if briefing.rises.empty:
        return []
    rises = [
        say(
            "{what}: {count}, usually {usual} a day",
            what=row["what"],
            count=say.exact(row["count"]),
            usual=say.exact(row["usual"], 1),
        )
        for row in briefing.rises.to_dict("records")
    ]
    return [
        Spacer(1, 1 * mm),
        document.text(
            say("More often than usual yesterday: {list}", list="; ".join(rises)), 9
        ),
    ]


def _late_heading(briefing: Briefing, say: Words) -> str:
    shown = len(briefing.late)
    return say(
        "{shown} of {total} late matters, the longest late first",
        shown=shown,
        total=briefing.late_count,
    )


def _late(document: Document, briefing: Briefing) -> Flowable:
    say = document.say
    if briefing.late.empty:
        return document.text(say("Nothing is late."), 9)
    heads = [
        say("Matter"),
        say("Late"),
        say("Unit"),
        say("Responsible"),
        say("Duty telephone"),
    ]
    return document.table(heads, late_rows(briefing, say), (3.4, 1.25, 2, 1, 1.2), size=8)


def _units(document: Document, briefing: Briefing) -> Flowable:
    say = document.say
    if briefing.units.empty:
        return document.text(say("No unit held a matter yesterday."), 9)
    heads = [
        say("Unit"),
        say("Carried in"),
        say("New"),
        say("Done with"),
        say("of these passed on"),
        say("Carried out"),
        say("Oldest"),
    ]
    figures = ("carried_in", "new", "closed", "passed_on", "carried_out")
    rows = [
        [
            row["name"],
            *(say.exact(row[name]) for name in figures),
            say.time(row["oldest_at"]),
        ]
        for row in briefing.units.to_dict("records")
    ]
    return document.table(heads, rows, (3, 0.9, 0.7, 0.9, 1.1, 1, 1.3), size=8)
