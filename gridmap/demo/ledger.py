"""`Ledger`: the journals of many matters written at once; the engine's `apply` on arrays.

Each call of `write` adds the same kind of line to many journals. What a line leaves behind
in its case is done by the rules of `apply`, so that replaying a journal gives the case the
ledger tells of; a test replays them all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.cases.matters.acts import Act
from gridmap.cases.stays import Left
from gridmap.model import OPEN_STATUSES

Ints = npt.NDArray[np.int64]
Value: TypeAlias = (
    int
    | str
    | bool
    | npt.NDArray[np.int64]
    | npt.NDArray[np.float64]
    | npt.NDArray[np.bool_]
    | pa.DictionaryArray
)

NUMBERS = (
    "version",
    "status",
    "office",
    "person",
    "reporter",
    "since",
    "step_due_at",
    "due_at",
    "reported_at",
    "accepted_at",
    "dispatch_due_at",
    "dispatched_at",
    "handled_at",
    "answered_at",
    "closed_at",
    "parked_at",
    "dispatched_from",
    "extension_by",
    "extension_until",
    "whistles",
    "reworks",
    "supervised",
    "reopened",
    "rating",
    "parent",
    "last_at",
)
WHISTLE = (
    "step",
    "from_office",
    "to_office",
    "by",
    "at",
    "due_at",
    "heeded_at",
    "apt",
    "rating",
    "lapsed_at",
)
MOST_HANDLERS = 4
UNSAID = frozenset({"reporter", "department", "rule"})
UNJUDGED = -1
STAY = ("row", "step", "office", "since", "due_at", "until", "last", "left")
_OPEN = [int(status) for status in OPEN_STATUSES]
_TAKEN_OVER = (
    "office",
    "person",
    "reporter",
    "step_due_at",
    "due_at",
    "dispatch_due_at",
    "parent",
    "rating",
)


_BEFORE = ("office", "status", "dispatched_from")
"""What a move may need of the case as it was before."""


@dataclass(frozen=True)
class JournalLines:
    """Lines of journals: `row` of the matter, `number` in its journal, `move`, `at`,
    `actor`, `data` (JSON texts).
    """

    row: Ints
    number: Ints
    move: Act
    at: Ints
    actor: Ints
    data: pa.Array


class Ledger:
    """The cases of n matters and the lines written so far.

    `case`: int64[n] for each of `NUMBERS`; `whistle`: int64[n] for each of `WHISTLE` (the
    latest; `apt` is `UNJUDGED`, 0 or 1); `grid` int64[n] and `category` text[n] are codes;
    `handled_by` int64[n, 4], 0 where nobody; `parked_from` int64[n], −1 none; `due_left`
    float64[n]; `texts` the department and the unit of what is left of a limit, object[n]
    each.
    """

    def __init__(self, grid: Ints, category: pa.DictionaryArray) -> None:
        count = len(grid)
        self.grid, self.category = grid, category
        self.case: dict[str, Ints] = {
            name: np.zeros(count, dtype=np.int64) for name in NUMBERS
        }
        self.whistle: dict[str, Ints] = {
            name: np.zeros(count, dtype=np.int64) for name in WHISTLE
        }
        self.handled_by = np.zeros((count, MOST_HANDLERS), dtype=np.int64)
        self.parked_from = np.full(count, -1, dtype=np.int64)
        self.due_left = np.zeros(count)
        self.texts = {
            name: np.full(count, "", dtype=object) for name in ("department", "left_unit")
        }
        self.lines: list[JournalLines] = []
        self._stay: dict[str, Ints] = {
            name: np.zeros(count, dtype=np.int64) for name in STAY
        }
        self._stays: list[dict[str, Ints]] = []

    def write(
        self,
        move: Act,
        rows: Ints,
        at: Ints,
        actor: Ints | int,
        decided: Mapping[str, Value],
    ) -> None:
        """Add a line to the journals of `rows` (no row twice); `decided` is what the move
        decided, by name.

        A report does not mention what it does not know: reporter, department, rule.
        """
        if not len(rows):
            return
        case = self.case
        who = np.broadcast_to(np.asarray(actor, dtype=np.int64), rows.shape)
        case["version"][rows] += 1
        unsaid: frozenset[str] = UNSAID if move is Act.REPORT else frozenset()
        data = as_json(decided, len(rows), unsaid=unsaid)
        line = JournalLines(rows, case["version"][rows], move, at, who, data)
        self.lines.append(line)
        before = {name: case[name][rows] for name in _BEFORE}
        self._take_over(rows, decided)
        moved = (case["office"][rows] != before["office"]) | (
            case["status"][rows] != before["status"]
        )
        case["since"][rows] = np.where(moved, at, case["since"][rows])
        case["last_at"][rows] = at
        self._mark(line, decided, before)
        # The first line opens a matter: nothing of it lay anywhere before.
        was_open = np.isin(before["status"], _OPEN) & (line.number > 1)
        self._moved(line, was_open=was_open, office=before["office"])

    def _take_over(self, rows: Ints, decided: Mapping[str, Value]) -> None:
        """Put the values a move names into the cases of `rows`."""
        for name in (*_TAKEN_OVER, "status"):
            if name in decided:
                self.case[name][rows] = decided[name]
        for name, column in self.texts.items():
            if name in decided:
                text: Any = decided[name]
                is_dictionary = isinstance(text, pa.DictionaryArray)
                column[rows] = text.to_pylist() if is_dictionary else text
        if "due_left" in decided:
            self.due_left[rows] = decided["due_left"]

    def _moved(
        self, line: JournalLines, *, was_open: npt.NDArray[np.bool_], office: Ints
    ) -> None:
        """Where matters lie, by the rules of `gridmap.cases.stays`."""
        case, stay, rows = self.case, self._stay, line.row
        is_open = np.isin(case["status"][rows], _OPEN)
        elsewhere = case["office"][rows] != office
        ends = was_open & (~is_open | elsewhere)
        done = {name: stay[name][rows[ends]] for name in STAY}
        done |= {"until": line.at[ends], "last": line.number[ends]}
        done["left"] = np.where(is_open[ends], int(Left.PASSED_ON), int(Left.ENDED))
        self._stays.append(done)
        stay["step"][rows[ends]] = 0
        begins = is_open & (~was_open | elsewhere)
        new = rows[begins]
        limits = np.stack([case["step_due_at"][new], case["due_at"][new]])
        due = np.where((limits == 0).any(axis=0), limits.max(axis=0), limits.min(axis=0))
        begun = {
            "row": new,
            "step": line.number[begins],
            "office": case["office"][new],
            "since": line.at[begins],
            "due_at": due,
        }
        for name, value in begun.items():
            stay[name][new] = value

    def stays(self) -> dict[str, Ints]:
        """Where matters lay and lie: `STAY`, int64[m] each."""
        still = np.flatnonzero(self._stay["step"])
        parts = [*self._stays, {name: self._stay[name][still] for name in STAY}]
        return {name: np.concatenate([part[name] for part in parts]) for name in STAY}

    def _mark(  # noqa: C901, PLR0912
        self, line: JournalLines, decided: Mapping[str, Any], before: Mapping[str, Ints]
    ) -> None:
        """What a move leaves behind beside the values it names: a few lines a move, as in
        `cases.matters.traces`.
        """
        case, move, rows, at, actor = self.case, line.move, line.row, line.at, line.actor
        match move:
            case Act.REPORT:
                case["reported_at"][rows] = case["since"][rows] = at
            case Act.ACCEPT:
                case["accepted_at"][rows] = at
            case Act.DISPATCH:
                case["dispatched_at"][rows] = _once(case["dispatched_at"][rows], at)
                case["dispatched_from"][rows] = before["office"]
            case Act.TRANSFER:
                origin = before["dispatched_from"]
                case["dispatched_from"][rows] = _once(origin, before["office"])
            case Act.HANDLE:
                case["dispatched_at"][rows] = _once(case["dispatched_at"][rows], at)
                case["handled_at"][rows] = _once(case["handled_at"][rows], at)
                self._handled(rows, actor)
            case Act.ANSWER:
                case["answered_at"][rows] = at
                self._handled(rows, actor)
            case Act.REWORK:
                case["reworks"][rows] += 1
                case["answered_at"][rows] = 0
            case Act.CLOSE:
                case["closed_at"][rows] = at
            case Act.WHISTLE:
                self._whistled(rows, at, actor, before["office"])
            case Act.HEED | Act.RATE_WHISTLE:
                self._mark_whistle(line, decided)
            case Act.ASK_EXTENSION:
                case["extension_by"][rows] = actor
                case["extension_until"][rows] = decided["until"]
            case Act.PARK:
                case["parked_at"][rows] = at
                self.parked_from[rows] = before["status"]
            case Act.SUPERVISE:
                case["supervised"][rows] += 1
            case Act.GRANT_EXTENSION | Act.REFUSE_EXTENSION:
                case["extension_by"][rows] = case["extension_until"][rows] = 0

    def _mark_whistle(self, line: JournalLines, decided: Mapping[str, Any]) -> None:
        """What an answer to a whistle, and the rating of one, leave behind."""
        if line.move is Act.HEED:
            self.whistle["heeded_at"][line.row] = line.at
            self.whistle["apt"][line.row] = decided["apt"]
        else:
            self.whistle["rating"][line.row] = decided["whistle_rating"]

    def _handled(self, rows: Ints, actor: Ints) -> None:
        is_listed = (self.handled_by[rows] == actor[:, None]).any(axis=1)
        for slot in range(MOST_HANDLERS):
            free = ~is_listed & (self.handled_by[rows, slot] == 0)
            self.handled_by[rows[free], slot] = actor[free]
            is_listed |= free

    def _whistled(self, rows: Ints, at: Ints, actor: Ints, office: Ints) -> None:
        case = self.case
        values: Mapping[str, Ints | int] = {
            "step": case["version"][rows],
            "from_office": office,
            "to_office": case["office"][rows],
            "by": actor,
            "at": at,
            "due_at": case["step_due_at"][rows],
            "heeded_at": 0,
            "apt": UNJUDGED,
            "rating": 0,
            "lapsed_at": 0,
        }
        for name, value in values.items():
            self.whistle[name][rows] = value
        case["whistles"][rows] += 1
        case["dispatched_from"][rows] = 0

    def states(self) -> pa.Array:
        """The column `state` of each case, as `gridmap.store.flow.caserows.row_of` writes it;
        text[n].
        """
        case = self.case
        department, left_unit = self.texts["department"], self.texts["left_unit"]
        optional: list[tuple[str, npt.NDArray[np.bool_], Any]] = [
            ("category", np.ones(len(self.grid), dtype=bool), self.category),
            ("department", department != "", _words(department)),
            ("dispatched_from", case["dispatched_from"] > 0, case["dispatched_from"]),
            ("handled_by", self.handled_by[:, 0] > 0, self._handlers()),
            ("extension_until", case["extension_until"] > 0, case["extension_until"]),
            ("due_left", self.due_left != 0, self.due_left),
            ("left_unit", left_unit != "", _words(left_unit)),
            ("last_at", case["last_at"] > 0, case["last_at"]),
            ("parked_from", self.parked_from >= 0, self.parked_from),
            ("whistle", case["whistles"] > 0, self._whistles()),
        ]
        members = [
            _member(name, is_there, value, first=not number)
            for number, (name, is_there, value) in enumerate(optional)
        ]
        return pc.binary_join_element_wise("{", *members, "}", "")

    def _handlers(self) -> pa.Array:
        slots = [
            _text(np.ascontiguousarray(self.handled_by[:, slot]))
            for slot in range(MOST_HANDLERS)
        ]
        later = [
            pc.if_else(
                pa.array(self.handled_by[:, slot] > 0),
                pc.binary_join_element_wise(",", slots[slot], ""),
                "",
            )
            for slot in range(1, MOST_HANDLERS)
        ]
        return pc.binary_join_element_wise("[", slots[0], *later, "]", "")

    def _whistles(self) -> pa.Array:
        judged = pa.array(["null", "false", "true"]).take(pa.array(self.whistle["apt"] + 1))
        values = [
            judged if name == "apt" else _text(self.whistle[name]) for name in WHISTLE
        ]
        parts: list[pa.Array | str] = []
        for number, (name, value) in enumerate(zip(WHISTLE, values, strict=True)):
            parts += [("{" if not number else ",") + f'"{name}":', value]
        return pc.binary_join_element_wise(*parts, "}", "")


def _member(
    name: str, is_there: npt.NDArray[np.bool_], value: Any, *, first: bool
) -> pa.Array:
    """`"name":value` where it `is_there`, empty text elsewhere."""
    text = value if isinstance(value, pa.StringArray) else _text(value)
    member = pc.binary_join_element_wise(("" if first else ",") + f'"{name}":', text, "")
    return pc.if_else(pa.array(is_there), member, "")


def _is_known(value: Any) -> npt.NDArray[np.bool_]:
    if isinstance(value, pa.DictionaryArray):
        is_text = np.array([bool(text) for text in value.dictionary.to_pylist()])
        return np.asarray(is_text[value.indices.to_numpy()])
    return np.asarray(value != 0, dtype=np.bool_)


def _words(column: npt.NDArray[np.object_]) -> pa.DictionaryArray:
    return pa.array(column, pa.string()).dictionary_encode()


def as_json(
    values: Mapping[str, Value], count: int, *, unsaid: frozenset[str] = frozenset()
) -> pa.Array:
    """JSON objects of the columns `values`, text[count]; a column is one value for all, an
    array, or words with indices.

    Columns named in `unsaid`, which may not be the first, are left out where they are 0 or empty.
    """
    if not values:
        return pa.array(["{}"] * count)
    parts: list[pa.Array | str] = []
    for number, (name, value) in enumerate(values.items()):
        if name in unsaid:
            parts.append(_member(name, _is_known(value), value, first=False))
        else:
            parts += [("{" if number == 0 else ",") + json.dumps(name) + ":", _text(value)]
    joined = _joined([*parts, "}"])
    if len(joined) == 1:
        return pa.repeat(joined[0], count)
    return pc.binary_join_element_wise(*joined, "")


def _joined(parts: list[pa.Array | str]) -> list[pa.Array | str]:
    """`parts` with neighbouring constants made one."""
    result: list[pa.Array | str] = []
    for part in parts:
        if result and isinstance(part, str) and isinstance(result[-1], str):
            result[-1] += part
        else:
            result.append(part)
    return result


def _text(value: Value) -> pa.Array | str:
    if isinstance(value, pa.DictionaryArray):
        texts = value.dictionary.to_pylist()
        words = [json.dumps(text, ensure_ascii=False) for text in texts]
        return pa.array(words).take(value.indices)
    if isinstance(value, np.ndarray):
        return pc.cast(pa.array(value), pa.string())
    return json.dumps(value, ensure_ascii=False)


def _once(first: Ints, then: Ints) -> Ints:
    return np.where(first > 0, first, then)
