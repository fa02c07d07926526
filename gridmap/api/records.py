"""Records of any kind: what they are, how one stands, making one, moving one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path

from gridmap.api.answers import (
    RecordEntry,
    RecordField,
    RecordKind,
    RecordMade,
    RecordMove,
    RecordStanding,
)
from gridmap.api.auth import Caller, SignedIn
from gridmap.api.door import AtDoor, Door, Spoken
from gridmap.api.replies import problems
from gridmap.api.requests import NewAct, NewRecord
from gridmap.cases.records.fields import Field
from gridmap.cases.records.kinds import Move
from gridmap.cases.records.record import Order
from gridmap.city.records.room import RecordRoom
from gridmap.errors import NotFoundError
from gridmap.words import Words, mark

router = APIRouter(prefix="/records", tags=["records"])

NO_KIND = mark("There is no such kind of record.")

KindName = Annotated[str, Path(max_length=40, description="contract, deliberation, …")]
RecordNumber = Annotated[int, Path(ge=1, le=2**53)]


@router.get(
    "/{kind}",
    summary="What a kind of records is",
    responses=problems(401, 404, 422, 503),
)
def described(
    kind: KindName,
    caller: SignedIn,  # noqa: ARG001  (only for who holds a key)
    at: AtDoor,
    lang: Spoken,
) -> RecordKind:
    """The states, fields and moves of a kind, as they are declared."""
    declared, say = _room(at, kind).kind, Words(lang)
    return RecordKind(
        kind=declared.name,
        states={str(state): say(words) for state, words in declared.states.items()},
        fields=[_field(field, say) for field in declared.fields],
        begins=_move(declared.begins, say),
        moves=[_move(move, say) for move in declared.moves],
    )


@router.post(
    "/{kind}",
    status_code=201,
    summary="Make a record",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def make(kind: KindName, given: NewRecord, caller: SignedIn, at: AtDoor) -> RecordMade:
    """Make a record; sent again under its client id it is the one there is."""
    room = _room(at, kind)
    order = Order(str(room.kind.begins.act), **given.values)
    number = room.add(caller.actor, order, client_id=given.client_id)
    return RecordMade(kind=room.kind.name, number=number)


@router.get(
    "/{kind}/{number}",
    summary="How a record stands",
    responses=problems(401, 403, 404, 422, 503),
)
def standing(
    kind: KindName, number: RecordNumber, caller: SignedIn, at: AtDoor
) -> RecordStanding:
    """How the record stands, and what the holder of the key may do with it."""
    room = _room(at, kind)
    return _standing(room, caller, room.get(caller.actor, number))


@router.get(
    "/{kind}/{number}/entries",
    summary="The journal of a record",
    responses=problems(401, 403, 404, 422, 503),
)
def entries(
    kind: KindName, number: RecordNumber, caller: SignedIn, at: AtDoor
) -> list[RecordEntry]:
    """Everything that was done with the record, oldest first."""
    table = _room(at, kind).history(caller.actor, number)
    return [RecordEntry.model_validate(row) for row in table.to_dict("records")]


@router.post(
    "/{kind}/{number}/entries",
    summary="Move a record",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def act(
    kind: KindName, number: RecordNumber, given: NewAct, caller: SignedIn, at: AtDoor
) -> RecordStanding:
    """Do something with a record that was seen at `version`.

    When somebody else was faster, the answer is 409 and says what they did (`since`); when
    the rules do not allow it, it says what is possible.
    """
    room = _room(at, kind)
    order = Order(given.act, **given.values)
    record = room.act(caller.actor, number, order, version=given.version)
    return _standing(room, caller, record)


def _room(at: Door, kind: str) -> RecordRoom[Any]:
    room = at.city.records.get(kind)
    if room is None:
        raise NotFoundError(NO_KIND)
    return room


def _standing(room: RecordRoom[Any], caller: Caller, record: Any) -> RecordStanding:
    values = asdict(record)
    return RecordStanding(
        kind=room.kind.name,
        number=values.pop("id"),
        version=values.pop("version"),
        state=str(values.pop("state")),
        values=values,
        moves=[str(act) for act in room.possible(caller.actor, record.id)],
    )


def _field(field: Field, say: Words) -> RecordField:
    words = getattr(field, "words", {})
    return RecordField(
        name=field.name,
        label=say(field.label),
        type=type(field).__name__.lower(),
        unit=getattr(field, "unit", ""),
        options={str(option): say(text) for option, text in words.items()},
        cure=say(field.cure) if field.cure else "",
    )


def _move(move: Move[Any], say: Words) -> RecordMove:
    return RecordMove(
        act=str(move.act),
        label=say(move.label),
        needs=list(move.needs),
        takes=list(move.takes),
    )
