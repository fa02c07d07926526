"""What the table of a kind comes to: what is possible, what a move writes, how a record
stands. One engine for every kind of record; nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from gridmap.cases.actors import Actor, Reach
from gridmap.cases.records.fields import Circumstances, Flag
from gridmap.cases.records.kinds import NEEDED, NO_MOVE, Condition, Kind, Move, Situation
from gridmap.cases.records.record import Entry, Order, Record
from gridmap.cases.texts import LEAVE_OUT
from gridmap.errors import (
    Fault,
    GridmapError,
    InputError,
    NotYoursError,
    RefusedError,
    shown,
)
from gridmap.words import mark

UNKNOWN = mark("There is no such field")

R = TypeVar("R", bound=Record)


def may_begin(kind: Kind[Any], actor: Actor, area: int) -> bool:
    """Whether `actor` may make a record of `kind` in the place `area`."""
    reach = kind.begins.by.get(actor.role)
    return reach is Reach.ANYWHERE or (reach is Reach.AREA and actor.covers(area))


def possible(kind: Kind[R], record: R, actor: Actor, *, now: int) -> tuple[str, ...]:
    """The acts `actor` could do at `now`, in the order of the table."""
    at = max(now, record.last_at)
    return tuple(
        move.act
        for move in kind.by_role[actor.role]
        if _closed(kind, move, record, actor) is None
        and not any(
            condition.holds(Situation(record, actor, at, Order(move.act)))
            for condition in move.unless
        )
    )


def faults(
    kind: Kind[Any], order: Order, circumstances: Circumstances, *, begins: bool = False
) -> list[Fault]:
    """Everything wrong with what `order` says, each fault once.

    What a move needs and does not get is a fault where it `begins` a record or insists; else
    it is a refusal, since it depends on how the record stands which moves there are.
    """
    move = kind.begins if begins else kind.table.get(str(order.act))
    if move is None:
        return []
    found = [
        *_unknown_faults(kind, order),
        *_field_faults(kind, move, order, circumstances, insists=begins or move.insists),
        *kind.checks(order, circumstances),
    ]
    return list(dict.fromkeys(found))


def _unknown_faults(kind: Kind[Any], order: Order) -> Iterator[Fault]:
    """Names that no field has: a misspelt one is seen, not left out in silence."""
    for name in order.values:
        if name not in kind.field:
            yield Fault(rule=UNKNOWN, field=shown(name, 40), cure=LEAVE_OUT)


def _field_faults(
    kind: Kind[Any],
    move: Move[Any],
    order: Order,
    circumstances: Circumstances,
    *,
    insists: bool,
) -> Iterator[Fault]:
    for declared in kind.carried(move, order):
        value = order.get(declared.name)
        if declared.given(value):
            yield from declared.faults(value, circumstances)
        elif insists and declared.name in move.needs:
            yield declared.missing()


def begin(
    kind: Kind[Any], actor: Actor, order: Order, *, now: int, context: Any = None
) -> Entry:
    """The first entry of a record that is made at `now`; `order` has been looked through
    by `faults`, and `may_begin` asked.
    """
    data = said(kind, kind.begins, order)
    situation: Situation[Any] = Situation(None, actor, now, order, context)
    decided = kind.begins.then(situation)
    return Entry(
        1, kind.begins.act, now, actor.user, {**data, **decided, **_stood_in(actor)}
    )


def decide(
    kind: Kind[R], record: R, actor: Actor, order: Order, *, now: int, context: Any = None
) -> Entry:
    """The entry that `order`, given at `now`, writes. Raises RefusedError with the reason
    and what is possible instead, InputError where it lies with what is said.

    Time never runs backwards in a journal: a clock behind the last line stands at it.
    """
    at = max(now, record.last_at)
    situation = Situation(record, actor, at, order, context)
    move = kind.table.get(str(order.act))
    if move is None:
        raise RefusedError(NO_MOVE, possible=possible(kind, record, actor, now=now))
    refusal = _refusal(kind, move, situation)
    if refusal is not None:
        raise _error(refusal, possible(kind, record, actor, now=now))
    data = said(kind, move, order)
    state = move.after(record.state)
    if state is not record.state:
        data[kind.stands] = state.value
    data |= move.then(situation)
    data |= kind.concludes(situation, data)
    return Entry(record.version + 1, move.act, at, actor.user, data | _stood_in(actor))


def said(kind: Kind[Any], move: Move[Any], order: Order) -> dict[str, Any]:
    """What `order` says of the fields that mean something to `move`, as JSON values.

    A question of yes or no that the move asks is answered no where nothing is said.
    """
    data: dict[str, Any] = {}
    values = order.values
    for declared in kind.carried(move, order):
        value = values.get(declared.name)
        if declared.given(value) or isinstance(declared, Flag):
            data[declared.name] = declared.keep(value)
    return data


def replay(kind: Kind[R], number: int, entries: Iterable[Entry]) -> R:
    """The record its journal tells of. Raises ValueError when the journal is empty or has
    a hole.
    """
    record: R | None = None
    for after in stages(kind, number, entries):
        record = after
    if record is None:
        raise ValueError(f"{kind.name} {number} has no journal.")
    return record


def stages(kind: Kind[R], number: int, entries: Iterable[Entry]) -> Iterator[R]:
    """How the record stood after each entry of its journal. Raises ValueError at a hole."""
    record: R | None = None
    for entry in entries:
        record = apply(kind, record, entry) if record else begun(kind, number, entry)
        yield record


def begun(kind: Kind[R], number: int, first: Entry) -> R:
    """The record as its first entry makes it."""
    values = _carried(kind, first)
    values |= {kind.number: number, "version": 1, "last_at": first.at}
    record = kind.record(**values)
    return kind.record(**values | _left(kind, kind.begins, record, first))


def apply(kind: Kind[R], record: R, entry: Entry) -> R:
    """`record` after `entry`; whether it was allowed has been decided before it was written."""
    if entry.number != record.version + 1:
        raise ValueError(
            f"Entry {entry.number} does not follow {record.version} of "
            f"{kind.name} {record.id}."
        )
    move = kind.table.get(entry.act)
    changes = {} if move is None else _left(kind, move, record, entry)
    changes = _carried(kind, entry) | changes
    changes |= {"version": entry.number, "last_at": max(record.last_at, entry.at)}
    after = kind.changed(record, changes)
    settled = kind.settles(record, after, entry)
    return kind.changed(after, settled) if settled else after


def _carried(kind: Kind[Any], entry: Entry) -> dict[str, Any]:
    """What an entry says of attributes of the record."""
    casts = kind.casts
    return {name: casts[name](value) for name, value in entry.data.items() if name in casts}


def _left(kind: Kind[R], move: Move[R], record: R, entry: Entry) -> dict[str, Any]:
    """What a move leaves on the record beside what its entry says."""
    changes: dict[str, Any] = {name: kind.defaults[name] for name in move.clears}
    if kind.stands not in entry.data:
        changes[kind.stands] = move.after(record.state)
    if move.stamps:
        changes[move.stamps] = entry.at
    if move.signs:
        changes[move.signs] = entry.actor
    if move.counts:
        changes[move.counts] = getattr(record, move.counts) + 1
    return changes | dict(move.leaves(record, entry))


Refusal = tuple[str, int, dict[str, Any]]
"""The words, the status, and what fills the words; of a fault (422), the rest of it."""


def _error(refusal: Refusal, instead: tuple[str, ...]) -> GridmapError:
    words, status, values = refusal
    if status == InputError.status:
        return InputError(Fault(rule=words, **values))
    refused = NotYoursError if status == NotYoursError.status else RefusedError
    return refused(words, possible=instead, status=status, **values)


def _refusal(kind: Kind[R], move: Move[R], situation: Situation[R]) -> Refusal | None:
    """What stands against the order, the first thing there is."""
    against = _closed(kind, move, situation.record, situation.actor)
    against = against or _first(move.unless, situation)
    if against is not None:
        return against
    missing = _missing(kind, move, situation.order)
    if missing:
        return NEEDED, 409, {"fields": ", ".join(missing)}
    return _first(move.not_when, situation)


def _closed(kind: Kind[R], move: Move[R], record: R, actor: Actor) -> Refusal | None:
    """Why a move is not open to `actor` at all, as the record stands."""
    reach = move.by.get(actor.role)
    if reach is None or not kind.reached(actor, record, reach):
        return kind.not_yours, 403, {}
    if record.state not in move.sources(reach):
        return kind.not_from.get(record.state, kind.not_from_here), 409, {}
    return None


def _first(conditions: Iterable[Condition[R]], situation: Situation[R]) -> Refusal | None:
    for condition in conditions:
        if not condition.holds(situation):
            continue
        if not condition.field:
            return condition.words, condition.status, {}
        value = shown(situation.order.get(condition.field))
        fault = {"field": condition.field, "value": value, "cure": condition.cure}
        return condition.words, InputError.status, fault
    return None


def _missing(kind: Kind[Any], move: Move[Any], order: Order) -> list[str]:
    """The fields a move needs and does not get, by name."""
    if not move.needs:
        return []
    return sorted(
        declared.name
        for declared in kind.carried(move, order)
        if declared.name in move.needs and not declared.given(order.get(declared.name))
    )


def _stood_in(actor: Actor) -> dict[str, int]:
    return {"instead_of": actor.instead_of} if actor.instead_of else {}
