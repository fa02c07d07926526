"""What every indicator is: numerator, denominator and what is left out, in words; the one
table pages and docs show.

The first five are counted from the columns, over all matters; the others need to know who
did what when, and are counted over matters that have a journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gridmap.insight.indicators import SAME_DAYS, SAME_PLACE_M
from gridmap.words import Words, mark

Better = Literal["high", "low"]
Part = Literal["numerator", "denominator", "difference"]
PARTS: tuple[Part, ...] = ("numerator", "denominator", "difference")
"""Which matters of an indicator are meant; the difference are those of the denominator that
are not counted.
"""


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator: `numerator` of `denominator`, without what is `excluded` ("" nothing),
    all texts of the catalogue.

    `journal`: counted over matters with a journal alone. `better`: whether a high or a low
    share is good.
    """

    key: str
    name: str
    numerator: str
    denominator: str
    excluded: str = ""
    journal: bool = False
    better: Better = "high"

    def formula(self, say: Words) -> str:
        """Both parts in words."""
        return say(
            "{numerator} / {denominator}",
            numerator=say(self.numerator, **VALUES),
            denominator=say(self.denominator, **VALUES),
        )


_NOBODYS_MOVE = mark("rejected and voided matters; limits that run out today or later")

DEFINITIONS: Mapping[str, Definition] = {
    one.key: one
    for one in (
        Definition(
            "acceptance",
            mark("Acceptance rate"),
            mark("became a case"),
            mark("reported in the period"),
        ),
        Definition(
            "accurate_acceptance",
            mark("Accurate acceptance"),
            mark("not voided afterwards"),
            mark("reported in the period and accepted"),
        ),
        Definition(
            "on_time_dispatch",
            mark("On-time dispatch"),
            mark(
                "dispatched, or taken in hand by the first desk itself, before the limit "
                "for dispatching"
            ),
            mark("limit for dispatching runs out in the period"),
            _NOBODYS_MOVE,
            journal=True,
        ),
        Definition(
            "closing",
            mark("Closing rate"),
            mark("closed by now, in time or late"),
            mark("due in the period: the limit runs out in it"),
            _NOBODYS_MOVE,
        ),
        Definition(
            "on_time",
            mark("On-time closing"),
            mark("closed before the limit ran out"),
            mark("due in the period: the limit runs out in it"),
            mark("rejected, voided and parked matters; limits that run out today or later"),
        ),
        Definition(
            "rework",
            mark("Rework rate"),
            mark("sent back at least once after verification"),
            mark("taken in hand for the first time in the period"),
            journal=True,
            better="low",
        ),
        Definition(
            "own_level",
            mark("Solved at own level"),
            mark("closed without a whistle"),
            mark("closed in the period"),
            journal=True,
        ),
        Definition(
            "false_closure",
            mark("False closure"),
            mark(
                "the same category was reported again within {metres} m and {days} days of "
                "the closing"
            ),
            mark("closed in the period"),
            better="low",
        ),
        Definition(
            "whistle_in_time",
            mark("Whistles answered in time"),
            mark("every such whistle was answered before its limit"),
            mark("with a whistle whose limit runs out in the period"),
            mark(
                "whistles of matters that ended before the limit; limits that run out "
                "today or later"
            ),
            journal=True,
        ),
        Definition(
            "whistle_apt",
            mark("Apt whistles"),
            mark("every such whistle was judged apt"),
            mark("with a whistle answered in the period"),
            journal=True,
        ),
    )
}
"""Every indicator by key, in the order they are shown; mediation success follows with
mediation itself.
"""

VALUES: Mapping[str, int] = {"metres": round(SAME_PLACE_M), "days": SAME_DAYS}
"""What stands in the braces of the texts above."""
