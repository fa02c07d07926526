"""The clean-up of village contracts: listed, published, reviewed one by one, kept or
cleared, perhaps relapsed.

A contract lets land or buildings of the village collective. It is changed only by adding an
entry to its record. Who reviewed a contract does not decide on it. Names of who holds a
contract are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from gridmap.cases.actors import Actor
from gridmap.cases.entry import Entry
from gridmap.errors import RefusedError
from gridmap.model import UserRole
from gridmap.words import mark

R = UserRole


class State(StrEnum):
    """How far a contract is."""

    LISTED = "listed"
    PUBLISHED = "published"
    REVIEWED = "reviewed"
    KEPT = "kept"
    CLEARED = "cleared"
    RELAPSED = "relapsed"


class Act(StrEnum):
    """What can be done with a contract; each is a kind of entry."""

    LIST = "list"
    PUBLISH = "publish"
    REVIEW = "review"
    KEEP = "keep"
    CLEAR = "clear"
    RELAPSE = "relapse"
    CORRECT = "correct"


class Kind(StrEnum):
    """What is let."""

    FARMLAND = "farmland"
    ORCHARD = "orchard"
    POND = "pond"
    FOREST = "forest"
    BUILDING = "building"
    SITE = "site"


S = State
DECIDED = frozenset({S.KEPT, S.CLEARED})


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table; `target` None leaves the state, `needs` are fields of the order
    that must be given.
    """

    act: Act
    sources: frozenset[State]
    target: State | None
    by: frozenset[UserRole]
    needs: frozenset[str] = frozenset()


_DESK = frozenset({R.CLERK, R.CHIEF})
_REVIEW = frozenset({R.CLERK, R.VERIFIER, R.CHIEF})
_DECIDE = frozenset({R.CHIEF, R.COMMANDER})
_WATCH = frozenset({*_REVIEW, R.COMMANDER})
_WORDS = frozenset({"words"})
RULES: Mapping[Act, Rule] = {
    rule.act: rule
    for rule in (
        Rule(Act.PUBLISH, frozenset({S.LISTED}), S.PUBLISHED, _DESK),
        Rule(
            Act.CLEAR,
            frozenset({S.REVIEWED}),
            S.CLEARED,
            _DECIDE,
            frozenset({"words", "price_after"}),
        ),
        Rule(Act.KEEP, frozenset({S.REVIEWED}), S.KEPT, _DECIDE, _WORDS),
        Rule(
            Act.REVIEW,
            frozenset({S.PUBLISHED, S.REVIEWED, S.RELAPSED}),
            S.REVIEWED,
            _REVIEW,
            frozenset({"words", "area_measured"}),
        ),
        Rule(Act.RELAPSE, DECIDED, S.RELAPSED, _WATCH, _WORDS),
        Rule(
            Act.CORRECT,
            frozenset({S.LISTED, S.PUBLISHED, S.REVIEWED}),
            None,
            _DESK,
            frozenset({"words", "area_written", "price_before"}),
        ),
    )
}
"""The table, in the order in which a page offers the moves. To list: `_DESK`, in a village
they answer for.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants done: areas in mu, prices in yuan per mu and year; None: not given.

    `irregular`: what the review found; `words`: the finding, how it was cleared, or why.
    """

    act: Act
    words: str = ""
    area_measured: float | None = None
    irregular: bool = False
    price_after: float | None = None
    area_written: float | None = None
    price_before: float | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """How a contract stands: areas in mu, prices in yuan per mu and year, instants in Unix
    seconds, 0 = not.

    `area_measured` and `price_after` are 0 until there are any; `reviewed_by` is the user
    who reviewed it last.
    """

    id: int
    village: int
    kind: Kind
    title: str
    area_written: float
    price_before: float
    area_measured: float = 0.0
    price_after: float = 0.0
    irregular: bool = False
    state: State = State.LISTED
    version: int = 1
    listed_at: int = 0
    published_at: int = 0
    reviewed_at: int = 0
    reviewed_by: int = 0
    decided_at: int = 0
    relapses: int = 0
    last_at: int = 0

    @property
    def rent_before(self) -> int:
        """Yuan a year as the contract was written."""
        return round(self.area_written * self.price_before)

    @property
    def rent_after(self) -> int:
        """Yuan a year now: of a cleared contract by its measured area and new price."""
        return (
            round(self.area_measured * self.price_after)
            if self.state is State.CLEARED
            else self.rent_before
        )


