"""Routing: an ordered list of rules; the first that fits a matter's category and place
names its first desk.

Order decides, not how closely a rule fits: an exception stands before what it is an exception from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.codes import Codes, ancestors, span
from gridmap.model import OfficeKind


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """`category` (a code or its beginning, "" for all) in `area` (a place and all in it)
    goes to desk `first`.

    `department` is who it is dispatched to by default, "" leaves it to the first desk; with
    `first` a department, that one is meant.
    """

    id: int
    position: int
    category: str
    area: int
    first: OfficeKind
    department: str = ""
    active: bool = True
    note: str = ""

    def fits(self, category: str, places: Sequence[int]) -> bool:
        """Whether it fits a matter of `category` in a grid with `places` over it, the
        grid's code included.
        """
        return self.active and category.startswith(self.category) and self.area in places


@dataclass(frozen=True, slots=True)
class Route:
    """Where a matter goes: the rule's number (0: none fits), the first office (0: the
    dispatcher's queue), and the department it is dispatched to by default ("": the first
    desk's choice).
    """

    rule: int = 0
    office: int = 0
    department: str = ""


def in_order(rules: Sequence[RoutingRule]) -> tuple[RoutingRule, ...]:
    """The rules as they are tried: by position, then by number."""
    return tuple(sorted(rules, key=lambda rule: (rule.position, rule.id)))


def first_fit(rules: Sequence[RoutingRule], category: str, grid: int) -> RoutingRule | None:
    """The first of `rules` (in order) that fits; None when none does."""
    places = ancestors(grid)
    return next((rule for rule in rules if rule.fits(category, places)), None)


def first_fits(
    rules: Sequence[RoutingRule],
    categories: Mapping[int, str],
    category: npt.NDArray[np.integer],
    grid: Codes,
) -> npt.NDArray[np.int64]:
    """For each of n matters the row of the first of `rules` (in order) that fits, −1 where
    none does; int64[n].

    `category` are numbers whose codes stand in `categories`, `grid` 15-digit codes. The
    same answer as `first_fit` gives, for all at once.
    """
    row_of = np.full(len(grid), -1, dtype=np.int64)
    size = max(categories, default=0) + 1
    for row, rule in enumerate(rules):
        if not rule.active:
            continue
        wanted = np.zeros(size, dtype=np.bool_)
        wanted[
            [
                number
                for number, code in categories.items()
                if code.startswith(rule.category)
            ]
        ] = True
        first, end = span(rule.area)
        left = np.flatnonzero(row_of < 0)
        fits = wanted[category[left]] & (grid[left] >= first) & (grid[left] < end)
        row_of[left[fits]] = row
    return row_of
