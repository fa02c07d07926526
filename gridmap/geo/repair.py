"""Mend a layer into a coverage: valid shapes without overlap or narrow gap, no border moved
beyond a tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.geo.crs import GEOGRAPHIC, to_degrees, to_metres
from gridmap.geo.faces import arrange, only_polygons, snapped
from gridmap.geo.gaps import close_gaps
from gridmap.geo.ownership import KEPT, NOBODY, Ints, Ownership, grouped
from gridmap.geo.width import width_m


@dataclass(frozen=True, slots=True)
class Repaired:
    """A mended layer.

    `grids`: the rows given, with mended geometry. `moves`: one row a change: `rule`
    (invalid, overlap, gap, sliver), `codes` (comma list, the winner first), `detail`,
    `moved_m`, how far a border moved at most, and `geometry` (EPSG:4490), the area that
    changed hands or the point where a shape was invalid. `left`: what is wider than the
    tolerance and stays as it was, a GeoDataFrame of `rule`, `codes`, `size_m2`, `size_m`,
    `geometry`.
    """

    grids: gpd.GeoDataFrame
    moves: gpd.GeoDataFrame
    left: gpd.GeoDataFrame


def repair(grids: gpd.GeoDataFrame, *, tolerance_m: float = 1.0) -> Repaired:
    """Mend `grids` (`code`, `geometry` in EPSG:4490, other columns kept) into a coverage.

    Shapes are made valid and keep their polygons alone. An overlap goes to the owner it
    shares the longest border with, a gap to the neighbour with the longest shared border
    (ties: the earlier row); a gap that runs along several grids is cut up among them. A
    detached part narrower than the tolerance is given away like a gap, or dropped when it
    touches nobody. Each of these happens only while no point of the new border lies farther
    than `tolerance_m` from the border the grid had; what is wider stays and is listed in
    `left`. Borders that are left alone keep their vertices, rounded to a millimetre.
    """
    given = np.asarray(grids.geometry.array, dtype=object)
    shapes = snapped(made_valid(given))
    work = Ownership(arrange(shapes), shapes, grids["code"].to_numpy(), tolerance_m)
    _note_invalid(work, given)
    _settle_overlaps(work)
    _release_slivers(work)
    close_gaps(work)
    result = work.shapes()
    mended = grids.copy()
    mended["geometry"] = gpd.GeoSeries(result, index=grids.index, crs=GEOGRAPHIC)
    return Repaired(mended, _moves(work), _listed(work, result))


def _moves(work: Ownership) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        work.moves, columns=["rule", "codes", "detail", "moved_m", "shape_m"]
    )
    shapes = to_degrees(table.pop("shape_m").to_numpy(dtype=object))
    return gpd.GeoDataFrame(
        table, geometry=gpd.GeoSeries(shapes, index=table.index, crs=GEOGRAPHIC)
    )


def made_valid(polygons: Any) -> Any:
    """Polygons (shapely array[n]) with self-crossings, repeated rings and spikes resolved,
    polygons alone.
    """
    return only_polygons(
        shapely.make_valid(polygons, method="structure", keep_collapsed=False)
    )


def _note_invalid(work: Ownership, given: Any) -> None:
    """Record the shapes that had to be made valid."""
    for row in np.flatnonzero(~(shapely.is_valid(given) | shapely.is_missing(given))):
        reason = str(shapely.is_valid_reason(given[row]))
        detail = reason.split("[", maxsplit=1)[0]
        place_m = to_metres(point_of(reason))
        work.moves.append(("invalid", str(work.codes[row]), detail, 0.0, place_m))


def point_of(reason: str) -> Any:
    """The point GEOS names in why a shape is invalid: `Self-intersection[113.9 35.2]`."""
    if "[" not in reason:
        return shapely.Point()
    lon, lat = reason.rsplit("[", 1)[1].rstrip("]").split()[:2]
    return shapely.Point(float(lon), float(lat))


def _settle_overlaps(work: Ownership) -> None:
    """Give each overlap no wider than the tolerance to one of its owners."""
    faces = np.flatnonzero(work.count > 1)
    settled = {}
    for face, size_m in zip(faces.tolist(), width_m(work.faces_m[faces]), strict=True):
        owners = work.owners(face)
        lengths = work.shared(face)
        for winner in sorted(owners, key=lambda row: (-lengths.get(row, 0.0), row)):
            losers = [row for row in owners if row != winner]
            moved = max(work.reach(work.faces_m[face], row) for row in losers)
            if max(size_m, moved) <= work.tolerance_m:
                settled[face] = winner
                rows = [winner, *losers]
                work.note("overlap", rows, work.faces_m[face], max(size_m, moved))
                break
    # Only now: while an overlap is judged, its neighbours own what they owned before.
    for face, winner in settled.items():
        work.owner[face] = winner


def _release_slivers(work: Ownership) -> None:
    """Take narrow detached parts from their owner, to be given away like gaps."""
    part = work.parts(work.owner >= 0)  # whole grids, and what lies apart from them
    area = np.bincount(part, weights=shapely.area(work.faces_m))
    owned = np.flatnonzero(work.owner >= 0)
    largest = np.zeros(len(work.polygons))
    np.maximum.at(largest, work.owner[owned], area[part[owned]])
    minor = owned[area[part[owned]] < largest[work.owner[owned]]]
    for members in grouped(minor, part[minor]):
        shape = work.joined(members, work.faces_m)
        loser = int(work.owner[members[0]])
        size_m = width_m(np.array([shape]))[0]
        fits = max(size_m, work.reach(shape, loser)) <= work.tolerance_m
        if fits and not work.hangs_by_overlap(members, loser):
            _give_away(work, members, shape, size_m)


def _give_away(work: Ownership, members: Ints, shape: Any, size_m: float) -> None:
    loser = work.owner[members[0]]
    work.owner[members] = NOBODY
    rows = work.takers(members)
    for row in rows:
        moved = work.reach(shape, row)
        if moved <= work.tolerance_m:
            work.owner[members] = row
            work.note("sliver", [row, loser], shape, max(size_m, moved))
            return
    if rows:
        work.owner[members] = loser
    elif (work.owner[work.beside(members)] == NOBODY).any():
        work.released.update(dict.fromkeys(members.tolist(), int(loser)))
    else:
        work.drop(members)
        work.note("sliver", [loser], shape, size_m)


def _listed(work: Ownership, result: Any) -> gpd.GeoDataFrame:
    """Overlaps and gaps wider than the tolerance, and shapes of which nothing is left."""
    rows = list(_left_over(work, result))
    frame = gpd.GeoDataFrame(
        rows, columns=["rule", "codes", "geometry"], geometry="geometry", crs=GEOGRAPHIC
    )
    shapes_m = to_metres(np.asarray(frame.geometry.array, dtype=object))
    frame.insert(2, "size_m2", shapely.area(shapes_m))
    frame.insert(3, "size_m", width_m(shapes_m))
    return frame


def _left_over(work: Ownership, result: Any) -> Iterator[tuple[str, str, Any]]:
    for face in np.flatnonzero(work.owner == KEPT).tolist():
        if face not in work.dropped:
            yield "overlap", work.listed(work.owners(face)), work.faces.polygons[face]
    for piece in work.rest:
        yield "gap", "", piece
    for row in np.flatnonzero(shapely.is_empty(result)):
        yield "empty", str(work.codes[row]), work.polygons[row]
