"""The minutes of a joint-judgement session as a document: PDF, since it is signed and
filed, not edited.
"""

from __future__ import annotations

from typing import Any

from reportlab.platypus import Flowable, Spacer

from gridmap import names
from gridmap.cases.sessions import ORDER, SESSION, STATES
from gridmap.city.headquarters.sessions import Minutes
from gridmap.reports.document import Document
from gridmap.words import NONE, Words


def pdf(record: Minutes, say: Words, *, people: dict[int, str], place: str) -> bytes:
    """The minutes; `people` are names by user number, `place` the name of the session's area."""
    document, head = Document(say), record.head
    name = _namer(people, say)
    content: list[Flowable] = [
        document.text(say("Minutes: {title}", title=head.title), 16, bold=True),
        document.text(
            say(
                "{place} · opened {time} by {person} · {state}",
                place=place,
                time=say.moment(head.opened_at),
                person=name(head.opened_by),
                state=say(STATES[head.state]),
            ),
            9,
            quiet=True,
        ),
        Spacer(1, 6),
        document.text(say("Present: {roles}", roles=say.listing(list(head.roles))), 9.5),
        *document.heading(say("Matters judged together")),
        _matters(document, record),
        *document.heading(say("Tasks given")),
        _tasks(document, record, name),
        *document.heading(say("Decision")),
        _decision(document, record, name),
        *document.heading(say("Record")),
        _lines(document, record, name),
    ]
    return document.pages(say("Minutes: {title}", title=head.title), content)


def _namer(people: dict[int, str], say: Words) -> Any:
    def name(user: int) -> str:
        return names.person(people.get(int(user), ""), say.lang) or NONE

    return name


def _matters(document: Document, record: Minutes) -> Flowable:
    say = document.say
    if record.matters.empty:
        return document.text(say("No matter was on the list."), 9)
    rows = [
        [row["number"] or str(row["matter"]), row["judgement"] or NONE]
        for row in record.matters.to_dict("records")
    ]
    return document.table([say("Case number"), say("Judgement")], rows, (1.2, 3), size=9)


def _tasks(document: Document, record: Minutes, name: Any) -> Flowable:
    say = document.say
    if record.tasks.empty:
        return document.text(say("No task was given."), 9)
    numbers = _case_numbers(record)
    rows = [
        [
            numbers.get(row["matter"]) or str(row["matter"]),
            "\n".join(part for part in (row["group_name"], row["office_name"]) if part),
            row["task"],
            say.time(row["due_at"]),
            followed(row, say, name),
        ]
        for row in record.tasks.to_dict("records")
    ]
    heads = [
        say("Case number"),
        say("Group and unit"),
        say("Task"),
        say("Due"),
        say("What came of it"),
    ]
    return document.table(heads, rows, (1.5, 1.5, 2, 1, 2))


def _case_numbers(record: Minutes) -> dict[int, str]:
    matters = record.matters
    return dict(zip(matters["matter"].tolist(), matters["number"], strict=True))


def followed(row: dict[Any, Any], say: Words, name: Any) -> str:
    """How a task stands."""
    if not row["answered_at"]:
        return say("not answered yet")
    answer = say(
        "{time}, {person}: {words}",
        time=say.time(row["answered_at"]),
        person=name(row["answered_by"]),
        words=row["answer"],
    )
    accepted = say("accepted {time}", time=say.time(row["done_at"]))
    return f"{answer}\n{accepted}" if row["done_at"] else answer


def _decision(document: Document, record: Minutes, name: Any) -> Flowable:
    say, head = document.say, record.head
    if not head.decision:
        return document.text(say("Not decided yet."), 9)
    signed = say(
        "{person}, {time}", person=name(head.closed_by), time=say.moment(head.closed_at)
    )
    return document.text(f"{head.decision}\n{signed}", 9.5)


def _lines(document: Document, record: Minutes, name: Any) -> Flowable:
    say = document.say
    numbers = _case_numbers(record)
    rows = [
        [
            say.time(row["at"]),
            name(row["by"]),
            say(line(row["kind"])),
            line_words(row["data"], numbers, say),
        ]
        for row in record.lines.to_dict("records")
    ]
    return document.table(
        [say("Time"), say("Who"), say("What"), say("Words")], rows, (1, 0.8, 1.2, 3)
    )


def line(kind: str) -> str:
    """What a line of the record is called."""
    return ORDER.line(kind) if kind in ORDER.table else SESSION.line(kind)


def line_words(data: dict[str, Any], numbers: dict[int, str], say: Words) -> str:
    """The words of a line of the record."""
    listed = [*data.get("matters", ())]
    if "matter" in data:
        listed.append(data["matter"])
    matters = [numbers.get(matter) or str(matter) for matter in listed]
    words = [data[key] for key in ("task", "words", "decision", "reason") if data.get(key)]
    until = [say("until {time}", time=say.time(data["until"]))] if "until" in data else []
    return " · ".join([*matters, *words, *until])
