"""Reference layers from a file of any supported format: roads, buildings, water, places;
points, lines and polygons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.errors import Fault, InputError
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import LayerKind
from gridmap.sources import cells
from gridmap.sources.columns import resolve
from gridmap.sources.geojson import read_geojson
from gridmap.sources.georeference import to_geographic
from gridmap.sources.layer import RawLayer
from gridmap.sources.ogr import read_ogr
from gridmap.sources.sniff import Format, format_of
from gridmap.words import mark

COLUMNS = ("row", "name", "households", "geometry")
LONGEST_NAME = 120
UNKNOWN = -1
"""`households` of a feature that says none."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("name_zh", "名称", "名字", "路名", "道路名称", "河名", "mc", "label", "title"),
}
_HOUSEHOLDS: Mapping[str, tuple[str, ...]] = {
    "households": ("household", "hh", "户数", "家庭户数", "总户数", "hs"),
}


@dataclass(frozen=True)
class FeatureLayer:
    """What a file of features holds: `features` with `COLUMNS` (EPSG:4490), `row` counting
    from 1 as the file does.
    """

    features: gpd.GeoDataFrame
    format: Format
    file: str
    notes: tuple[str, ...]


def read_features(
    path: Path | str,
    *,
    kind: LayerKind,
    crs: Any = None,
    name_column: str = "",
    households_column: str = "",
    layer: str = "",
) -> FeatureLayer:
    """The features of a GeoJSON, GeoPackage, zipped Shapefile, GeoParquet or FlatGeobuf file.

    Only shape, name and number of households are taken; no other column is kept. The names
    of buildings are taken from a column that is named alone: a guessed one might hold the
    names of who lives there. `crs` and `layer` as in `gridmap.sources.grids.read_layer`; a
    layer of the whole country may be given, so that only places outside China are
    implausible.

    Raises InputError with every row that cannot be used.
    """
    path = Path(path)
    file_format = format_of(path)
    raw = (
        read_geojson(path, any_shape=True)
        if file_format is Format.GEOJSON
        else read_ogr(path, file_format, layer=layer, any_shape=True)
    )
    if len(raw.columns) == 0:
        raise InputError(
            Fault(
                rule=mark("the file has no features"),
                file=path.name,
                cure=mark("Give a file with features in it."),
            )
        )
    chosen = _columns(raw, kind, name_column, households_column, path.name)
    households, unreadable = _converted(
        raw, chosen.get("households"), cells.count, UNKNOWN, path.name
    )
    names, long = _converted(raw, chosen.get("name"), _name, "", path.name)
    faults = [*raw.faults, *_missing(raw, path.name), *unreadable, *long]
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row))
    placed = to_geographic(raw.shapes, raw.crs if crs is None else crs, file=path.name)
    shapes, mended = _valid(placed)
    table = pd.DataFrame(
        {"row": np.arange(1, len(shapes) + 1), "name": names, "households": households}
    )
    features = gpd.GeoDataFrame(
        table.astype({"households": "int64"}),
        geometry=gpd.GeoSeries(shapes, crs=GEOGRAPHIC),
    )
    notes = list(raw.notes)
    if mended:
        notes.append(f"made {mended} polygons valid that crossed themselves")
    return FeatureLayer(features, file_format, path.name, tuple(notes))


def _columns(
    raw: RawLayer, kind: LayerKind, name: str, households: str, file: str
) -> dict[str, str]:
    columns = {"name": name, "households": households}
    given = {key: column for key, column in columns.items() if column}
    guesses: dict[str, tuple[str, ...]] = {}
    if kind is not LayerKind.BUILDINGS or name:
        guesses |= _NAMES
    if kind is LayerKind.BUILDINGS or households:
        guesses |= _HOUSEHOLDS
    return resolve(raw.columns.columns, guesses, mapping=given, file=file)


def _converted(
    raw: RawLayer,
    column: str | None,
    convert: Callable[[Any], Any],
    default: Any,
    file: str,
) -> tuple[list[Any], list[Fault]]:
    """The cells of a column as what they mean, with a fault for each that does not."""
    if column is None:
        return [default] * len(raw.columns), []
    values, faults = [], []
    for row, cell in enumerate(raw.columns[column], start=1):
        try:
            values.append(default if cells.is_missing(cell) else convert(cell))
        except cells.UnreadableError as unreadable:
            values.append(default)
            faults.append(
                Fault(
                    rule=unreadable.rule,
                    cure=unreadable.cure,
                    row=row,
                    field=column,
                    value=str(cell)[:80],
                    file=file,
                )
            )
    return values, faults


def _name(value: Any) -> str:
    """A name on one line, without signs that show as nothing."""
    printable = (sign if sign.isprintable() else " " for sign in cells.text(value))
    text = " ".join("".join(printable).split())
    if len(text) > LONGEST_NAME:
        raise cells.UnreadableError(
            mark("the name is too long"), f"Give at most {LONGEST_NAME} characters."
        )
    return text


def _missing(raw: RawLayer, file: str) -> Iterator[Fault]:
    already_faulty = {fault.row for fault in raw.faults}
    empty = shapely.is_missing(raw.shapes) | shapely.is_empty(raw.shapes)
    for row in (np.flatnonzero(empty) + 1).tolist():
        if row not in already_faulty:
            yield Fault(
                rule=mark("the row has no shape"),
                cure=mark("Draw it, or leave the row out."),
                row=row,
                field="geometry",
                file=file,
            )


def _valid(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], int]:
    """Shapes that can be cut and measured: a polygon that crosses itself is taken apart
    where it does.
    """
    wrong = ~shapely.is_valid(shapes)
    mended = np.asarray(shapes, dtype=object).copy()
    mended[wrong] = shapely.make_valid(mended[wrong])
    return mended, int(wrong.sum())
