"""`EditRefusal`: an edit that the rules of drawing do not allow, with the rule's name, the
grids and the place to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from gridmap.errors import Fault, InputError
from gridmap.words import mark

Place = tuple[float, float]

RULES: Mapping[str, tuple[str, str]] = {
    "unknown_grid": (
        mark("not a grid of this plan"),
        mark("Choose a grid of the draft as it stands now."),
    ),
    "changed_meanwhile": (
        mark("changed since the edit was drawn"),
        mark("Look at how the grid stands now and draw again."),
    ),
    "locked": (
        mark("the grid is locked"),
        mark("Leave it out, or have the lock taken away."),
    ),
    "too_few_grids": (
        mark("too few grids are chosen"),
        mark("Choose at least two different grids."),
    ),
    "not_finite": (mark("a coordinate is missing or not a number"), mark("Draw it again.")),
    "too_few_points": (
        mark("too few different points"),
        mark("Draw a line of at least two, an area of three."),
    ),
    "too_many_points": (mark("too many points"), mark("Simplify it, or draw it in steps.")),
    "not_a_line": (mark("not a line"), mark("Draw one line without branches.")),
    "not_an_area": (mark("not an area"), mark("Draw one area without holes.")),
    "self_crossing": (mark("it crosses or touches itself"), mark("Draw it without loops.")),
    "misses": (mark("it does not meet the grid"), mark("Draw it across the grid.")),
    "outside": (
        mark("it lies outside the grids it is meant for"),
        mark("Draw inside the grids of one village."),
    ),
    "along_border": (
        mark("it runs along a border and divides nothing"),
        mark("Draw through the inside of the grid."),
    ),
    "ends_inside": (
        mark("it ends inside the grid"),
        mark("Draw on to the border, or a little beyond it."),
    ),
    "divides_nothing": (
        mark("it makes no new border"),
        mark("Begin and end on borders of the grids."),
    ),
    "swallowed": (
        mark("nothing would be left of the grid"),
        mark("Draw a smaller area; to give up a whole grid, merge it."),
    ),
    "not_adjacent": (
        mark("the grids share no border"),
        mark("Choose grids that lie side by side; a common corner is not enough."),
    ),
    "several_parts": (
        mark("a grid would fall into parts"),
        mark("Draw so that each grid stays in one piece."),
    ),
    "crosses_village": (
        mark("borders of villages, townships and counties stay where they are"),
        mark("Draw inside one village."),
    ),
    "too_narrow": (
        mark("a part is too narrow"),
        mark("Draw farther away from the border."),
    ),
    "too_small": (mark("a part is too small"), mark("Draw a larger area.")),
    "not_exact": (
        mark("the pieces would not fit together exactly"),
        mark("Draw with fewer points, or a little farther from other borders."),
    ),
    "no_free_code": (
        mark("the village has no free grid number"),
        mark("A village can number 999 grids in all time."),
    ),
    "not_a_kind": (mark("not a kind of grid"), mark("Use basic or exclusive.")),
    "not_a_name": (mark("not a name"), mark("Write 1 to 60 characters.")),
    "not_households": (
        mark("not a number of households"),
        mark("Write a whole number from 0 to 100,000."),
    ),
    "not_parts": (mark("not a number of parts"), mark("Choose 2 to 20 parts.")),
    "no_even_split": (
        mark("no straight lines divide the grid like this"),
        mark("Choose fewer parts, or draw the lines."),
    ),
    "nothing_changes": (
        mark("nothing would change"),
        mark("Change something, or leave it."),
    ),
}
"""Every rule by name: what is wrong, and the cure; texts of the catalogues."""

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that an edit breaks: its name, the grids it concerns, a place (lon, lat) to
    look at, a value.
    """

    rule: str
    grids: tuple[int, ...] = ()
    place: Place | None = None
    value: str = ""

    @property
    def fault(self) -> Fault:
        """The violation as a fault, in words."""
        words, cure = RULES[self.rule]
        listed = ", ".join(str(code) for code in self.grids[:_SHOWN])
        if len(self.grids) > _SHOWN:
            listed += " …"
        return Fault(
            rule=words,
            cure=cure,
            field="grid" if listed else "",
            value=self.value or listed,
        )


class EditRefusal(InputError):  # noqa: N818  (the field's word)
    """An edit that is refused; the plan stays as it is.

    `violations` are all there are; `rule`, `grids` and `place` are those of the first.
    """

    def __init__(self, violations: Iterable[Violation] | Violation) -> None:
        self.violations = (
            (violations,) if isinstance(violations, Violation) else tuple(violations)
        )
        super().__init__(violation.fault for violation in self.violations)

    @property
    def rule(self) -> str:
        """Name of the first rule that stands against the edit, a key of `RULES`."""
        return self.violations[0].rule

    @property
    def grids(self) -> tuple[int, ...]:
        """The grids it concerns, by code."""
        return self.violations[0].grids

    @property
    def place(self) -> Place | None:
        """Longitude and latitude to look at."""
        return self.violations[0].place


def refuse(rule: str, *grids: int, at: Any = None, value: str = "") -> EditRefusal:
    """A refusal of one violation; `at` is a geometry (EPSG:4490) or a pair of coordinates."""
    return EditRefusal(violation(rule, *grids, at=at, value=value))


def violation(rule: str, *grids: int, at: Any = None, value: str = "") -> Violation:
    """A violation; `at` is a geometry (EPSG:4490) or a pair of coordinates."""
    return Violation(rule, tuple(int(code) for code in grids), place_of(at), value)


@contextmanager
def about(*grids: int, at: Any = None) -> Iterator[None]:
    """Let every violation met inside that names no grid name these, and one without a place
    lie at the geometry `at`.
    """
    try:
        yield
    except EditRefusal as refusal:
        place, codes = place_of(at), tuple(int(code) for code in grids)
        raise EditRefusal(
            replace(
                violation, grids=violation.grids or codes, place=violation.place or place
            )
            for violation in refusal.violations
        ) from None


def place_of(where: Any) -> Place | None:
    """A point of a geometry or pair of coordinates, to a tenth of a metre; None where there
    is none.
    """
    if where is None:
        return None
    is_geometry = isinstance(where, shapely.Geometry)
    if not np.isfinite(shapely.get_coordinates(where) if is_geometry else where).all():
        return None
    point = shapely.point_on_surface(where) if is_geometry else shapely.Point(where)
    if point.is_empty or not shapely.is_valid(point):
        return None
    return round(point.x, 6), round(point.y, 6)
