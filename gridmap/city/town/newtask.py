"""`NewTask`: visits, checks or law popularisation asked of grids, and everything that can
be wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gridmap.cases.texts import LONGEST_LINE, LONGEST_TEXT, text_faults
from gridmap.errors import Fault
from gridmap.words import mark

MOST_QUESTIONS = 20
LATEST_S = 366 * 86_400

NO_KIND = mark("Not a kind of task")
GIVE_KIND = mark("Choose visit, hazard check or law popularisation.")
NO_TITLE = mark("A task without a title")
GIVE_TITLE = mark("Say in a few words what is asked.")
NO_AREA = mark("Not a place of the city")
GIVE_AREA = mark("Choose one or more places; each counts grid by grid.")
BAD_QUESTIONS = mark("Not a checklist")
GIVE_QUESTIONS = mark("Give one to 20 questions that are answered with yes or no.")
BAD_DUE = mark("Not a time by which it can be done")
GIVE_DUE = mark("Choose a time ahead, within a year.")


class TaskKind(StrEnum):
    """What is asked."""

    VISIT = "visit"
    HAZARD_CHECK = "hazard_check"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task: `areas` places of any level, `checklist` questions answered with yes or no,
    `due_at` in Unix seconds.
    """

    kind: str
    title: str
    areas: tuple[int, ...]
    checklist: tuple[str, ...]
    due_at: int
    text: str = ""
    client_id: str = ""


def faults_of(new: NewTask, *, known: Callable[[int], bool], now: int) -> Iterator[Fault]:
    """Everything wrong with `new` at `now`."""
    if new.kind not in set(TaskKind):
        yield Fault(rule=NO_KIND, field="kind", value=new.kind, cure=GIVE_KIND)
    if not new.title.strip():
        yield Fault(rule=NO_TITLE, field="title", cure=GIVE_TITLE)
    yield from text_faults("title", new.title, LONGEST_LINE)
    yield from text_faults("text", new.text, LONGEST_TEXT)
    unknown = [str(area) for area in new.areas if not known(area)]
    if unknown or not new.areas:
        yield Fault(rule=NO_AREA, field="areas", value=", ".join(unknown), cure=GIVE_AREA)
    asked = [question for question in new.checklist if question.strip()]
    if not 1 <= len(asked) <= MOST_QUESTIONS:
        yield Fault(
            rule=BAD_QUESTIONS,
            field="checklist",
            value=str(len(asked)),
            cure=GIVE_QUESTIONS,
        )
    for question in asked:
        yield from text_faults("checklist", question, LONGEST_LINE)
    if not now < new.due_at <= now + LATEST_S:
        yield Fault(rule=BAD_DUE, field="due_at", value=str(new.due_at), cure=GIVE_DUE)
