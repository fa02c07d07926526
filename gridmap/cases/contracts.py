"""The clean-up of village contracts: listed, published, reviewed one by one, kept or
cleared, perhaps relapsed.

A contract lets land or buildings of the village collective. Who reviewed a contract does
not decide on it. Names of who holds a contract are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gridmap.cases.records.fields import Choice, Field, Flag, Number, Place, Text
from gridmap.cases.records.kinds import Condition, Kind, Move, Situation, in_area
from gridmap.cases.records.record import Code, Count, Instant, Person
from gridmap.cases.texts import LONGEST_LINE
from gridmap.model import Level, UserRole
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


class Asset(StrEnum):
    """What is let."""

    FARMLAND = "farmland"
    ORCHARD = "orchard"
    POND = "pond"
    FOREST = "forest"
    BUILDING = "building"
    SITE = "site"


S = State
DECIDED = frozenset({S.KEPT, S.CLEARED})

ASSETS = {
    Asset.FARMLAND: mark("Farmland"),
    Asset.ORCHARD: mark("Orchard"),
    Asset.POND: mark("Pond"),
    Asset.FOREST: mark("Woodland"),
    Asset.BUILDING: mark("Collective building"),
    Asset.SITE: mark("Collective site"),
}
STATES = {
    S.LISTED: mark("On the list"),
    S.PUBLISHED: mark("Publicised"),
    S.REVIEWED: mark("Reviewed"),
    S.KEPT: mark("Kept"),
    S.CLEARED: mark("Cleared"),
    S.RELAPSED: mark("Relapsed"),
}


@dataclass(frozen=True, slots=True)
class Contract:
    """How a contract stands: areas in mu, prices in yuan per mu and year.

    `area_measured` and `price_after` are 0 until there are any; `irregular` is what the last
    review found, by `reviewed_by`; `decided_at`: kept or cleared.
    """

    id: int
    village: Code
    kind: Asset
    title: str
    area_written: float
    price_before: float
    area_measured: float = 0.0
    price_after: float = 0.0
    irregular: bool = False
    state: State = State.LISTED
    version: int = 1
    listed_at: Instant = 0
    published_at: Instant = 0
    reviewed_at: Instant = 0
    reviewed_by: Person = 0
    decided_at: Instant = 0
    relapses: Count = 0
    last_at: Instant = 0

    @property
    def rent_before(self) -> int:
        """Yuan a year as the contract was written."""
        return round(self.area_written * self.price_before)

    @property
    def rent_after(self) -> int:
        """Yuan a year now: of a cleared contract by its measured area and new price."""
        if self.state is not State.CLEARED:
            return self.rent_before
        return round(self.area_measured * self.price_after)


def _area(name: str, label: str) -> Number:
    return Number(
        name=name,
        label=label,
        unit="mu",
        above=True,
        most=100_000,
        rule=mark("Not an area in mu"),
        cure=mark("Give a number above 0, at most 100,000."),
    )


def _price(name: str, label: str) -> Number:
    return Number(
        name=name,
        label=label,
        unit="yuan per mu and year",
        most=1_000_000,
        rule=mark("Not a price in yuan per mu and year"),
        cure=mark("Give a number from 0 to 1,000,000."),
    )


FIELDS: tuple[Field, ...] = (
    Place(
        name="village",
        label=mark("Village"),
        highest=Level.VILLAGE,
        lowest=Level.VILLAGE,
        rule=mark("Not a village of the city"),
        cure=mark("Choose a village in the side bar."),
    ),
    Text(
        name="title",
        label=mark("Number or name of the contract (no names of persons)"),
        most=LONGEST_LINE,
        line=True,
        rule=mark("No title"),
        cure=mark(
            "Give the number or name the village keeps it under; no names of persons."
        ),
    ),
    Choice(
        name="kind",
        label=mark("What is let"),
        options=Asset,
        words=ASSETS,
        rule=mark("Not a kind of contract"),
        cure=mark("Choose one from the list."),
    ),
    _area("area_written", mark("Area as written (mu)")),
    _price("price_before", mark("Price as written (yuan per mu and year)")),
    _area("area_measured", mark("Area as measured (mu)")),
    _price("price_after", mark("New price (yuan per mu and year)")),
    Flag(
        name="irregular",
        label=mark("The contract is"),
        yes=mark("irregular: to be cleared"),
        no=mark("regular: to be kept"),
    ),
    Text(name="words", label=mark("Words")),
)

DESK = in_area(R.CLERK, R.CHIEF)
REVIEW = in_area(R.CLERK, R.VERIFIER, R.CHIEF)
DECIDE = in_area(R.CHIEF, R.COMMANDER)
WATCH = {**REVIEW, **in_area(R.COMMANDER)}


def _own_review(situation: Situation[Contract]) -> bool:
    return situation.record.reviewed_by in situation.actor.persons


OWN_REVIEW = Condition(
    _own_review, mark("Who reviewed the contract does not decide on it."), status=403
)
IS_IRREGULAR = Condition[Contract](
    lambda situation: situation.record.irregular,
    mark("The review found this contract irregular: it is cleared, or reviewed again."),
)
IS_REGULAR = Condition[Contract](
    lambda situation: not situation.record.irregular,
    mark(
        "The review found nothing wrong with this contract: it is kept, or reviewed again."
    ),
)


CONTRACT = Kind(
    name="contract",
    record=Contract,
    fields=FIELDS,
    states=STATES,
    place="village",
    lasting=("village", "kind", "title"),
    begins=Move(
        act=Act.LIST,
        label=mark("List the contract"),
        by=DESK,
        needs=("village", "title", "kind", "area_written", "price_before"),
        stamps="listed_at",
    ),
    moves=(
        Move(
            act=Act.PUBLISH,
            label=mark("Publicise"),
            by=DESK,
            of=frozenset({S.LISTED}),
            to=S.PUBLISHED,
            stamps="published_at",
        ),
        Move(
            act=Act.CLEAR,
            label=mark("Clear"),
            by=DECIDE,
            of=frozenset({S.REVIEWED}),
            to=S.CLEARED,
            needs=("price_after", "words"),
            asks=mark("How it was cleared"),
            unless=(OWN_REVIEW, IS_REGULAR),
            stamps="decided_at",
        ),
        Move(
            act=Act.KEEP,
            label=mark("Keep"),
            by=DECIDE,
            of=frozenset({S.REVIEWED}),
            to=S.KEPT,
            needs=("words",),
            asks=mark("Why it is kept"),
            unless=(OWN_REVIEW, IS_IRREGULAR),
            stamps="decided_at",
        ),
        Move(
            act=Act.REVIEW,
            label=mark("Note the review"),
            by=REVIEW,
            of=frozenset({S.PUBLISHED, S.REVIEWED, S.RELAPSED}),
            to=S.REVIEWED,
            needs=("area_measured", "words"),
            takes=("irregular",),
            asks=mark("What the review found"),
            stamps="reviewed_at",
            signs="reviewed_by",
            clears=("price_after",),
        ),
        Move(
            act=Act.RELAPSE,
            label=mark("Note a relapse"),
            by=WATCH,
            of=DECIDED,
            to=S.RELAPSED,
            needs=("words",),
            asks=mark("What happened"),
            counts="relapses",
            clears=("decided_at",),
        ),
        Move(
            act=Act.CORRECT,
            label=mark("Correct the figures"),
            by=DESK,
            of=frozenset({S.LISTED, S.PUBLISHED, S.REVIEWED}),
            needs=("area_written", "price_before", "words"),
            asks=mark("Why the figures are corrected"),
        ),
    ),
    not_begun=mark(
        "Contracts and incomes are noted by clerks and chiefs of the village, or of a place "
        "above it."
    ),
    not_yours=mark("Your role may not do this with contracts of this village."),
    not_from_here=mark("A contract at this step does not allow this."),
    no_record=mark("There is no such contract."),
)
"""How a contract is led from the list to its end."""
