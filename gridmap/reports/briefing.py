"""The morning briefing as one printed page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from gridmap import names
from gridmap.city.headquarters.briefing import Briefing, Line
from gridmap.reports.sheet import WIDTH, Sheet
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
    sheet = Sheet(say)
    content: list[Flowable] = [
        sheet.text(title(briefing, say), 16, bold=True),
        sheet.text(
            say(
                "As of {time}. Counted over matters with a journal.",
                time=say.moment(briefing.at),
            ),
            8.5,
            quiet=True,
        ),
        *sheet.heading(say("What changed since yesterday")),
        _figures(sheet, briefing),
        *_rises(sheet, briefing),
        *sheet.heading(_late_heading(briefing, say)),
        _late(sheet, briefing),
        *sheet.heading(say("Daily clearing of yesterday: the units that carried out most")),
        _units(sheet, briefing),
    ]
    return sheet.one_page(title(briefing, say), content)


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
        what = "\n".join(
            part for part in (row["what"], row["where"], row["number"]) if part
        )
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
    hours = (now - passed) // 3600
    told = (
        say("{n} min late", n=(now - passed) // 60)
        if hours < 2
        else say("{n} h late", n=hours)
        if hours < 48
        else say("{n} d late", n=hours // 24)
    )
    return f"{told}\n{say.time(passed)}"


def _figures(sheet: Sheet, briefing: Briefing) -> Table:
    """Three figures a row, the number large."""
    say = sheet.say
    cells = [
        [
            sheet.text(say(LABELS[line.key]), 8.5, quiet=True),
            sheet.text(figure(line, say), 12, bold=True),
        ]
        for line in briefing.lines
    ]
    return Table(
        [cells[start : start + 3] for start in range(0, len(cells), 3)],
        colWidths=[WIDTH / 3] * 3,
        hAlign="LEFT",
    )


def _rises(sheet: Sheet, briefing: Briefing) -> list[Flowable]:
    say = sheet.say
    if briefing.rises.empty:
        return []
    told = [
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
        sheet.text(say("More often than usual yesterday: {list}", list="; ".join(told)), 9),
    ]


def _late_heading(briefing: Briefing, say: Words) -> str:
    shown = len(briefing.late)
    return say(
        "{shown} of {total} late matters, the longest late first",
        shown=shown,
        total=briefing.late_count,
    )


def _late(sheet: Sheet, briefing: Briefing) -> Flowable:
    say = sheet.say
    if briefing.late.empty:
        return sheet.text(say("Nothing is late."), 9)
    heads = [
        say("Matter"),
        say("Late"),
        say("Unit"),
        say("Responsible"),
        say("Duty telephone"),
    ]
    return sheet.table(heads, late_rows(briefing, say), (3.4, 1.25, 2, 1, 1.2), size=8)


def _units(sheet: Sheet, briefing: Briefing) -> Flowable:
    say = sheet.say
    if briefing.units.empty:
        return sheet.text(say("No unit held a matter yesterday."), 9)
    heads = [
        say("Unit"),
        say("Carried in"),
        say("New"),
        say("Done with"),
        say("of these passed on"),
        say("Carried out"),
        say("Oldest"),
    ]
    rows = [
        [
            row["name"],
            *(
                say.exact(row[name])
                for name in ("carried_in", "new", "closed", "passed_on", "carried_out")
            ),
            say.time(row["oldest_at"]),
        ]
        for row in briefing.units.to_dict("records")
    ]
    return sheet.table(heads, rows, (3, 0.9, 0.7, 0.9, 1.1, 1, 1.3), size=8)
