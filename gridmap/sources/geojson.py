"""GeoJSON (RFC 7946) read by a plain JSON parser: nothing in the file can make us open
another one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.errors import Fault, InputError
from gridmap.sources.layer import MAX_FEATURES, MAX_VERTICES, RawLayer
from gridmap.words import mark

MAX_JSON_BYTES = 2**29
_DEFAULT_CRS = "OGC:CRS84"


def read_geojson(
    path: Path, *, close_rings: bool = False, any_shape: bool = False
) -> RawLayer:
    """The features of a GeoJSON file.

    A ring that does not end where it begins is a fault; with `close_rings` it is closed,
    and that is noted. Points and lines are faults too, as grids are polygons, unless
    `any_shape` is asked for. Raises InputError when the file as a whole is no GeoJSON.
    """
    document = _parse(path)
    features = _features(document, path)
    reader = _Reader(path.name, close_rings, any_shape)
    shapes = np.array(
        [reader.shape(row, feature) for row, feature in enumerate(features, start=1)],
        dtype=object,
    )
    columns = pd.DataFrame([_properties(feature) for feature in features], dtype=object)
    if len(columns) != len(features):  # features without any property
        columns = pd.DataFrame(index=range(len(features)))
    return RawLayer(columns, shapes, _crs(document, path), reader.faults, reader.notes())


def _parse(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_JSON_BYTES:
        raise _whole(
            path,
            "the file is larger than 512 MB",
            "Give a GeoPackage, FlatGeobuf or GeoParquet file.",
        )
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _whole(path, f"the file is no JSON ({error})", "Export it again.") from error
    if not isinstance(document, dict):
        raise _whole(path, "the file is no GeoJSON", "Give a FeatureCollection.")
    return document


def _features(document: dict[str, Any], path: Path) -> list[Any]:
    kind, features = document.get("type"), document.get("features")
    if kind == "Feature":
        features = [document]
    elif kind != "FeatureCollection" or not isinstance(features, list):
        raise _whole(
            path,
            "the file is no GeoJSON of features",
            "Give a FeatureCollection.",
            value=kind,
        )
    if len(features) > MAX_FEATURES:
        raise _whole(path, f"the file has more than {MAX_FEATURES:,} features", "Split it.")
    return features


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return {}
    return {str(key): value for key, value in properties.items()}


def _crs(document: dict[str, Any], path: Path) -> str:
    """The `crs` member older files have; RFC 7946 allows WGS84 alone."""
    if document.get("crs") is None:
        return _DEFAULT_CRS
    try:
        return str(document["crs"]["properties"]["name"])
    except (TypeError, KeyError) as error:
        raise _whole(
            path,
            "the crs member is not understood",
            "Name the system with --crs.",
            field="crs",
        ) from error


def _whole(
    path: Path, rule: str, cure: str, *, field: str = "", value: Any = ""
) -> InputError:
    return InputError(
        Fault(rule=rule, cure=cure, field=field, value=str(value or ""), file=path.name)
    )


class _Malformed(Exception):  # noqa: N818  (a turn in the reading, not an error of ours)
    def __init__(self, rule: str, cure: str, value: Any = "") -> None:
        self.rule, self.cure, self.value = rule, cure, str(value)[:80]
        super().__init__(rule)


class _Reader:
    """Builds shapes feature by feature and keeps what is wrong with each."""

    def __init__(self, file: str, close_rings: bool, any_shape: bool) -> None:  # noqa: FBT001  (private)
        self.file, self.close_rings, self.any_shape = file, close_rings, any_shape
        self.faults: list[Fault] = []
        self.closed: list[int] = []
        self.vertices = 0

    def shape(self, row: int, feature: Any) -> Any:
        """The shape of a feature; None with a fault noted when it is none, or not a polygon
        where one is asked for.
        """
        try:
            return self._shape(row, feature)
        except _Malformed as wrong:
            self.faults.append(
                Fault(
                    rule=wrong.rule,
                    cure=wrong.cure,
                    row=row,
                    field="geometry",
                    value=wrong.value,
                    file=self.file,
                )
            )
            return None

    def notes(self) -> list[str]:
        """What was settled without asking."""
        if not self.closed:
            return []
        return [
            (
                f"closed the rings of {len(self.closed)} features (rows "
                f"{', '.join(map(str, self.closed[:20]))})"
            )
        ]

    def _shape(self, row: int, feature: Any) -> Any:
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if geometry is None:
            return None
        is_object = isinstance(geometry, dict)
        kind = geometry.get("type") if is_object else None
        parts = geometry.get("coordinates") if is_object else None
        if kind not in ("Polygon", "MultiPolygon"):
            if not self.any_shape:
                raise _Malformed(
                    mark("a grid is a polygon or a multipolygon"),
                    mark("Leave other shapes out."),
                    kind,
                )
            return self._other(kind, parts)
        if kind == "Polygon":
            return self._polygon(row, parts)
        return shapely.MultiPolygon([self._polygon(row, part) for part in _list(parts)])

    def _polygon(self, row: int, part: Any) -> Any:
        rings = [self._ring(row, ring) for ring in _list(part)]
        return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()

    def _other(self, kind: Any, parts: Any) -> Any:
        """A point, a line, or several of them."""
        if kind in ("Point", "MultiPoint"):
            points = self._positions([parts] if kind == "Point" else parts)
            return (
                shapely.Point(points[0]) if kind == "Point" else shapely.MultiPoint(points)
            )
        if kind in ("LineString", "MultiLineString"):
            if kind == "LineString":
                return self._line(parts)
            return shapely.MultiLineString([self._line(part) for part in _list(parts)])
        raise _Malformed(
            mark("not a point, a line or a polygon"), mark("Leave other shapes out."), kind
        )

    def _line(self, part: Any) -> Any:
        positions = self._positions(part)
        if len(positions) < 2:
            raise _Malformed(
                mark("a line has fewer than two positions"),
                mark("Draw it again."),
                positions.tolist(),
            )
        return shapely.LineString(positions)

    def _positions(self, part: Any) -> npt.NDArray[np.float64]:
        positions = np.array(
            [_position(position) for position in _list(part)], dtype=np.float64
        ).reshape(-1, 2)
        self.vertices += len(positions)
        if self.vertices > MAX_VERTICES:
            raise InputError(
                Fault(
                    rule=f"more than {MAX_VERTICES:,} vertices",
                    file=self.file,
                    cure="Simplify or split the file.",
                )
            )
        return positions

    def _ring(self, row: int, ring: Any) -> Any:
        positions = self._positions(ring)
        if len(positions) and (positions[0] != positions[-1]).any():
            if not self.close_rings:
                raise _Malformed(
                    mark("a ring does not end where it begins"),
                    mark("Close it, or import with --repair."),
                )
            positions = np.vstack([positions, positions[:1]])
            self.closed.append(row)
        if len(positions) < 4:
            raise _Malformed(
                mark("a ring has fewer than four positions"),
                mark("Draw it again."),
                positions.tolist(),
            )
        return positions


def _list(value: Any) -> Iterator[Any] | list[Any]:
    if not isinstance(value, list):
        raise _Malformed(
            mark("coordinates are nested wrongly"), mark("Export the file again."), value
        )
    return value


def _position(value: Any) -> tuple[float, float]:
    if isinstance(value, list) and len(value) >= 2:
        x, y = value[0], value[1]
        # By type, not isinstance: `true` is an int to Python.
        are_numbers = type(x) in (int, float) and type(y) in (int, float)
        if are_numbers and math.isfinite(_float(x)) and math.isfinite(_float(y)):
            return float(x), float(y)
    raise _Malformed(
        mark("a position is no pair of finite numbers"),
        mark("Correct the coordinates."),
        value,
    )


def _float(value: float) -> float:
    # JSON has whole numbers of any length; one of 400 digits is no float.
    try:
        return float(value)
    except OverflowError:
        return math.inf
