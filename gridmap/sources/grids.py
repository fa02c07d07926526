"""Grids from a file of any supported format, in one frame and one coordinate system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.errors import Fault, InputError
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.model import GridKind, Level
from gridmap.names import grid_name
from gridmap.sources import cells
from gridmap.sources.columns import resolve
from gridmap.sources.geojson import read_geojson
from gridmap.sources.georeference import CHINA, Bounds, to_geographic
from gridmap.sources.layer import RawLayer
from gridmap.sources.ogr import read_ogr
from gridmap.sources.sniff import Format, format_of

COLUMNS = ("code", "name", "kind", "households", "population", "geometry")

GUESSES: Mapping[str, tuple[str, ...]] = {
    "code": (
        "grid_code",
        "gridcode",
        "grid_id",
        "网格编码",
        "网格代码",
        "编码",
        "代码",
        "wgbm",
        "wgdm",
        "bm",
        "dm",
    ),
    "name": ("grid_name", "gridname", "网格名称", "名称", "网格名", "wgmc", "mc"),
    "kind": (
        "grid_kind",
        "type",
        "grid_type",
        "类型",
        "网格类型",
        "网格类别",
        "类别",
        "wglx",
        "lx",
    ),
    "households": ("household", "hh", "户数", "家庭户数", "总户数", "hs"),
    "population": ("pop", "people", "人口", "人口数", "总人口", "常住人口", "rks", "rk"),
    "county_name": ("county", "县区", "区县", "县", "县区名称", "区县名称", "xqmc"),
    "township_name": (
        "township",
        "town",
        "乡镇",
        "街道",
        "乡镇街道",
        "乡镇名称",
        "街道名称",
        "xzmc",
    ),
    "village_name": (
        "village",
        "community",
        "村",
        "社区",
        "村社区",
        "村名",
        "社区名称",
        "村名称",
        "cmc",
        "sqmc",
    ),
}
UNIT_NAMES = {
    Level.COUNTY: "county_name",
    Level.TOWNSHIP: "township_name",
    Level.VILLAGE: "village_name",
}


@dataclass(frozen=True)
class GridLayer:
    """What a file of grids holds, with everything that is wrong with single rows.

    `grids`: `COLUMNS` in EPSG:4490, code int64 (0 where it can't be read), households and
    population int64, one row a feature in the file's order. `unit_names`: code (int64) →
    name of the counties, townships and villages the file names. `faults`: rows and fields
    that can't be used. `notes`: what was assumed.
    """

    grids: gpd.GeoDataFrame
    unit_names: dict[int, str]
    format: Format
    mapping: dict[str, str]
    faults: list[Fault]
    notes: list[str]
    file: str


def read_grids(
    path: Path | str, *, crs: Any = None, mapping: Mapping[str, str] | None = None
) -> gpd.GeoDataFrame:
    """The grids of a GeoJSON, GeoPackage, zipped Shapefile, GeoParquet or FlatGeobuf file.

    Parameters
    ----------
    path : path
        The file; its format is told by its content.
    crs : optional
        The system its coordinates are in; wins over what the file says. Whatever pyproj
        understands, gcj02 or bd09.
    mapping : mapping, optional
        Canonical name (key of GUESSES) → column of the file; the rest is guessed.

    Returns
    -------
    GeoDataFrame
        code (int64), name, kind (basic|exclusive), households, population (int64), geometry
        (EPSG:4490).

    Raises
    ------
    InputError
        All faults of the file at once. Shapes that overlap or cross themselves are not
        among them: see `gridmap.geo.coverage.check`.
    """
    layer = read_layer(path, crs=crs, mapping=mapping)
    if layer.faults:
        raise InputError(layer.faults)
    return layer.grids


def read_layer(
    path: Path | str,
    *,
    crs: Any = None,
    mapping: Mapping[str, str] | None = None,
    layer: str = "",
    close_rings: bool = False,
    bounds: Bounds = CHINA,
) -> GridLayer:
    """As `read_grids`, but faults of single rows are returned beside the rows.

    `layer` names the layer of a file that holds several; with `close_rings` rings that do
    not end where they begin are closed and noted; coordinates of which most lie outside
    `bounds` (degrees) are refused.
    """
    path = Path(path)
    file_format = format_of(path)
    raw = (
        read_geojson(path, close_rings=close_rings)
        if file_format is Format.GEOJSON
        else read_ogr(path, file_format, layer=layer)
    )
    if len(raw.columns) == 0:
        raise InputError(
            Fault(
                rule="the file has no features",
                file=path.name,
                cure="Give a file with grids in it.",
            )
        )
    chosen = resolve(
        raw.columns.columns, GUESSES, mapping=mapping, required=("code",), file=path.name
    )
    system = raw.crs if crs is None else crs
    placed = to_geographic(_usable_shapes(raw), system, bounds=bounds, file=path.name)
    table = _Table(raw, chosen, path.name)
    frame = table.frame()
    grids = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(placed, crs=GEOGRAPHIC))
    unit_names = table.unit_names(frame["code"])
    faults = sorted([*raw.faults, *table.faults], key=lambda fault: fault.row)
    notes = [*raw.notes, *table.notes]
    return GridLayer(grids, unit_names, file_format, chosen, faults, notes, path.name)


def _usable_shapes(raw: RawLayer) -> npt.NDArray[np.object_]:
    """The shapes in the file's order; None where the reader found a fault in the row."""
    faulty_rows = {fault.row for fault in raw.faults}
    shapes = [
        None if row in faulty_rows else shape
        for row, shape in enumerate(raw.shapes, start=1)
    ]
    return np.array(shapes, dtype=object)


class _Table:
    """The columns of a layer on their way to canonical ones."""

    def __init__(self, raw: RawLayer, chosen: dict[str, str], file: str) -> None:
        self.raw, self.chosen, self.file = raw, chosen, file
        self.faults: list[Fault] = []
        self.notes: list[str] = []

    def frame(self) -> pd.DataFrame:
        """code, name, kind, households, population."""
        code = pd.Series(self._convert("code", cells.code, 0), dtype="int64")
        frame = pd.DataFrame({"code": code, "name": self._names(code)})
        frame["kind"] = self._optional("kind", cells.kind, GridKind.BASIC)
        frame["kind"] = frame["kind"].astype(str)
        for field in ("households", "population"):
            frame[field] = pd.Series(self._optional(field, cells.count, 0), dtype="int64")
        return frame

    def unit_names(self, codes: Any) -> dict[int, str]:
        """Code → name of the units above the grids, where the file names them."""
        names: dict[int, str] = {}
        for level, field in UNIT_NAMES.items():
            if field not in self.chosen:
                continue
            factor = 10 ** (Level.GRID.digits - level.digits)
            for row, (code, value) in enumerate(
                zip(codes, self._cells(field), strict=True), start=1
            ):
                unit, name = int(code) // factor, cells.text(value)
                if name and unit and names.setdefault(unit, name) != name:
                    rule = f"{unit} is called {names[unit]} in another row"
                    self._fault(rule, "Give each unit one name.", row, field, value)
        return names

    def _names(self, codes: Any) -> list[str]:
        names = [cells.text(value) for value in self._cells("name")]
        missing = sum(not name for name in names)
        if missing:
            self.notes.append(
                f"{missing} grids have no name: they are numbered by their code"
            )
        return [
            name or _default_name(int(code))
            for name, code in zip(names, codes, strict=True)
        ]

    def _cells(self, field: str) -> list[Any]:
        if field not in self.chosen:
            return [None] * len(self.raw.columns)
        return list(self.raw.columns[self.chosen[field]])

    def _optional(
        self, field: str, convert: Callable[[Any], Any], default: Any
    ) -> list[Any]:
        missing = sum(cells.is_missing(value) for value in self._cells(field))
        if missing:
            self.notes.append(f"{missing} grids have no {field}: taken as {default}")
        return self._convert(
            field,
            lambda value: default if cells.is_missing(value) else convert(value),
            default,
        )

    def _convert(
        self, field: str, convert: Callable[[Any], Any], default: Any
    ) -> list[Any]:
        result = []
        for row, value in enumerate(self._cells(field), start=1):
            try:
                result.append(convert(value))
            except cells.UnreadableError as unreadable:
                self._fault(unreadable.rule, unreadable.cure, row, field, value)
                result.append(default)
        return result

    def _fault(self, rule: str, cure: str, row: int, field: str, value: Any) -> None:
        column = self.chosen[field]
        self.faults.append(
            Fault(
                rule=rule,
                cure=cure,
                row=row,
                field=column,
                value=str(value)[:80],
                file=self.file,
            )
        )


def _default_name(code: int) -> str:
    number = code % 1000
    return grid_name(number) if number else str(code)
