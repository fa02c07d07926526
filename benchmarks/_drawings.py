"""Edits of every kind that the rules allow, drawn at places spread over a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import shapely

from gridmap.city.plans.edits import Edit, Ground, Tool, change_of
from gridmap.geo.adjacency import neighbours
from gridmap.planning import EditRefusal, Plan

KINDS: tuple[Tool, ...] = ("split", "merge", "transfer", "carve", "reshape")
MARKET = "市场"


def allowed(
    plan: Plan, places: int, *, ground: Ground | None = None
) -> dict[Tool, list[Edit]]:
    """`places` edits of each kind, each one that `plan` allows, in an order that is always
    the same.
    """
    left, right, _ = neighbours(plan.shapes)
    mates = (
        (plan.codes[left] // 1000 == plan.codes[right] // 1000)
        & (plan.kinds[left] == "basic")
        & (plan.kinds[right] == "basic")
    )
    pairs = np.stack([plan.codes[left[mates]], plan.codes[right[mates]]], axis=1)
    found: dict[Tool, list[Edit]] = {name: [] for name in KINDS}
    used, around = frozenset(plan.codes.tolist()), ground or Ground()
    for a, b in pairs[np.random.default_rng(1).permutation(len(pairs))].tolist():
        for edit in _drawn(plan, a, b):
            if len(found[edit.tool]) < places:
                with suppress(EditRefusal):
                    change_of(plan, edit, used=used, ground=around)
                    found[edit.tool].append(edit)
        if all(len(edits) >= places for edits in found.values()):
            break
    return found


def _drawn(plan: Plan, a: int, b: int) -> Iterator[Edit]:
    """One edit of each kind at two neighbours."""
    shape, other = plan.grid(a).shape, plan.grid(b).shape
    west, south, east, north = shape.bounds
    middle = shape.representative_point()
    yield Edit(
        "split",
        (a,),
        shapely.LineString([(middle.x, south - 1e-3), (middle.x, north + 1e-3)]),
    )
    yield Edit("merge", (a, b))
    shared = shapely.intersection(shape, other)
    band = shapely.buffer(shared, (north - south) / 5, quad_segs=2)
    if band.geom_type == "Polygon":
        yield Edit(
            "transfer",
            (a, b),
            shapely.simplify(shapely.Polygon(band.exterior), (north - south) / 50),
        )
    spot = shapely.buffer(middle, min(east - west, north - south) / 6, quad_segs=4)
    yield Edit("carve", (), spot, name=MARKET)
    border = shapely.line_merge(
        shapely.multilinestrings(
            [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
        )
    )
    if border.geom_type == "LineString":
        ends, turn = (
            (border.coords[0], border.coords[-1]),
            border.interpolate(0.5, normalized=True),
        )
        via = (turn.x + (middle.x - turn.x) / 4, turn.y + (middle.y - turn.y) / 4)
        yield Edit("reshape", (a, b), shapely.LineString([ends[0], via, ends[1]]))
