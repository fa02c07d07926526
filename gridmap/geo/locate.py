"""Which grid a point lies in: exact, for millions of points in a fraction of a second."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.errors import Fault, InputError
from gridmap.geo import raster
from gridmap.geo.edges import edges_of
from gridmap.geo.lookup import look_up

Codes = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]

FORMAT = 1
"""Version of saved indexes: one more whenever the meaning of any array changes."""

_CHUNK = 1 << 16  # points a thread takes at a time
_NAMED_FAULTS = 20
_FARTHEST = 1e100  # beyond it products of coordinates could overflow
_ARRAYS = {"frame": np.float64, "cells": np.int32, "lists": np.int32, "edges": np.float64}


class GridIndex:
    """Polygons by code, ready to say which of them a point lies in.

    `codes` int64[n] are positive and distinct, `polygons` shapely[n] polygons or
    multipolygons in degrees; holes count, empty ones hold nothing. A point belongs to the
    lowest code whose polygon covers it (`shapely.covers`: borders and corners included), to
    0 when there is none. The answer is exact for every point. Polygons should be valid; in
    one that crosses itself, what an odd number of its rings surround is inside.

    Raises InputError naming every code that occurs twice or is not positive and every row
    whose geometry is missing, of another type or not finite.
    """

    __slots__ = ("_labels", "_raster", "_rows", "codes")

    def __init__(self, codes: npt.ArrayLike, polygons: Any) -> None:
        given = np.asarray(codes)
        shapes = np.asarray(polygons, dtype=object)
        _check(given, shapes)
        order = np.argsort(given, kind="stable")
        built = raster.build(edges_of(shapes[order]), len(order))
        self._take(given[order].astype(np.int64), built)

    def _take(self, codes: Codes, built: raster.Raster) -> None:
        self.codes = codes
        self._raster = built
        self._labels = np.concatenate([[0], codes]).astype(np.int64)
        self._rows = np.arange(-1, len(codes), dtype=np.int32)

    def __len__(self) -> int:
        """Number of polygons."""
        return len(self.codes)

    def locate(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Codes:
        """Code of each point (degrees, float64[m]), int64[m]; 0 outside.

        Raises InputError when a point is NaN or infinite (rows counted from 1) or the
        lengths differ.
        """
        return self._answer(lon, lat, self._labels)

    def locate_position(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Positions:
        """Row in `codes` of each point (degrees, float64[m]), int32[m]; −1 outside. Raises
        as `locate` does.
        """
        return self._answer(lon, lat, self._rows)

    def _answer(
        self, lon: npt.ArrayLike, lat: npt.ArrayLike, answers: npt.NDArray[Any]
    ) -> npt.NDArray[Any]:
        x = np.ascontiguousarray(lon, dtype=np.float64)
        y = np.ascontiguousarray(lat, dtype=np.float64)
        if x.shape != y.shape or x.ndim != 1:
            raise InputError(
                Fault(
                    rule="longitudes and latitudes do not pair up",
                    field="lon, lat",
                    value=f"{x.shape} and {y.shape}",
                    cure="Give two flat arrays of the same length.",
                )
            )
        out = np.empty(len(x), dtype=answers.dtype)
        built = self._raster

        def part(begin: int) -> bool:
            piece = slice(begin, begin + _CHUNK)
            return look_up(
                x[piece],
                y[piece],
                built.frame,
                built.cells,
                built.lists,
                built.edges,
                answers,
                out[piece],
            )

        if not _everywhere(part, range(0, len(x), _CHUNK)):
            raise InputError(_faults_of_points(x, y))
        return out

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to `path` as one file, in full or not at all."""
        target = Path(path)
        arrays = {name: getattr(self._raster, name) for name in _ARRAYS}
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=target.name, delete=False
        ) as file:
            try:
                np.savez(file, format=np.array([FORMAT]), codes=self.codes, **arrays)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The index saved at `path`.

        Raises InputError when the file is missing, damaged, or of another format version;
        build the index anew then.
        """
        try:
            with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as saved:
                formats = saved["format"].tolist()
                if formats != [FORMAT]:
                    raise InputError(_unreadable(path, f"format {formats}, not {FORMAT}"))
                codes = saved["codes"]
                arrays = {name: saved[name] for name in _ARRAYS}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise InputError(_unreadable(path, str(error))) from error
        if codes.dtype != np.int64 or any(
            arrays[name].dtype != kind for name, kind in _ARRAYS.items()
        ):
            raise InputError(_unreadable(path, "arrays of other types"))
        index = cls.__new__(cls)
        index._take(codes, raster.Raster(**arrays))  # noqa: SLF001  (one of our own)
        return index


def warm() -> None:
    """Compile everything location needs, so that the first city to be indexed does not wait
    for it.
    """
    index = GridIndex([1, 2], shapely.box([0.0, 1.0], [0.0, 0.0], [1.0, 2.0], [1.0, 1.0]))
    index.locate(np.array([0.5]), np.array([0.5]))
    index.locate_position(np.array([0.5]), np.array([0.5]))


def _everywhere(part: Any, begins: range) -> bool:
    """Whether `part` holds for every chunk, run on all processors: compiled loops let go of
    the interpreter's lock.
    """
    workers = min(len(begins), len(os.sched_getaffinity(0)))
    if workers <= 1:
        return False not in [part(begin) for begin in begins]
    with ThreadPoolExecutor(workers) as pool:
        return False not in list(pool.map(part, begins))


def _check(codes: npt.NDArray[Any], polygons: npt.NDArray[np.object_]) -> None:
    if codes.shape != polygons.shape or codes.ndim != 1:
        raise InputError(
            Fault(
                rule="codes and polygons do not pair up",
                field="code, geometry",
                value=f"{codes.shape} and {polygons.shape}",
                cure="Give two flat arrays of the same length.",
            )
        )
    faults = [*_faults_of_codes(codes), *_faults_of_polygons(polygons)]
    if faults:
        raise InputError(faults)


def _faults_of_codes(codes: npt.NDArray[Any]) -> list[Fault]:
    if len(codes) and not np.issubdtype(codes.dtype, np.integer):
        return [
            Fault(
                rule="codes are not whole numbers",
                field="code",
                value=str(codes.dtype),
                cure="Give codes as 64-bit whole numbers.",
            )
        ]
    distinct, times = np.unique(codes, return_counts=True)
    twice = [
        Fault(
            rule="code occurs more than once",
            field="code",
            value=str(code),
            cure="Give each grid a code of its own.",
        )
        for code in distinct[times > 1].tolist()
    ]
    low = [
        Fault(
            rule="code is not positive",
            field="code",
            value=str(code),
            cure="0 stands for outside; use 15 digits.",
        )
        for code in distinct[distinct <= 0].tolist()
    ]
    return twice + low


def _faults_of_polygons(polygons: npt.NDArray[np.object_]) -> list[Fault]:
    kinds = shapely.get_type_id(polygons)
    areal = np.isin(
        kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    )
    bounds = shapely.bounds(polygons)
    bounded = shapely.is_empty(polygons) | (np.abs(bounds) < _FARTHEST).all(axis=1)
    return [
        Fault(
            rule="not a polygon" if not areal[row] else "coordinates are not finite",
            row=row + 1,
            field="geometry",
            value="" if polygons[row] is None else polygons[row].wkt[:80],
            cure="Give a polygon or multipolygon in degrees.",
        )
        for row in np.flatnonzero(~(areal & bounded)).tolist()
    ]


def _faults_of_points(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> list[Fault]:
    rows = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y)))
    return [
        Fault(
            rule=f"one of {len(rows)} points that are no finite numbers",
            row=row + 1,
            field="lon, lat",
            value=f"{x[row]}, {y[row]}",
            cure="Leave out points without coordinates.",
        )
        for row in rows[:_NAMED_FAULTS].tolist()
    ]


def _unreadable(path: str | os.PathLike[str], reason: str) -> Fault:
    return Fault(
        rule="not a saved grid index",
        file=str(path),
        value=reason,
        cure="Delete the file and build the index anew.",
    )
