"""`Kind`: a kind of record, declared once: its fields, its states, the table of its moves.

The table is the documentation: a line says from which states a move leads where, who may
make it, what has to be said with it, what stands against it and what it leaves behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import Enum
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

from gridmap.cases.actors import Actor, Reach
from gridmap.cases.records.fields import Circumstances, Field
from gridmap.cases.records.record import Entry, Order, Record
from gridmap.errors import Fault
from gridmap.model import UserRole
from gridmap.words import mark

NEEDED = mark("This move needs: {fields}.")
NO_MOVE = mark("There is no such move.")

R = TypeVar("R", bound=Record)


class Situation(NamedTuple, Generic[R]):
    """What a rule is asked about: the record as it stands, who acts, when (Unix seconds),
    and what they order; `context` is what a kind's consequences need beside (clocks).
    """

    record: R
    actor: Actor
    at: int
    order: Order
    context: Any = None


@dataclass(frozen=True)
class Condition(Generic[R]):
    """Something that stands against a move where `holds`; its `words` are the refusal.

    `status` is 403 where it lies with the person, 409 where it lies with the record. Where it
    lies with what is said in a `field`, it is a fault of the order, with its `cure`.
    """

    holds: Callable[[Situation[R]], bool]
    words: str
    status: int = 409
    field: str = ""
    cure: str = ""


def in_area(*roles: UserRole) -> dict[UserRole, Reach]:
    """Who may: people of these roles, in a place they answer for."""
    return dict.fromkeys(roles, Reach.AREA)


def anything(_situation: Situation[Any]) -> Mapping[str, Any]:
    """No consequence beside what was said."""
    return {}


def nothing_more(
    _situation: Situation[Any], _decided: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Nothing follows from what was decided."""
    return {}


def by_area_alone(_actor: Actor, _record: Any, _reach: Reach) -> bool:
    """Nobody is reached but by the place they answer for."""
    return False