NOT_FROM_HERE = mark("A contract at this step does not allow this.")
NOT_YOURS = mark("Your role may not do this with contracts of this village.")
NEEDED = mark("This move needs: {fields}.")
OWN_REVIEW = mark("Who reviewed the contract does not decide on it.")
IS_IRREGULAR = mark(
    "The review found this contract irregular: it is cleared, or reviewed again."
)
IS_REGULAR = mark(
    "The review found nothing wrong with this contract: it is kept, or reviewed again."
)


def begin(actor: Actor, *, at: int, data: Mapping[str, Any]) -> Entry:
    """The first entry of a contract listed at `at`; `data`: village, kind, title,
    area_written, price_before.
    """
    return Entry(1, Act.LIST, at, actor.user, dict(data))


def may_list(actor: Actor, village: int) -> bool:
    """Whether `actor` may list contracts of `village`."""
    return actor.role in _DESK and actor.covers(village)


def possible(contract: Contract, actor: Actor) -> tuple[Act, ...]:
    """What `actor` could do now, in the order of the table."""
    return tuple(act for act in RULES if not _against(contract, actor, act))


def decide(contract: Contract, actor: Actor, order: Order, *, now: int) -> Entry:
    """The entry `order`, given at `now`, writes. Raises RefusedError with the reason."""
    why, status = _against(contract, actor, order.act) or ("", 0)
    missing = [] if why else _missing(order)
    if missing:
        raise RefusedError(NEEDED, fields=", ".join(missing))
    if why:
        raise RefusedError(why, status=status)
    rule = RULES[order.act]
    given = {name: getattr(order, name) for name in sorted(rule.needs - {"words"})}
    data: dict[str, Any] = {name: float(value) for name, value in given.items()}
    if order.words.strip():
        data["words"] = order.words.strip()
    if order.act is Act.REVIEW:
        data["irregular"] = order.irregular
    if rule.target is not None:
        data["state"] = str(rule.target)
    if actor.instead_of:
        data["instead_of"] = actor.instead_of
    return Entry(
        contract.version + 1, order.act, max(now, contract.last_at), actor.user, data
    )


def _against(contract: Contract, actor: Actor, act: Act) -> tuple[str, int] | None:
    rule = RULES.get(act)
    if rule is None or actor.role not in rule.by or not actor.covers(contract.village):
        return NOT_YOURS, 403
    if contract.state not in rule.sources:
        return NOT_FROM_HERE, 409
    if act in {Act.KEEP, Act.CLEAR} and contract.reviewed_by in actor.persons:
        return OWN_REVIEW, 403
    if act is Act.KEEP and contract.irregular:
        return IS_IRREGULAR, 409
    if act is Act.CLEAR and not contract.irregular:
        return IS_REGULAR, 409
    return None


def _missing(order: Order) -> list[str]:
    needs = RULES[order.act].needs
    given = {name: getattr(order, name) for name in needs} | {"words": order.words.strip()}
    return [name for name in sorted(needs) if given[name] is None or given[name] == ""]


def replay(number: int, entries: Iterable[Entry]) -> Contract:
    """The contract its record tells of. Raises ValueError when the record is empty or has a
    hole.
    """
    contract: Contract | None = None
    for entry in entries:
        contract = apply(contract, entry) if contract else _begun(number, entry)
    if contract is None:
        raise ValueError(f"Contract {number} has no record.")
    return contract


def _begun(number: int, entry: Entry) -> Contract:
    told = entry.data
    return Contract(
        id=number,
        village=int(told["village"]),
        kind=Kind(told["kind"]),
        title=str(told["title"]),
        area_written=float(told["area_written"]),
        price_before=float(told["price_before"]),
        listed_at=entry.at,
        last_at=entry.at,
    )


def apply(contract: Contract, entry: Entry) -> Contract:
    """`contract` after `entry`; whether it was allowed has been decided before it was written."""
    if entry.number != contract.version + 1:
        raise ValueError(
            f"Entry {entry.number} does not follow {contract.version} of contract {contract.id}."
        )
    figures = ("area_written", "price_before", "area_measured", "price_after")
    changed: dict[str, Any] = {
        name: float(entry.data[name]) for name in figures if name in entry.data
    }
    changed["state"] = State(entry.data.get("state", contract.state))
    match entry.act:
        case Act.PUBLISH:
            changed["published_at"] = entry.at
        case Act.REVIEW:
            changed |= {
                "reviewed_at": entry.at,
                "reviewed_by": entry.actor,
                "price_after": 0.0,
            }
            changed["irregular"] = bool(entry.data["irregular"])
        case Act.KEEP | Act.CLEAR:
            changed["decided_at"] = entry.at
        case Act.RELAPSE:
            changed |= {"relapses": contract.relapses + 1, "decided_at": 0}
    return replace(
        contract, version=entry.number, last_at=max(contract.last_at, entry.at), **changed
    )
