"""`DrawingRules`: the limits of drawing, passed in by whoever edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gridmap.model import GridKind

ANY_SIZE = MappingProxyType(
    {GridKind.BASIC.value: (1, 500), GridKind.EXCLUSIVE.value: (0, 2000)}
)


@dataclass(frozen=True)
class DrawingRules:
    """What an edit has to keep.

    `snap_m`: drawn points within so many metres of a vertex, else of a border, are put on
    it. `min_width_m`: diameter of a circle that has to fit into each grid; `min_area_m2`. A
    grid that is below a limit already may stay so. `most_points` of one drawing.
    `households`: fewest and most by kind, which warn and do not refuse. `locked`: codes
    that no edit may touch.
    """

    snap_m: float = 3.0
    min_width_m: float = 10.0
    min_area_m2: float = 500.0
    most_points: int = 5_000
    households: Mapping[str, tuple[int, int]] = field(default_factory=lambda: ANY_SIZE)
    locked: frozenset[int] = frozenset()


DEFAULT = DrawingRules()