def nothing(_record: Any, _entry: Entry) -> Mapping[str, Any]:
    """Nothing left on the record beside what the entry says."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Move(Generic[R]):
    """One line of the table.

    Who (`by`), from which states (`of`) to which (`to`; None: it stays). `instead` names
    states from which it leads elsewhere, `narrows` the states for who may only because of
    how they stand to the record (its reporter). What has to be said (`needs`) and what may
    be said beside (`takes`), by names of fields; what is needed and not said is refused, or
    where the move `insists` a fault of the order with its cure.
    `unless`: what stands against it as things are; `not_when`: what stands against what is
    ordered. `then`: what is decided beside what was said, written into the entry. What an
    entry leaves on the record: the fields it carries, `stamps` an instant, `signs` who did
    it, `counts` one up, `clears` attributes to what they are at first, and `leaves` the rest.
    `label` is what a button says, `line` what the journal calls it where that is not the
    label, `asks` what is asked for in the field of words.
    """

    act: str
    label: str
    by: Mapping[UserRole, Reach]
    of: frozenset[Any] = frozenset()
    to: Any = None
    instead: Mapping[Any, Any] = field(default_factory=dict)
    narrows: Mapping[Reach, frozenset[Any]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    insists: bool = False
    unless: tuple[Condition[R], ...] = ()
    not_when: tuple[Condition[R], ...] = ()
    then: Callable[[Situation[R]], Mapping[str, Any]] = anything
    stamps: str = ""
    signs: str = ""
    counts: str = ""
    clears: tuple[str, ...] = ()
    leaves: Callable[[R, Entry], Mapping[str, Any]] = nothing
    asks: str = ""
    line: str = ""

    def sources(self, reach: Reach) -> frozenset[Any]:
        """The states in which it may be made by who stands to the record as `reach` says."""
        return self.narrows.get(reach, self.of)

    def after(self, state: Any) -> Any:
        """The state it leads to from `state`."""
        return self.instead.get(state, state if self.to is None else self.to)


Checks = Callable[[Order, Circumstances], Iterator[Fault]]
Clashes = Callable[[Entry, Order], bool]


def no_checks(_order: Order, _circumstances: Circumstances) -> Iterator[Fault]:
    """Nothing to find beyond what each field finds for itself."""
    return iter(())


def always(_entry: Entry, _order: Order) -> bool:
    """Whatever was done meanwhile, somebody who did not see it looks again."""
    return True


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[R]):
    """A kind of record by `name`, kept as values of the class `record`.

    `begins` is the move that makes one, `moves` the table in the order in which pages offer
    them. `title` is what many of them are called on a page, `plural` in the database (the
    name with an s). `number`, `stands`, `place`: the attributes that hold the number of a
    record, its state, and where it belongs. `reaches`: how somebody stands to a record
    beside answering for its place. `remark`: the field of words that may come with every
    move, `beside`: other fields that may. `lasting`: what stays as it was begun, and so
    tells a record sent twice from another one. `marks`: acts that nobody's order is stale
    because of; `clashes`: whether an order is stale because of another entry. `checks`:
    faults that lie between fields. `concludes`: what follows from what was decided,
    whatever the move, and is written into the entry; `settles`: what a change leaves on the
    record, whatever the move. `not_yours`, `not_from_here`, `no_record`: the refusals;
    `not_from`: what is told instead of `not_from_here` in a state.
    """

    name: str
    record: type[R]
    fields: tuple[Field, ...]
    states: Mapping[Any, str]
    begins: Move[R]
    moves: tuple[Move[R], ...]
    not_yours: str
    not_from_here: str
    no_record: str
    not_begun: str
    number: str = "id"
    stands: str = "state"
    title: str = ""
    plural: str = ""
    place: str = "area"
    reaches: Callable[[Actor, R, Reach], bool] = by_area_alone
    remark: str = "words"
    beside: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    clashes: Clashes = always
    checks: Checks = no_checks
    not_from: Mapping[Any, str] = field(default_factory=dict)
    concludes: Callable[[Situation[R], Mapping[str, Any]], Mapping[str, Any]] = nothing_more
    settles: Callable[[R, R, Entry], Mapping[str, Any]] = field(
        default=lambda _before, _after, _entry: {}
    )

    @property
    def table_name(self) -> str:
        """What the table of how records stand is called in the database."""
        return self.plural or f"{self.name}s"

    @cached_property
    def table(self) -> Mapping[str, Move[R]]:
        """The moves by their acts."""
        return {str(move.act): move for move in self.moves}

    @cached_property
    def by_role(self) -> Mapping[UserRole, tuple[Move[R], ...]]:
        """The moves each role may make somewhere, in the order of the table."""
        return {
            role: tuple(move for move in self.moves if role in move.by) for role in UserRole
        }

    @cached_property
    def field(self) -> Mapping[str, Field]:
        """The fields by their names."""
        return {declared.name: declared for declared in self.fields}

    @cached_property
    def types(self) -> Mapping[str, Any]:
        """The types of the record's attributes, by name, with what they say beside."""
        hints = get_type_hints(self.record, include_extras=True)
        return {attribute.name: hints[attribute.name] for attribute in fields(self.record)}  # type: ignore[arg-type]

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """What the attributes are at first, by name, where the record's class says it."""
        return {
            attribute.name: attribute.default
            for attribute in fields(self.record)  # type: ignore[arg-type]
            if attribute.default is not MISSING
        }

    def label(self, act: str) -> str:
        """What `act` is called; the act itself where no table has it (any more)."""
        move = self._move(act)
        return move.label if move else str(act)

    def line(self, act: str) -> str:
        """What the journal calls `act`; the act itself where no table has it (any more)."""
        move = self._move(act)
        return (move.line or move.label) if move else str(act)

    def asks(self, act: str) -> str:
        """What `act` asks for in the field of words, "" for the field's own label."""
        move = self._move(act)
        return move.asks if move else ""

    def _move(self, act: str) -> Move[R] | None:
        begins = self.begins if act == self.begins.act else None
        return self.table.get(str(act), begins)

    def area(self, record: R) -> int:
        """The code of the place a record belongs to."""
        return int(getattr(record, self.place))

    def reached(self, actor: Actor, record: R, reach: Reach) -> bool:
        """Whether `actor` stands to `record` as `reach` asks."""
        if reach is Reach.ANYWHERE:
            return True
        if reach is Reach.AREA:
            return actor.covers(self.area(record))
        return self.reaches(actor, record, reach)

    def speaks_of(self, move: Move[R]) -> tuple[Field, ...]:
        """The fields that may mean something to a move, as they are declared."""
        if move is self.begins:
            return self._first_fields
        return self._fields_by_act[str(move.act)]

    def carried(self, move: Move[R], order: Order) -> tuple[Field, ...]:
        """The fields that mean something to a move that is ordered so, as they are declared."""
        declared = self.speaks_of(move)
        if not self._has_dependent:
            return declared
        return tuple(field for field in declared if self._applies(field, order))

    @cached_property
    def _has_dependent(self) -> bool:
        return any(field.only_with or field.only_without for field in self.fields)

    @cached_property
    def _first_fields(self) -> tuple[Field, ...]:
        return self._fields_of(self.begins)

    @cached_property
    def _fields_by_act(self) -> Mapping[str, tuple[Field, ...]]:
        return {act: self._fields_of(move) for act, move in self.table.items()}

    def _fields_of(self, move: Move[R]) -> tuple[Field, ...]:
        names = {*move.needs, *move.takes, self.remark, *self.beside}
        return tuple(declared for declared in self.fields if declared.name in names)

    def _applies(self, declared: Field, order: Order) -> bool:
        """Whether a field that depends on another one means something."""
        if declared.only_with and not self.says(order, declared.only_with):
            return False
        return not (declared.only_without and self.says(order, declared.only_without))

    def says(self, order: Order, name: str) -> bool:
        """Whether `order` says something in the field `name`."""
        return self.field[name].given(order.get(name))

    def changed(self, record: R, changes: Mapping[str, Any]) -> R:
        """`record` with `changes`; like `dataclasses.replace`, and several times as fast."""
        names, values_of = self._attributes
        return self.record(
            **{**dict(zip(names, values_of(record), strict=True)), **changes}
        )

    @cached_property
    def _attributes(self) -> tuple[tuple[str, ...], Callable[[R], tuple[Any, ...]]]:
        names = tuple(attribute.name for attribute in fields(self.record))  # type: ignore[arg-type]
        return names, attrgetter(*names)

    def typed(self, name: str, value: Any) -> Any:
        """A JSON value as the attribute `name` holds it."""
        return self.casts[name](value)

    @cached_property
    def casts(self) -> Mapping[str, Callable[[Any], Any]]:
        """What makes JSON values what the attributes hold, by name."""
        return {name: _cast(wanted) for name, wanted in self.types.items()}


def _cast(wanted: Any) -> Callable[[Any], Any]:
    """What makes a JSON value one of the type `wanted`."""
    wanted = getattr(wanted, "__origin__", wanted)
    if isinstance(wanted, type) and issubclass(wanted, Enum | float | int | str):
        return wanted
    return _tupled


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
