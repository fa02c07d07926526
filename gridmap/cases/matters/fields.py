"""What can be said with a move of a matter, and what a report says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gridmap.cases.records.fields import (
    Field,
    Flag,
    Number,
    Place,
    Reference,
    References,
    Text,
)
from gridmap.errors import Fault
from gridmap.words import mark

MOST_PHOTOS = 9
LATEST_S = 4_102_444_800
"""2100-01-01: no limit is later."""

NOT_A_NUMBER = mark("Not a number that can stand here")
GIVE_NUMBER = mark("Leave it out, or choose from the list.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoNumbers(References):
    """Photos uploaded before, by their numbers; other systems send them as `photos`."""

    def bad(self, value: object) -> Fault:
        """What is told, by the name they are sent under."""
        return replace(References.bad(self, value), field="photos")


def _reference(name: str, label: str, *, highest: int = 2**63 - 1) -> Reference:
    return Reference(
        name=name, label=label, highest=highest, rule=NOT_A_NUMBER, cure=GIVE_NUMBER
    )


def _number(name: str, label: str, *, most: int) -> Number:
    return Number(
        name=name, label=label, whole=True, most=most, rule=NOT_A_NUMBER, cure=GIVE_NUMBER
    )


APT = Flag(
    name="apt",
    label=mark("Whether the whistle was apt"),
    yes=mark("Apt: we take it on"),
    no=mark("Not apt: back to who whistled"),
)

REPORT: tuple[Field, ...] = (
    Place(name="grid", label=mark("Grid")),
    Text(name="category", label=mark("Category"), line=True),
    Text(name="department", label=mark("Department"), line=True),
    _number("reported_at", mark("Reported"), most=LATEST_S - 1),
    _reference("rule", mark("Rule")),
)
"""What is known of a report beside what can be said with a move; `rule` is the routing rule
that chose the office.
"""

FIELDS: tuple[Field, ...] = (
    *REPORT,
    _reference("office", mark("Office"), highest=2**31 - 1),
    _reference("person", mark("Person")),
    Text(name="reason", label=mark("Reason"), as_written=True),
    _number("until", mark("New limit"), most=LATEST_S - 1),
    _number("rating", mark("Rating"), most=2**31 - 1),
    APT,
    _reference("parent", mark("Matter it repeats")),
    PhotoNumbers(
        name="attachments",
        label=mark("Photos"),
        most=MOST_PHOTOS,
        rule=NOT_A_NUMBER,
        cure=GIVE_NUMBER,
    ),
)
