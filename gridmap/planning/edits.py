"""Edits of a plan as plain functions: each returns a change, or raises a refusal that says why."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.model import GridKind
from gridmap.planning import border
from gridmap.planning.apportionment import Points
from gridmap.planning.assembly import Pieces, Tools, assembled, checked, linework
from gridmap.planning.change import Change
from gridmap.planning.drawing import line_points, ring_points
from gridmap.planning.noding import Linework, faces_of, united, with_vertices
from gridmap.planning.numbering import in_order, name_of, new_codes, village_of
from gridmap.planning.plan import Plan
from gridmap.planning.refusal import EditRefusal, about, refuse, violation
from gridmap.planning.rules import DEFAULT, DrawingRules

Ints = npt.NDArray[np.int64]

LONGEST_NAME = 60
MOST_HOUSEHOLDS = 100_000
MOST_NAMED = 20


def split(
    plan: Plan,
    code: int,
    line: Any,
    *,
    used: npt.ArrayLike,
    buildings: Points | None = None,
    rules: DrawingRules = DEFAULT,
    references: Any = (),
) -> Change:
    """Divide a grid by a drawn line (EPSG:4490) into as many parts as it makes; the old
    code is retired.

    The parts get new codes, from west to east, and names by their numbers; the kind stays.
    Where the line ends on the border, the neighbour gets the vertex too. Raises EditRefusal.
    """
    tools = Tools(rules, buildings, references)
    checked(plan, [code], rules)
    grid = plan.grid(code)
    work = linework(plan, [code], tools)
    with about(code, at=grid.shape):
        drawn = line_points(line, rules)
        work.draw(drawn)
        work.meet()
    _ends_outside(work, grid.shape, code)
    parts = _inside(faces_of(work.border_segments() | work.drawn_segments()), grid.shape)
    if len(parts) < 2:
        raise _undivided(drawn, work.lines[0], grid.shape, code)
    return into_parts(plan, code, parts, work.inserted, used=used, tools=tools)


def into_parts(
    plan: Plan, code: int, parts: Any, inserted: Any, *, used: npt.ArrayLike, tools: Tools
) -> Change:
    """The change that makes `parts` (noded, array[k]) of a grid grids of their own."""
    grid = plan.grid(code)
    with about(code, at=grid.shape):
        codes = new_codes(village_of(code), len(parts), used=used, codes=plan.codes)
    parts = parts[in_order(parts)]
    known = {number: (name_of(number), grid.kind) for number in codes}
    pieces = Pieces(parts, [code] * len(parts), codes, inserted, known)
    return assembled(plan, pieces, "split", tools)


def merge(
    plan: Plan, codes: npt.ArrayLike, *, used: npt.ArrayLike, rules: DrawingRules = DEFAULT
) -> Change:
    """Make one grid of several of one village; their codes are retired and it gets a new one.

    It is a basic grid unless all of them are exclusive. Raises EditRefusal.
    """
    chosen = sorted(
        {int(code) for code in np.atleast_1d(np.asarray(codes, dtype=np.int64)).tolist()}
    )
    if len(chosen) < 2:
        raise _too_few(plan, chosen)
    checked(plan, chosen, rules)
    _one_village(plan, chosen)
    shapes = plan.shapes[plan.rows(chosen)]
    joined = shapely.coverage_union_all(shapes)
    if shapely.get_num_geometries(joined) != 1:
        raise refuse(
            "not_adjacent",
            *chosen,
            at=min(shapely.get_parts(joined), key=lambda part: part.area),
        )
    with about(*chosen, at=joined):
        [code] = new_codes(village_of(chosen[0]), 1, used=used, codes=plan.codes)
    kinds = set(plan.kinds[plan.rows(chosen)])
    kind = kinds.pop() if len(kinds) == 1 else GridKind.BASIC.value
    pieces = Pieces(shapes, chosen, [code] * len(chosen), {}, {code: (name_of(code), kind)})
    return assembled(plan, pieces, "merge", Tools(rules))


def reshape(
    plan: Plan,
    a: int,
    b: int,
    line: Any,
    *,
    buildings: Points | None = None,
    rules: DrawingRules = DEFAULT,
    references: Any = (),
) -> Change:
    """Give the border that the grids `a` and `b` share a new course, drawn as a line; both
    keep their codes.

    The line may replace the whole border, from outer border to outer border, or a stretch
    of it, from a point on it to another. Raises EditRefusal.
    """
    tools = Tools(rules, buildings, references)
    both = _two(plan, a, b, rules)
    work = linework(plan, both, tools)
    with about(*both, at=plan.grid(a).shape):
        drawn = line_points(line, rules)
        work.draw(drawn)
        work.meet()
    whole = shapely.coverage_union_all(plan.shapes[plan.rows(both)])
    if shapely.get_num_geometries(whole) != 1:
        raise refuse("not_adjacent", *both, at=whole)
    faces = faces_of(work.border_segments() | work.drawn_segments())
    faces, source = owned(plan, faces, both)
    target = border.new_sides(faces, source, both, work)
    if target is None:
        raise _no_border(drawn, whole, both)
    if target == source:
        raise refuse("nothing_changes", *both, at=whole)
    return assembled(plan, Pieces(faces, source, target, work.inserted), "reshape", tools)


def transfer(
    plan: Plan,
    giver: int,
    taker: int,
    area: Any,
    *,
    buildings: Points | None = None,
    rules: DrawingRules = DEFAULT,
    references: Any = (),
) -> Change:
    """Hand what lies of the grid `giver` in a drawn area (EPSG:4490) to its neighbour
    `taker`; both keep their codes.

    The area may reach beyond the giver; only land of the giver changes hands. Raises EditRefusal.
    """
    tools = Tools(rules, buildings, references)
    giver, taker = _two(plan, giver, taker, rules)
    work = linework(plan, [giver], tools)
    shape = plan.grid(giver).shape
    with about(giver, taker, at=shape):
        ring = shapely.Polygon(work.draw(ring_points(area, rules)))
        if not shapely.relate_pattern(shape, ring, "T********"):
            raise refuse("misses", giver, at=ring)
        work.meet()
    faces = _inside(faces_of(work.border_segments() | work.drawn_segments()), shape)
    taken = shapely.contains(_ring(work), shapely.point_on_surface(faces))
    if not taken.any():
        raise refuse("along_border", giver, at=ring)
    if taken.all():
        raise refuse("swallowed", giver, at=shape)
    return handed_over(plan, (giver, taker), faces, taken, work.inserted, tools=tools)


def handed_over(
    plan: Plan,
    both: tuple[int, int],
    faces: Any,
    taken: npt.NDArray[np.bool_],
    inserted: Any,
    *,
    tools: Tools,
) -> Change:
    """The change that gives the `taken` ones of the giver's `faces` to the taker, `both` in
    this order.
    """
    giver, taker = both
    enlarged = with_vertices(plan.grid(taker).shape, inserted)
    if shapely.get_num_geometries(united([enlarged, *faces[taken]], giver, taker)) != 1:
        raise refuse("not_adjacent", giver, taker, at=faces[taken][0])
    pieces = np.array([*faces, enlarged], dtype=object)
    source = [*[giver] * len(faces), taker]
    target = [*(taker if is_taken else giver for is_taken in taken.tolist()), taker]
    return assembled(plan, Pieces(pieces, source, target, inserted), "transfer", tools)


def carve(
    plan: Plan,
    area: Any,
    *,
    name: str,
    used: npt.ArrayLike,
    buildings: Points | None = None,
    rules: DrawingRules = DEFAULT,
    references: Any = (),
) -> Change:
    """Draw an exclusive grid (a market, a school) out of its hosts, one or several grids of
    one village.

    The hosts keep their codes, the new grid gets a new one. What the area overlaps of
    another village by less than twice `snap_m` is left there. Raises EditRefusal.
    """
    tools = Tools(rules, buildings, references)
    with _about_drawing(plan, area):
        points = ring_points(area, rules)
        _named(name)
    drawn = shapely.Polygon(points)
    hosts = _hosts(plan, drawn, rules)
    checked(plan, hosts, rules)
    work = linework(plan, hosts, tools)
    with about(*hosts, at=drawn):
        work.draw(points)
        work.meet()
    faces, source = owned(
        plan, faces_of(work.border_segments() | work.drawn_segments()), hosts
    )
    taken = shapely.contains(_ring(work), shapely.point_on_surface(faces)).tolist()
    left = {code for code, mine in zip(source, taken, strict=True) if not mine}
    gone = [code for code in hosts if code not in left]
    if gone:
        raise EditRefusal(
            violation("swallowed", code, at=plan.grid(code).shape) for code in gone
        )
    if not any(taken):
        raise refuse("along_border", *hosts, at=drawn)
    with about(*hosts, at=drawn):
        [code] = new_codes(village_of(hosts[0]), 1, used=used, codes=plan.codes)
    target = [code if mine else old for mine, old in zip(taken, source, strict=True)]
    known = {code: (name, GridKind.EXCLUSIVE.value)}
    pieces = Pieces(faces, source, target, work.inserted, known)
    return assembled(plan, pieces, "carve", tools)


def describe(
    plan: Plan,
    code: int,
    *,
    name: str | None = None,
    kind: str | None = None,
    households: int | None = None,
    population: int | None = None,
    rules: DrawingRules = DEFAULT,
) -> Change:
    """Give a grid another name, kind, or number of households or people; what is None
    stays. Raises EditRefusal.
    """
    checked(plan, [code], rules)
    grid = plan.grid(code)
    violations = []
    if kind is not None and kind not in list(GridKind):
        violations.append(violation("not_a_kind", code, at=grid.shape, value=str(kind)))
    if name is not None and not _is_name(name):
        violations.append(
            violation("not_a_name", code, at=grid.shape, value=str(name)[:80])
        )
    violations += [
        violation("not_households", code, at=grid.shape, value=str(number))
        for number in (households, population)
        if number is not None and not 0 <= number <= MOST_HOUSEHOLDS
    ]
    if violations:
        raise EditRefusal(violations)
    after = grid._replace(
        name=grid.name if name is None else name.strip(),
        kind=grid.kind if kind is None else str(kind),
        households=grid.households if households is None else int(households),
        population=grid.population if population is None else int(population),
    )
    if after == grid:
        raise refuse("nothing_changes", code, at=grid.shape)
    return plan.change([code], [(after, (code,))], "describe")


def owned(plan: Plan, faces: Any, codes: list[int]) -> tuple[Any, list[int]]:
    """Those of `faces` that lie in the grids `codes`, and the code each lies in."""
    shapes = plan.shapes[plan.rows(codes)]
    face, row = shapely.STRtree(shapes).query(
        shapely.point_on_surface(faces), predicate="within"
    )
    order = np.lexsort((row, face))
    face, first = np.unique(face[order], return_index=True)
    return faces[face], [codes[at] for at in row[order][first].tolist()]


def _inside(faces: Any, shape: Any) -> Any:
    return faces[shapely.contains(shape, shapely.point_on_surface(faces))]


def _ring(work: Linework) -> Any:
    """The drawn area, with the vertices it shares with borders."""
    return shapely.Polygon(work.lines[0])


def _ends_outside(work: Linework, shape: Any, code: int) -> None:
    """Raise EditRefusal `ends_inside` for every end of the drawn line that lies inside a grid,
    off its border.
    """
    border_points = {point for piece in work.pieces.values() for point in piece}
    ends = [
        end for end in (work.lines[0][0], work.lines[0][-1]) if end not in border_points
    ]
    violations = [
        violation("ends_inside", code, at=end)
        for end in ends
        if shapely.contains_xy(shape, *end)
    ]
    if violations:
        raise EditRefusal(violations)


def _undivided(
    drawn: npt.NDArray[np.float64], line: list[tuple[float, float]], shape: Any, code: int
) -> EditRefusal:
    """Why a line does not divide a grid."""
    path = shapely.linestrings(drawn)
    if not shapely.intersects(shape, path) and not shapely.intersects(
        shape, shapely.linestrings(line)
    ):
        return refuse("misses", code, at=path)
    return refuse("along_border", code, at=path)


def _no_border(drawn: npt.NDArray[np.float64], whole: Any, both: list[int]) -> EditRefusal:
    path = shapely.linestrings(drawn)
    if not shapely.intersects(whole, path):
        return refuse("misses", *both, at=path)
    beyond = shapely.get_parts(shapely.difference(path, whole))
    ends = shapely.points(drawn[[0, -1]])
    loose = shapely.union_all(ends[~shapely.intersects(whole, ends)])
    between = beyond[(shapely.length(beyond) > 0) & ~shapely.intersects(beyond, loose)]
    if len(between):  # the line leaves the two grids and comes back
        return refuse("outside", *both, at=between[0])
    return refuse("divides_nothing", *both, at=path)


def _two(plan: Plan, a: int, b: int, rules: DrawingRules) -> list[int]:
    both = [int(a), int(b)]
    if a == b:
        raise _too_few(plan, both[:1])
    checked(plan, both, rules)
    _one_village(plan, both)
    return both


def _too_few(plan: Plan, chosen: list[int]) -> EditRefusal:
    there = plan.shapes[np.isin(plan.codes, chosen)]
    return refuse(
        "too_few_grids",
        *chosen,
        at=there[0] if len(there) else None,
        value=str(len(chosen)),
    )


def _one_village(plan: Plan, codes: list[int]) -> None:
    if len({village_of(code) for code in codes}) > 1:
        raise refuse("crosses_village", *codes, at=plan.grid(codes[0]).shape)


def _hosts(plan: Plan, drawn: Any, rules: DrawingRules) -> list[int]:
    """The grids an area is drawn out of. Raises EditRefusal `too_narrow`, `outside`,
    `crosses_village`.
    """
    near = plan.near(drawn)
    width = border.widths_m(np.array([drawn], dtype=object))[0]
    if len(near) and width <= 2 * rules.snap_m:
        raise refuse(
            "too_narrow",
            *near.tolist(),
            at=drawn,
            value=f"{width:.1f} m < {rules.min_width_m:g} m",
        )
    common = shapely.intersection(plan.shapes[plan.rows(near)], drawn)
    wide = border.widths_m(common) > 2 * rules.snap_m
    hosts, areas = near[wide], shapely.area(common[wide])
    outside = shapely.difference(drawn, shapely.union_all(common))
    outside_width = border.widths_m(np.array([outside], dtype=object))[0]
    if not len(hosts) or outside_width > 2 * rules.snap_m:
        raise refuse("outside", *hosts.tolist(), at=drawn)
    if len({village_of(code) for code in hosts.tolist()}) > 1:
        home = village_of(hosts[np.argmax(areas)])
        foreign = [
            row for row, code in enumerate(hosts.tolist()) if village_of(code) != home
        ]
        raise refuse("crosses_village", *hosts.tolist(), at=common[wide][foreign[0]])
    return [int(code) for code in hosts.tolist()]


def _about_drawing(plan: Plan, area: Any) -> AbstractContextManager[None]:
    """As `about`, with the grids an area lies on that may be none, where there are not too
    many to name.
    """
    is_geometry = isinstance(area, shapely.Geometry)
    try:
        points = np.asarray(
            shapely.get_coordinates(area) if is_geometry else area, dtype=float
        )
        known = points[np.isfinite(points).all(axis=1)]
    except (TypeError, ValueError):
        known = np.empty((0, 2))
    if not known.size or known.ndim != 2:
        return about()
    box = shapely.box(*known[:, :2].min(axis=0), *known[:, :2].max(axis=0))
    under = plan.near(box).tolist()
    return about(*(under if len(under) <= MOST_NAMED else ()), at=box)


def _named(name: str) -> None:
    if not _is_name(name):
        raise refuse("not_a_name", value=str(name)[:80])


def _is_name(name: Any) -> bool:
    return (
        isinstance(name, str)
        and 0 < len(name.strip()) <= LONGEST_NAME
        and name.isprintable()
    )
