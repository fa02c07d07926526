"""A grid divided by straight lines into parts of even households, load or area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.planning import constraints
from gridmap.planning.apportionment import Points, shared_out, weights
from gridmap.planning.assembly import Tools, checked
from gridmap.planning.change import Change
from gridmap.planning.difference import differing
from gridmap.planning.edits import split
from gridmap.planning.grid import Grid
from gridmap.planning.lattice import metres_per_degree
from gridmap.planning.numbering import in_order, name_of, new_codes, village_of
from gridmap.planning.plan import Plan
from gridmap.planning.refusal import EditRefusal, about, refuse
from gridmap.planning.rules import DEFAULT, DrawingRules

Weight = Literal["households", "load"]
Floats = npt.NDArray[np.float64]

MOST_PARTS = 20
ANGLES = 18
"""Directions a straight cut is tried in, ten degrees apart."""
_BEYOND = 0.02  # share of its length by which a cut reaches beyond the border
_CLOSE = 0.01  # differences of share up to which the shorter cut is better


@dataclass(frozen=True)
class _Cut:
    """A straight cut: its ends in metres, how far its shares are off, its length."""

    ends: Floats
    off: float
    length: float


def split_even(
    plan: Plan,
    code: int,
    parts: int,
    *,
    used: npt.ArrayLike,
    weight: Weight = "households",
    load_points: Points | None = None,
    buildings: Points | None = None,
    rules: DrawingRules = DEFAULT,
) -> Change:
    """Divide a grid into `parts` grids of even households (by `buildings`, else by area) or
    load (by `load_points`).

    Straight cuts halve it again and again; of the directions that leave both sides in one
    piece the one counts whose shares come closest, among those that are about equal the
    shortest. Codes, names, households and notes are as in `split`. Raises EditRefusal,
    `no_even_split` when no straight line will do.
    """
    tools = Tools(rules, buildings)
    checked(plan, [code], rules)
    if not 2 <= parts <= MOST_PARTS:
        raise refuse("not_parts", code, at=plan.grid(code).shape, value=str(parts))
    points = load_points if weight == "load" else buildings
    with about(code, at=plan.grid(code).shape):
        codes = new_codes(village_of(code), parts, used=used, codes=plan.codes)
    cut = _halved(plan, code, parts, _inside(points, plan.grid(code).shape))
    return _one_change(plan, code, cut, codes, tools)


def _one_change(plan: Plan, code: int, cut: Plan, codes: list[int], tools: Tools) -> Change:
    """The change from `plan` to `cut`, its parts numbered with `codes`, households shared
    out in one go.
    """
    gone, come = differing(plan, cut)
    fresh = np.setdiff1d(come, plan.codes)
    shapes = cut.shapes[cut.rows(fresh)]
    shapes = shapes[in_order(shapes)]
    share, by_buildings = weights(shapes, tools.buildings)
    old = plan.grid(code)
    households, population = (
        shared_out(total, share).tolist() for total in (old.households, old.population)
    )
    parts = zip(codes, shapes, households, population, strict=True)
    added = [
        (Grid(number, name_of(number), old.kind, living, people, shape), (code,))
        for number, shape, living, people in parts
    ]
    neighbours = np.setdiff1d(come, fresh).tolist()
    added += [(cut.grid(neighbour), (neighbour,)) for neighbour in neighbours]
    note = "households_by_buildings" if by_buildings else "households_by_area"
    change = plan.change(gone.tolist(), added, "split", (note,))
    constraints.judge(plan, change, tools.rules)
    return change


def _halved(plan: Plan, code: int, parts: int, points: Points | None) -> Plan:
    """The plan with a grid divided into `parts` under codes that are only for now."""
    if parts == 1:
        return plan
    first = parts // 2
    # Limits are judged once, on the whole change: a half may be narrow that is cut again.
    rules = replace(DEFAULT, snap_m=0.1, min_width_m=0.0, min_area_m2=0.0)
    shape = plan.grid(code).shape
    scale = metres_per_degree(shape.centroid.y)
    for cut in _cuts(shape, first / parts, points, scale):
        try:
            change = split(plan, code, cut.ends / scale, used=(), rules=rules)
        except EditRefusal:
            continue
        if len(change.created) == 2:
            break
    else:
        raise refuse("no_even_split", code, at=shape, value=str(parts))
    left, right = _left_first(change, cut, scale)
    plan = plan.apply(change)
    plan = _halved(plan, left, first, _inside(points, plan.grid(left).shape))
    return _halved(plan, right, parts - first, _inside(points, plan.grid(right).shape))


def _left_first(change: Change, cut: _Cut, scale: Floats) -> tuple[int, int]:
    """The two new grids, the one that lies left of the cut first."""
    added = change.added[np.isin(change.created_or_kept, change.created)]
    start, end = cut.ends
    sides = [
        _side(start, end, np.array(shape.point_on_surface().coords) * scale)[0]
        for shape in added.geometry
    ]
    codes = [int(code) for code in added["code"]]
    return (codes[0], codes[1]) if sides[0] > sides[1] else (codes[1], codes[0])


def _side(start: Floats, end: Floats, places: Floats) -> Floats:
    """Above nought left of the line from start to end."""
    along, apart = end - start, places - start
    return np.asarray(along[0] * apart[:, 1] - along[1] * apart[:, 0])


def _inside(points: Points | None, shape: Any) -> Points | None:
    if points is None:
        return None
    near = points.inside(shape.bounds)
    inside = shapely.intersects_xy(shape, near.lon, near.lat)
    return Points(near.lon[inside], near.lat[inside], near.weight[inside])


def _cuts(shape: Any, share: float, points: Points | None, scale: Floats) -> Iterator[_Cut]:
    """Straight cuts that leave `share` on their left, the best first."""
    shape_m = shapely.transform(shape, lambda xy: xy * scale)
    places, weight = _samples(shape_m, points, scale)
    cuts = []
    for angle in np.arange(ANGLES) * np.pi / ANGLES:
        direction = np.array([np.cos(angle), np.sin(angle)])
        cut = _cut_at(shape_m, direction, share, places, weight)
        if cut is not None:
            cuts.append(cut)
    yield from sorted(cuts, key=lambda cut: (round(cut.off / _CLOSE), cut.length))


def _samples(shape_m: Any, points: Points | None, scale: Floats) -> tuple[Floats, Floats]:
    """Weighted places in metres: the points, or, where they weigh nothing, a close lattice
    for the area.
    """
    if points is not None and points.weight.sum() > 0:
        return np.stack([points.lon, points.lat], axis=1) * scale, points.weight
    west, south, east, north = shape_m.bounds
    step = np.sqrt((east - west) * (north - south) / 10_000)
    x, y = np.meshgrid(
        np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step)
    )
    inside = shapely.contains_xy(shape_m, x, y)
    return np.stack([x[inside], y[inside]], axis=1), np.ones(int(inside.sum()))


def _cut_at(
    shape_m: Any, along: Floats, share: float, places: Floats, weight: Floats
) -> _Cut | None:
    """The cut in the direction `along` with `share` of the weight on its left; None when it
    would make more than two.
    """
    across = np.array([-along[1], along[0]])
    far = places @ across
    order = np.argsort(-far, kind="stable")
    sums = np.cumsum(weight[order]) / weight.sum()
    # A sum may miss the share by the rounding of its terms.
    at = min(int(np.searchsorted(sums, share - 1e-12)), len(order) - 1)
    options = [k for k in (at - 1, at) if 0 <= k < len(order) - 1]
    if not options:
        return None
    best = min(options, key=lambda k: abs(sums[k] - share))
    offset = (far[order[best]] + far[order[best + 1]]) / 2
    west, south, east, north = shape_m.bounds
    reach = 2 * np.hypot(east - west, north - south)
    middle = across * offset + along * (np.array(shape_m.centroid.coords[0]) @ along)
    line = shapely.LineString([middle - along * reach, middle + along * reach])
    chord = shapely.intersection(line, shape_m)
    if shapely.get_type_id(chord) != shapely.GeometryType.LINESTRING or chord.length == 0:
        return None
    ends = shapely.get_coordinates(chord)[[0, -1]]
    if (ends[1] - ends[0]) @ along < 0:
        ends = ends[::-1]
    beyond = along * max(_BEYOND * chord.length, 0.5)
    actual = float(weight[_side(ends[0], ends[1], places) > 0].sum() / weight.sum())
    return _Cut(
        np.stack([ends[0] - beyond, ends[1] + beyond]),
        abs(actual - share),
        float(chord.length),
    )
