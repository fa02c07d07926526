"""`NewDispute`: a dispute as petition office, police or court entrust it, and everything
that can be wrong with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gridmap.cases.mediation import KIND_OF_CATEGORY, PARTIES, Kind, Source
from gridmap.cases.texts import LONGEST_TEXT, text_faults
from gridmap.errors import Fault
from gridmap.words import mark

LONGEST_SLIP = 60
ALL_PARTIES = frozenset(PARTIES)

NO_SOURCE = mark("Not who entrusts disputes")
GIVE_SOURCE = mark("Choose petition office, police or court.")
NO_KIND = mark("Not a kind of dispute")
GIVE_KIND = mark("Choose one from the list.")
NO_PARTIES = mark("Not the roles of two parties or more")
GIVE_PARTIES = mark("Choose at least two roles from the list; names are not kept.")
NO_DAY = mark("A slip without a day it is due back")
GIVE_DAY = mark(
    "Give the number of the slip and a day ahead on which the court wants it back."
)
NOT_COURT = mark("Only a court sends a referral slip")
NO_SLIP = mark("Leave the slip empty, or choose the court as the source.")
NO_PLACE = mark("There is no such place")
GIVE_PLACE = mark("Choose a place of the city.")


@dataclass(frozen=True, slots=True)
class NewDispute:
    """A dispute to be mediated: `area` a place of any level, `parties` roles of
    `cases.mediation.PARTIES`.

    `matter` is the matter it arose from (0: none), or `case_number` names it; `slip` the
    court's referral slip, due back at `return_due_at` (Unix seconds); `text` says in a
    sentence, without names, what it is about; `client_id` makes it safe to send it again.
    """

    area: int
    source: str
    kind: str
    parties: tuple[str, ...]
    text: str = ""
    matter: int = 0
    case_number: str = ""
    slip: str = ""
    return_due_at: int = 0
    client_id: str = ""


def faults_of(new: NewDispute, *, known: bool, now: int) -> Iterator[Fault]:
    """Everything wrong with `new` at `now`; `known`: there is such a place."""
    if not known:
        yield Fault(rule=NO_PLACE, field="area", value=str(new.area), cure=GIVE_PLACE)
    if new.source not in set(Source):
        yield Fault(rule=NO_SOURCE, field="source", value=new.source, cure=GIVE_SOURCE)
    if new.kind not in set(Kind):
        yield Fault(rule=NO_KIND, field="kind", value=new.kind, cure=GIVE_KIND)
    if len(set(new.parties)) < 2 or not ALL_PARTIES.issuperset(new.parties):
        yield Fault(
            rule=NO_PARTIES, field="parties", value=_short(new.parties), cure=GIVE_PARTIES
        )
    yield from text_faults("text", new.text, LONGEST_TEXT)
    yield from text_faults("slip", new.slip, LONGEST_SLIP)
    if (new.slip or new.return_due_at) and new.source != Source.COURT:
        yield Fault(rule=NOT_COURT, field="slip", value=new.slip, cure=NO_SLIP)
    elif bool(new.slip.strip()) != (new.return_due_at > now):
        yield Fault(rule=NO_DAY, field="return_due_at", value=new.slip, cure=GIVE_DAY)


def kind_of(category: str) -> str:
    """The kind of dispute a matter of `category` is; "" when it is none."""
    return str(KIND_OF_CATEGORY.get(category[:3], ""))


def _short(parties: Collection[str]) -> str:
    return ", ".join(parties)[:60]
