"""A layer edited outside, in QGIS, as one change of a plan: codes given, unmoved borders
recognised, descent told by land.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.errors import Fault, InputError
from gridmap.geo.crs import to_metres
from gridmap.planning import Change, Plan, difference
from gridmap.planning.apportionment import shared_out
from gridmap.words import mark

LATTICE = 8
"""Decimals of a degree kept: a millimetre."""
LEAST_DEG2 = 2e-10
"""A grid with less land of another than this, two square metres, is not made of it."""
USED = mark("The code was used before")
NEW_CODE = mark(
    "Leave the code of the grid it was cut from, or give one that was never used."
)
FULL = mark("the village has no free grid number")
NO_MORE = mark("A village can number 999 grids in all time.")

Objects = npt.NDArray[np.object_]


def numbered(
    base: Plan, grids: gpd.GeoDataFrame, *, used: frozenset[int]
) -> gpd.GeoDataFrame:
    """`grids` with codes of their own for the pieces of a grid that was cut: rows that have
    one code.

    A desktop program copies the attributes of what it cuts: pieces that all have the
    households (or population) of the whole share them by area, the largest remainder first.
    """
    table = grids.reset_index(drop=True)
    households = dict(zip(base.codes.tolist(), base.households.tolist(), strict=True))
    population = dict(zip(base.codes.tolist(), base.population.tolist(), strict=True))
    taken = used | set(base.codes.tolist()) | set(table["code"].tolist())
    for code, rows in table.groupby("code").groups.items():
        if len(rows) < 2:
            continue
        pieces = _west_to_east(table, list(rows))
        fresh = _free(int(str(code)), len(pieces), taken)
        taken |= set(fresh)
        for column, whole in (("households", households), ("population", population)):
            total = whole.get(int(str(code)))
            if total and set(table.loc[pieces, column]) == {total}:
                table.loc[pieces, column] = shared_out(
                    total, shapely.area(to_metres(_shapes(table.loc[pieces])))
                )
        table.loc[pieces, "code"] = fresh
        table.loc[pieces, "name"] = ""
    new = sorted((set(table["code"].tolist()) - set(base.codes.tolist())) & used)
    if new:
        raise InputError(
            [Fault(rule=USED, field="code", value=str(code), cure=NEW_CODE) for code in new]
        )
    return table


def recognised(base: Plan, grids: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`grids` with the polygons of `base` wherever nothing but the order or the last digit
    of a vertex differs.
    """
    shapes = _shapes(grids).copy()
    rows = {code: row for row, code in enumerate(base.codes.tolist())}
    own = np.array([rows.get(code, -1) for code in grids["code"].tolist()])
    known = np.flatnonzero(own >= 0)
    old = base.shapes[own[known]]
    same = shapely.equals_exact(
        shapely.normalize(_whole(shapes[known])), shapely.normalize(old), 2e-8
    )
    shapes[known[same]] = old[same]
    moved = np.ones(len(shapes), dtype=bool)
    moved[known[same]] = False
    shapes[moved] = shapely.transform(
        _whole(shapes[moved]), lambda at: np.round(at, LATTICE)
    )
    return grids.set_geometry(gpd.GeoSeries(shapes, index=grids.index, crs=grids.crs))


def change_to(base: Plan, grids: gpd.GeoDataFrame) -> Change:
    """The change that makes `grids` out of `base`; each grid that comes names those whose
    land it has.

    Raises InputError when nothing differs, or a shape is not one polygon.
    """
    after = Plan.of(grids)
    found = difference(base, after, "import", lineage={})
    if not len(found.removed) and not len(found.added):
        cure = mark("Edit the file, and save it before it is imported.")
        raise InputError(Fault(rule=mark("nothing would change"), cure=cure))
    return difference(base, after, "import", lineage=_lineage(base, found))


def _lineage(base: Plan, change: Change) -> dict[int, tuple[int, ...]]:
    # In degrees: a vertex more on a border bends it in metres, and would look like land.
    old, new = base.shapes[base.rows(change.removed)], _shapes(change.added)
    one, other = shapely.STRtree(old).query(new, predicate="intersects")
    area = shapely.area(shapely.intersection(new[one], old[other]))
    codes = change.created_or_kept[one]
    pairs = pd.DataFrame({"code": codes, "from": change.removed[other], "area": area})
    pairs = pairs[pairs["area"] > LEAST_DEG2]
    return {
        int(str(code)): tuple(sorted(group["from"].tolist()))
        for code, group in pairs.groupby("code")
    }


def _free(code: int, count: int, taken: set[int] | frozenset[int]) -> list[int]:
    """The next `count` codes of the village that were never used."""
    village = code // 1000 * 1000
    first = (
        max((one for one in taken if one // 1000 * 1000 == village), default=village) + 1
    )
    if first + count - 1 > village + 999:
        raise InputError(Fault(rule=FULL, field="code", value=str(code), cure=NO_MORE))
    return list(range(first, first + count))


def _west_to_east(table: gpd.GeoDataFrame, rows: list[int]) -> list[int]:
    return sorted(
        rows,
        key=lambda row: (table.geometry[row].centroid.x, -table.geometry[row].centroid.y),
    )


def _shapes(table: gpd.GeoDataFrame) -> Objects:
    return np.asarray(table.geometry.array, dtype=object)


def _whole(shapes: Objects) -> Objects:
    """Polygons where a file has multipolygons of one part."""
    single = (shapely.get_num_geometries(shapes) == 1) & (
        shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON
    )
    whole = shapes.copy()
    whole[single] = shapely.get_geometry(shapes[single], 0)
    return whole
