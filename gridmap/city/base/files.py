"""Writing tables to files: CSV, Excel, GeoJSON, GeoPackage, Parquet; whole or not at all,
and harmless to open.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
import xlsxwriter

from gridmap.errors import Fault, InputError
from gridmap.geo.crs import GEOGRAPHIC

Format = Literal["csv", "xlsx", "geojson", "gpkg", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)

MOST_SHEET_ROWS = 1_048_575
CODE_DIGITS = 6
"""Whole numbers in columns called code, grid or area with at least so many digits are
codes, not amounts.
"""
_CODE_COLUMNS = frozenset(
    {
        "code",
        "grid",
        "area",
        "first_grid",
        "village",
        "township",
        "county",
        "id",
        "old",
        "new",
        "before",
        "after",
    }
)
_LIVE = ("=", "+", "-", "@", "\t", "\r")


class Writer(Protocol):
    """Takes a table in parts and puts it into one file."""

    def write(self, part: pd.DataFrame) -> None:
        """Add rows; all parts have the same columns, with `geometry` (shapely, EPSG:4490)
        last where there is one.
        """

    def close(self) -> None:
        """Finish the file."""


def format_of(path: Path, wanted: str | None) -> Format:
    """The format asked for, or told by the suffix. Raises InputError when it is not one we
    write.
    """
    name = (wanted or path.suffix.lstrip(".")).lower()
    for known in FORMATS:
        if name == known:
            return known
    cure = f"Use {', '.join(FORMATS)}."
    raise InputError(
        Fault(
            rule="not a format for export",
            field="format",
            value=name,
            file=str(path),
            cure=cure,
        )
    )


@contextmanager
def writing(path: Path, kind: Format) -> Iterator[Writer]:
    """A writer whose file appears as `path` when all went well; on any error nothing is
    left behind.
    """
    if not path.parent.is_dir():
        cure = "Make the folder first, or choose another."
        raise InputError(
            Fault(rule="no such folder", field="path", value=str(path.parent), cure=cure)
        )
    draft = path.with_name(f".{path.stem}.{os.getpid()}.draft.{kind}")
    writer = _WRITERS[kind](draft)
    try:
        try:
            yield writer
        finally:
            writer.close()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def harmless(value: Any) -> Any:
    """`value` as a spreadsheet may open it: text that would run as a formula gets an
    apostrophe, numbers stay.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_LIVE) else value


def codes_as_text(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with its columns of codes as text; spreadsheets shorten long numbers. No
    code, 0, becomes empty.
    """
    found = {
        name: [str(code) if code else "" for code in table[name].tolist()]
        for name in _CODE_COLUMNS.intersection(table.columns)
        if pd.api.types.is_integer_dtype(table[name])
    }
    return table.assign(**found)


class _Csv:
    """UTF-8 with a byte order mark, without which Excel misreads Chinese."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._empty = True

    def write(self, part: pd.DataFrame) -> None:
        plain = codes_as_text(_without_shapes(part))
        for name in plain.columns[
            [not _is_number(plain[column]) for column in plain.columns]
        ]:
            plain[name] = [harmless(_text(value)) for value in plain[name].tolist()]
        plain.to_csv(self._file, index=False, header=self._empty, lineterminator="\r\n")
        self._empty = False

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    """One sheet, heading frozen; text stays text, never a formula or a link."""

    def __init__(self, path: Path) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
            },
        )
        self._sheet = self._book.add_worksheet("gridmap")
        self._sheet.freeze_panes(1, 0)
        self._bold = self._book.add_format({"bold": True})
        self._row = 0

    def write(self, part: pd.DataFrame) -> None:
        plain = codes_as_text(_without_shapes(part))
        if self._row + len(plain) > MOST_SHEET_ROWS:
            cure = "Choose a shorter period or a smaller area, or export to CSV or Parquet."
            raise InputError(
                Fault(rule=f"more than {MOST_SHEET_ROWS:,} rows for one sheet", cure=cure)
            )
        if not self._row:
            for column, name in enumerate(plain.columns):
                self._sheet.write_string(0, column, str(name), self._bold)
            self._row = 1
        lists = [plain[name].tolist() for name in plain.columns]
        for values in zip(*lists, strict=True):
            for column, value in enumerate(values):
                self._cell(column, value)
            self._row += 1

    def _cell(self, column: int, value: Any) -> None:
        if isinstance(value, bool):
            self._sheet.write_boolean(self._row, column, value)
        elif isinstance(value, (int, float)):
            if np.isfinite(value):
                self._sheet.write_number(self._row, column, value)
        else:
            text = _text(value)
            if text:
                self._sheet.write_string(self._row, column, text)

    def close(self) -> None:
        self._book.close()


