"""A kind of record as somebody would add one: playgrounds, inspected until they are safe.

reported --inspect--> inspected --repair--> safe
              ^___________________reopen______|
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import MetaData

from gridmap.cases.records.fields import Flag, Number, Place, Text
from gridmap.cases.records.kinds import Condition, Kind, Move, in_area
from gridmap.cases.records.record import Code, Count, Instant, Person
from gridmap.city.records.room import RecordRoom
from gridmap.model import UserRole as R
from gridmap.store.base.recordstore import Records
from gridmap.store.tables.records import entry_table, record_table


class State(StrEnum):
    REPORTED = "reported"
    INSPECTED = "inspected"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Playground:
    id: int
    area: Code
    title: str
    swings: int = 0
    broken: bool = False
    note: str = ""
    state: State = State.REPORTED
    version: int = 1
    reported_at: Instant = 0
    inspected_by: Person = 0
    repairs: Count = 0
    last_at: Instant = 0


DESK = in_area(R.CLERK, R.CHIEF)
OWN = Condition(
    lambda situation: situation.record.inspected_by in situation.actor.persons,
    "Who inspected it does not call it safe.",
    status=403,
)
PLAYGROUND = Kind(
    name="playground",
    record=Playground,
    states={state: state.value for state in State},
    fields=(
        Place(name="area", label="Place", rule="Not a place", cure="Choose a place."),
        Text(name="title", label="Title", line=True, rule="No title", cure="Give one."),
        Number(
            name="swings",
            label="Swings",
            whole=True,
            most=40,
            rule="Not a number of swings",
            cure="Give a number from 1 to 40.",
        ),
        Flag(name="broken", label="It is", yes="broken", no="whole"),
        Text(name="note", label="Note"),
        Text(name="words", label="Words"),
    ),
    lasting=("area", "title"),
    begins=Move(
        act="report",
        label="Report a playground",
        by=DESK,
        needs=("area", "title"),
        takes=("note",),
        stamps="reported_at",
    ),
    moves=(
        Move(
            act="inspect",
            label="Inspect it",
            by=DESK,
            of=frozenset({State.REPORTED}),
            to=State.INSPECTED,
            needs=("swings", "words"),
            takes=("broken",),
            asks="What was seen",
            leaves=lambda _record, entry: {"inspected_by": entry.actor},
        ),
        Move(
            act="repair",
            label="Call it safe",
            by=DESK,
            of=frozenset({State.INSPECTED}),
            to=State.SAFE,
            unless=(OWN,),
            counts="repairs",
        ),
        Move(
            act="reopen",
            label="Open it again",
            by=DESK,
            of=frozenset({State.SAFE}),
            to=State.REPORTED,
            needs=("words",),
            clears=("inspected_by", "broken"),
        ),
        Move(
            act="remark",
            label="Write a note",
            by=DESK,
            of=frozenset(State),
            needs=("words",),
        ),
    ),
    marks=frozenset({"remark"}),
    not_begun="Playgrounds are reported by the desk of the place.",
    not_yours="Your role may not do this with this playground.",
    not_from_here="As this playground stands, this cannot be done.",
    no_record="There is no such playground.",
)
TABLES = MetaData()
playgrounds = record_table(PLAYGROUND, "playgrounds", indexes=("area",), among=TABLES)
PLAYGROUNDS = Records(
    PLAYGROUND, playgrounds, entry_table(PLAYGROUND, "playground_entries", of=playgrounds)
)


def room_of(city):
    return RecordRoom(
        city._desk, people=city.people, places=city.places, records=PLAYGROUNDS
    )


def page():
    """The page of one playground, or of a new one: the session says which."""
    import streamlit as st  # noqa: PLC0415  (a page is run by itself)
    import toykind  # noqa: PLC0415

    from gridmap.ui import frame, notices  # noqa: PLC0415
    from gridmap.ui.records import form, timeline  # noqa: PLC0415

    shown = frame.start()
    notices.show()
    room, number = toykind.room_of(shown.city), st.session_state.get("toy.number", 0)
    if not number:
        form.add(
            shown,
            room,
            {"area": st.session_state["toy.area"]},
            form.PLAIN,
            then=lambda made: st.session_state.update({"toy.number": made}),
        )
        return
    form.moves(shown, room, room.get(shown.actor, number))
    timeline.history(shown, room, number)
