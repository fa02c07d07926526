"""The moves of a record as one compact form: choose a move, say what it needs, make it.

One form for every kind. What is sent is judged against the version the person saw: when
somebody else was faster, the form tells what happened meanwhile and keeps what was typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import streamlit as st

from gridmap.cases.records.fields import Field, Text
from gridmap.cases.records.kinds import Kind, Move
from gridmap.cases.records.record import Order
from gridmap.city.records.room import RecordRoom
from gridmap.errors import GridmapError, StaleError
from gridmap.ui import frame, refusals, signin
from gridmap.ui.frame import Page
from gridmap.ui.records import inputs, timeline
from gridmap.ui.records.inputs import Draw, Slot
from gridmap.ui.session import Key
from gridmap.words import mark

REMARK = mark("Remark (optional)")
TURN = "turn"
NOTHING_GIVEN: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a page asks in its own way: `draws` widgets of its own by field, `reads` what
    these hold as the field's value, `usual` what a field holds at first, `button` what the
    button that makes a record says, `says` what is told after an order, "" for the usual
    words; `without`: acts that make no sense now.
    """

    draws: Mapping[str, Draw] = field(default_factory=dict)
    reads: Mapping[str, Callable[[Page, Any], Any]] = field(default_factory=dict)
    usual: Mapping[str, Any] = field(default_factory=dict)
    button: str = ""
    says: Callable[[Page, Order, int], str] = lambda _page, _order, _number: ""
    without: frozenset[str] = frozenset()


PLAIN = Asking()


@dataclass
class Attempt:
    """The last order somebody tried and that failed: what was typed, and why it failed."""

    kind: str
    number: int
    act: str = ""
    typed: dict[str, Any] = field(default_factory=dict)
    error: GridmapError | None = None


def moves(page: Page, room: RecordRoom[Any], record: Any, asking: Asking = PLAIN) -> None:
    """The moves the person signed in can make with `record` now; after one the page runs
    anew, with a notice.
    """
    if page.user is None:
        signin.ask(page.city, say=page.say)
        return
    say, kind = page.say, room.kind
    attempt = _attempt(kind, record.id)
    _explain(page, kind, attempt)
    possible = room.possible(page.actor, record.id)
    acts = [act for act in possible if act not in asking.without]
    if attempt.act not in acts:
        _typed_words(page, kind, attempt)
    if not acts:
        st.text(say("There is nothing for you to do here now."))
        return
    stem = f"{kind.name}.{record.id}.{record.version}"
    names = {str(act): say(kind.label(act)) for act in acts}
    first = attempt.act if attempt.act in names else next(iter(names))
    chosen = st.pills(
        say("What to do"),
        list(names),
        default=first,
        required=True,
        format_func=names.__getitem__,
        key=f"{stem}.act",
        label_visibility="collapsed",
    )
    move = kind.table[chosen or first]
    key = f"{stem}.{move.act}"
    _Form(room, move, key, asking, record, typed=attempt.typed).show(page)


def explain(
    page: Page, room: RecordRoom[Any], record: Any, possible: Collection[str]
) -> None:
    """Above forms of several moves: why the last attempt failed, and the words of one that
    is not `possible` any more.
    """
    attempt = _attempt(room.kind, record.id)
    _explain(page, room.kind, attempt)
    if attempt.act and attempt.act not in possible:
        _typed_words(page, room.kind, attempt)


def failed(room: RecordRoom[Any], number: int) -> bool:
    """Whether the last order for this record failed, and why has still to be told."""
    return _attempt(room.kind, number).error is not None


def move(
    page: Page,
    room: RecordRoom[Any],
    record: Any,
    act: str,
    asking: Asking = PLAIN,
    *,
    given: Mapping[str, Any] = NOTHING_GIVEN,
) -> None:
    """The form of one possible move, for a page that shows several at once: what is typed in
    it stays while others are made. `given` is what the page says for the person.
    """
    attempt = _attempt(room.kind, record.id)
    stem = f"{room.kind.name}.{record.id}.{act}"
    key = f"{stem}.{st.session_state.get(f'{stem}.{TURN}', 0)}"
    typed = attempt.typed if attempt.act == act else {}
    declared = room.kind.table[str(act)]
    form = _Form(room, declared, key, asking, record, given, typed=typed, stem=stem)
    form.show(page)


def card(
    page: Page, room: RecordRoom[Any], number: int, act: str, asking: Asking = PLAIN
) -> None:
    """The form of one move on the card of a record in a list: why it failed before, and the
    form where it is possible now for who is signed in.
    """
    if page.user is None:
        return
    record = room.get(page.actor, number)
    possible = room.possible(page.actor, number)
    explain(page, room, record, possible)
    if act in possible:
        move(page, room, record, act, asking)


def add(
    page: Page,
    room: RecordRoom[Any],
    given: Mapping[str, Any],
    asking: Asking,
    *,
    then: Callable[[int], None],
    across: int = 2,
) -> None:
    """The form that makes a record, `across` fields a row; `given` is what the page says for
    the person (the place), `then` what it does with the number of what was made.
    """
    _explain(page, room.kind, _attempt(room.kind, 0))
    key = _new_key(room.kind)
    typed = _attempt(room.kind, 0).typed
    form = _Form(room, room.kind.begins, key, asking, None, given, then, typed)
    form.show(page, across=across)


def fill(kind: Kind[Any], /, **values: Any) -> None:
    """Fill in the form that makes a record of `kind`, before it is opened; by field, what its
    widget holds.
    """
    for name, value in values.items():
        st.session_state[f"{_new_key(kind)}.{name}"] = value