class _GeoJson:
    """RFC 7946, one feature a line; codes are numbers, times ISO 8601."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._file.write('{"type": "FeatureCollection", "features": [')
        self._first = True

    def write(self, part: pd.DataFrame) -> None:
        shapes = shapely.to_geojson(_shapes(part))
        plain = _without_shapes(part)
        lists = [plain[name].tolist() for name in plain.columns]
        for shape, *values in zip(shapes, *lists, strict=True):
            properties = {
                name: _json(value)
                for name, value in zip(plain.columns, values, strict=True)
            }
            head = "\n" if self._first else ",\n"
            body = json.dumps(properties, ensure_ascii=False)
            self._file.write(
                f'{head}{{"type": "Feature", "properties": {body}, "geometry": {shape or "null"}}}'
            )
            self._first = False

    def close(self) -> None:
        self._file.write("\n]}\n")
        self._file.close()


class _Gpkg:
    """One layer, EPSG:4490; times in UTC, as the format has them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, part: pd.DataFrame) -> None:
        plain = _without_shapes(part)
        for name in plain.select_dtypes("datetimetz").columns:
            plain[name] = plain[name].dt.tz_convert("UTC")
        table = gpd.GeoDataFrame(plain, geometry=_shapes(part), crs=GEOGRAPHIC)
        append = self._path.exists()
        kind = "Point" if (table.geom_type == "Point").all() else "MultiPolygon"
        pyogrio.write_dataframe(
            table,
            self._path,
            driver="GPKG",
            layer="gridmap",
            append=append,
            geometry_type=kind,
            promote_to_multi=kind != "Point",
        )

    def close(self) -> None:
        """Every part is on disk already."""


class _Parquet:
    """GeoParquet's plain sibling: shapes as well-known binary in the column `geometry`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def write(self, part: pd.DataFrame) -> None:
        plain = _without_shapes(part)
        if "geometry" in part.columns:
            plain = plain.assign(geometry=list(shapely.to_wkb(_shapes(part))))
        table = pa.Table.from_pandas(plain, preserve_index=False)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table.cast(self._writer.schema))

    def close(self) -> None:
        if self._writer:
            self._writer.close()


_WRITERS: dict[Format, type[_Csv | _Xlsx | _GeoJson | _Gpkg | _Parquet]] = {
    "csv": _Csv,
    "xlsx": _Xlsx,
    "geojson": _GeoJson,
    "gpkg": _Gpkg,
    "parquet": _Parquet,
}


def _without_shapes(part: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(part.drop(columns="geometry", errors="ignore"))


def _shapes(part: pd.DataFrame) -> Any:
    if "geometry" not in part.columns:
        cure = "Export it as csv, xlsx or parquet."
        raise InputError(
            Fault(rule="nothing to draw in this table", field="format", cure=cure)
        )
    return np.asarray(part["geometry"].array, dtype=object)


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _text(value: Any) -> Any:
    """Text of a cell: times and dates in ISO 8601 to the second, nothing for what is missing."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _json(value: Any) -> Any:
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    return _text(value) or None