def _new_key(kind: Kind[Any]) -> str:
    """The key of the form that makes a record; another one for each that is made."""
    return f"{kind.name}.new.{st.session_state.get(Key.ROUND, 0)}"


@dataclass(frozen=True)
class _Form:
    """The form of one `move` under `key`: of `record`, or of one to be made (`then`);
    `given`: what the page says for the person, `typed`: what was typed in vain before.
    A form under a `stem` is drawn empty once its order was given.
    """

    room: RecordRoom[Any]
    move: Move[Any]
    key: str
    asking: Asking
    record: Any
    given: Mapping[str, Any] = field(default_factory=dict)
    then: Callable[[int], None] | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    stem: str = ""

    @property
    def number(self) -> int:
        """The number of the record, 0 for one to be made."""
        return 0 if self.record is None else int(self.record.id)

    @property
    def asked(self) -> list[Field]:
        """The fields asked for: those the move needs or takes and the page does not give."""
        names = {*self.move.needs, *self.move.takes} - self.given.keys()
        return [declared for declared in self.room.kind.fields if declared.name in names]

    def show(self, page: Page, *, across: int = 1) -> None:
        """Draw it, `across` fields a row; wide ones take a row of their own."""
        label = self.move.label
        if self.asking.button:
            label = self.asking.button
        with st.form(self.key, border=self.record is None, enter_to_submit=False):
            row: list[Any] = []
            for declared in self.asked:
                if across == 1 or inputs.is_wide(declared):
                    row = []
                    self._input(page, declared)
                    continue
                row = row or list(st.columns(across))
                with row.pop(0):
                    self._input(page, declared)
            st.form_submit_button(page.say(label), type="primary", on_click=self._send)

    def _input(self, page: Page, declared: Field) -> None:
        key = self._key(declared)
        inputs.seed(key, self.typed.get(declared.name))
        draw = self.asking.draws.get(declared.name)
        if draw is not None:
            draw(page, self.record, key)
            return
        usual = self.asking.usual.get(declared.name)
        if usual is None and self.record is not None:
            usual = getattr(self.record, declared.name, None) or None
        inputs.draw(declared, Slot(page, key, page.say(self._label(declared)), usual))

    def _label(self, declared: Field) -> str:
        if declared.name != self.room.kind.remark:
            return declared.label
        needed = declared.name in self.move.needs
        return self.move.asks or (declared.label if needed else REMARK)

    def _key(self, declared: Field) -> str:
        return f"{self.key}.{declared.name}"

    def _send(self) -> None:
        """Give the order as it was filled in, judged against what was on the screen."""
        page = frame.current()
        with self._tried(page) as order:
            number = self._do(page, order)
            done = self.asking.says(page, order, number)
            usual = page.say("Done: {what}", what=page.say(self.move.label))
            st.session_state[Key.NOTICE] = done or usual

    def _do(self, page: Page, order: Order) -> int:
        if self.record is not None:
            version = self.record.version
            self.room.act(page.actor, self.number, order, version=version)
            if self.stem:
                turn = f"{self.stem}.{TURN}"
                st.session_state[turn] = st.session_state.get(turn, 0) + 1
            return self.number
        client = st.session_state.setdefault(f"{self.key}.client", uuid.uuid4().hex)
        number = self.room.add(page.actor, order, client_id=client)
        st.session_state[Key.ROUND] = st.session_state.get(Key.ROUND, 0) + 1
        if self.then is not None:
            self.then(number)
        return number

    @contextmanager
    def _tried(self, page: Page) -> Iterator[Order]:
        """The order that the widgets hold; when it fails, what was typed is kept with the
        reason.
        """
        keys = {declared.name: self._key(declared) for declared in self.asked}
        typed = {name: inputs.held(key) for name, key in keys.items()}
        attempt = Attempt(self.room.kind.name, self.number, str(self.move.act), typed)
        st.session_state[Key.ATTEMPT] = attempt
        try:
            values = {declared.name: self._value(page, declared) for declared in self.asked}
            yield Order(self.move.act, **values, **self.given)
        except GridmapError as error:
            attempt.error = error
            return
        st.session_state[Key.ATTEMPT] = None

    def _value(self, page: Page, declared: Field) -> Any:
        """What is said in a field. Raises InputError where a page cannot read it."""
        key = self._key(declared)
        read = self.asking.reads.get(declared.name)
        if read is not None:
            return read(page, inputs.held(key))
        return inputs.read(declared, key)


def _attempt(kind: Kind[Any], number: int) -> Attempt:
    """The last failed attempt on this record, or an empty one."""
    attempt = st.session_state.get(Key.ATTEMPT)
    match attempt:
        case Attempt(kind=kind.name, number=tried) if tried == number:
            return attempt
    return Attempt(kind.name, number)


def _explain(page: Page, kind: Kind[Any], attempt: Attempt) -> None:
    """Why the last attempt failed, what could be done instead, and what happened meanwhile."""
    error = attempt.error
    if error is None:
        return
    labels = {declared.name: declared.label for declared in kind.fields}
    if asks := kind.asks(attempt.act):
        labels[kind.remark] = asks
    names = {act: move.label for act, move in kind.table.items()}
    refusals.show(page, error, labels, names)
    if isinstance(error, StaleError) and error.since:
        st.text(page.say("Meanwhile:"))
        timeline.entries(page, kind, error.since)


def _typed_words(page: Page, kind: Kind[Any], attempt: Attempt) -> None:
    """What somebody had written where there is no field for it any more, to be copied."""
    texts = (declared.name for declared in kind.fields if isinstance(declared, Text))
    words = [typed for name in texts if (typed := attempt.typed.get(name))]
    if words:
        st.caption(page.say("You had written:"))
        st.text("\n".join(words))
