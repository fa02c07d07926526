"""Columns of text or of any type → numbers, times and coordinates, each row with the first
thing wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gridmap.calendar import UTC_OFFSET_S
from gridmap.errors import Fault, InputError
from gridmap.geo.crs import GEOGRAPHIC, SYSTEMS, to_wgs84
from gridmap.sources.kernels import BAD, MISSING, OK, parse_times
from gridmap.sources.reasons import Reason

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
WHOLE = r"^[+-]?\d{1,18}(\.0*)?$"
CHINESE_DATE = (("年", "-"), ("月", "-"), ("日", " "), ("时", ":"), ("分", ":"))


@dataclass(slots=True)
class Verdicts:
    """The first reason against each row: `numbers` int8[n], 0 = none, and the `fields` it
    concerns.
    """

    numbers: npt.NDArray[np.int8]
    fields: npt.NDArray[np.object_]

    @classmethod
    def none(cls, rows: int) -> Verdicts:
        """No reason against any of `rows`."""
        return cls(np.zeros(rows, dtype=np.int8), np.full(rows, None, dtype=object))

    def refuse(self, rows: npt.NDArray[np.bool_], reason: Reason, field: str) -> None:
        """Hold `reason` about `field` against `rows` (bool[n]) that have none, or one that
        is looked for later.
        """
        hit = rows & ((self.numbers == 0) | (self.numbers > reason.number))
        if hit.any():
            self.numbers[hit] = reason.number
            self.fields[hit] = field


def texts(column: pa.Array) -> pa.Array:
    """Any column as trimmed text; nulls become empty."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        return pa.array([""] * len(column), pa.string())
    if pa.types.is_floating(column.type):  # 4107.0 is a code that went through Excel
        whole = pc.and_(pc.is_finite(column), pc.equal(pc.floor(column), column))
        if pc.all(pc.fill_null(whole, True)).as_py():
            column = column.cast(pa.int64())
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    return pc.utf8_trim_whitespace(pc.fill_null(column, ""))


def times(column: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Unix seconds (int64[n]) and OK, MISSING or BAD (uint8[n]); times without a zone are
    Asia/Shanghai's.
    """
    if pa.types.is_timestamp(column.type):
        offset = 0 if column.type.tz else UTC_OFFSET_S
        seconds = pc.cast(column, pa.timestamp("s", column.type.tz), safe=False).cast(
            pa.int64()
        )
        return _with_states(seconds, -offset)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _with_states(pc.cast(column, pa.int64(), safe=False), 0)
    if pa.types.is_null(column.type):
        return _with_states(column.cast(pa.int64()), 0)
    text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    seconds, states = parse_times(text, UTC_OFFSET_S)
    bad = np.flatnonzero(states == BAD)
    if len(bad):
        again = text.take(pa.array(bad))
        for mark, plain in CHINESE_DATE:
            again = pc.replace_substring(again, mark, plain)
        again = pc.utf8_rtrim(pc.utf8_trim_whitespace(again), ":")
        again = pc.replace_substring(again, "  ", " ")
        seconds[bad], states[bad] = parse_times(again, UTC_OFFSET_S)
    return seconds, states


def numbers(column: pa.Array) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """float64[n] with NaN for what is missing or no finite number, and which rows had
    something (bool[n]).
    """
    values, given = _cast(column, pa.float64(), NUMBER)
    floats = values.to_numpy(zero_copy_only=False).astype(np.float64, copy=True)
    floats[~np.isfinite(floats)] = np.nan
    return floats, given


def whole_numbers(column: pa.Array) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """int64[n] with nulls for what is missing or no whole number, and which rows had
    something (bool[n]).
    """
    return _cast(column, pa.int64(), WHOLE)


def to_city_system(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], crs: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Coordinates of `crs` (a name of `geo.crs.SYSTEMS`, or what pyproj understands) as
    EPSG:4490 degrees; NaN stays.
    """
    system = crs.lower()
    if system in {"wgs84", "cgcs2000"}:
        return lon, lat
    if system in SYSTEMS:
        return to_wgs84(lon, lat, system)
    east, north = _transformer(crs).transform(lon, lat)
    out = np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)
    for axis in out:
        unreachable = ~np.isfinite(axis) & ~np.isnan(lon) & ~np.isnan(lat)
        axis[unreachable] = 1e9  # not on the earth: implausible, not missing
    return out


def check_crs(crs: str) -> None:
    """Raise InputError when `crs` is no coordinate system."""
    if crs.lower() not in SYSTEMS:
        _transformer(crs)


@cache
def _transformer(crs: str) -> Transformer:
    try:
        return Transformer.from_crs(CRS.from_user_input(crs), GEOGRAPHIC, always_xy=True)
    except CRSError as error:
        raise InputError(
            Fault(
                rule="unknown coordinate system",
                field="crs",
                value=crs,
                cure=f"Give one of {', '.join(SYSTEMS)}, or a code such as EPSG:4547.",
            )
        ) from error


def _with_states(
    seconds: pa.Array, shift: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    missing = seconds.is_null().to_numpy(zero_copy_only=False)
    values = (
        pc.fill_null(seconds, 0).to_numpy(zero_copy_only=False).astype(np.int64, copy=True)
    )
    # Read as seconds, such a number would lie beyond the year 5000.
    milliseconds = np.abs(values) > 100_000_000_000
    values[milliseconds] //= 1000
    values[~missing] += shift
    return values, np.where(missing, MISSING, OK).astype(np.uint8)


def _cast(
    column: pa.Array, kind: pa.DataType, pattern: str
) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    if pa.types.is_null(column.type):
        return column.cast(kind), np.zeros(len(column), dtype=bool)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column.cast(kind, safe=False), column.is_valid().to_numpy(
            zero_copy_only=False
        )
    filled = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
    try:
        return filled.cast(kind), filled.is_valid().to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return _cast_some(filled, kind, pattern)


def _cast_some(
    column: pa.Array, kind: pa.DataType, pattern: str
) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    trimmed = pc.utf8_trim_whitespace(column)
    trimmed = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, column.type), trimmed)
    usable = pc.match_substring_regex(trimmed, pattern)
    usable_text = pc.if_else(usable, trimmed, pa.scalar(None, column.type))
    if pa.types.is_integer(kind):
        usable_text = pc.replace_substring_regex(
            pc.utf8_ltrim(usable_text, "+"), r"\.0*$", ""
        )
    else:
        usable_text = pc.utf8_ltrim(usable_text, "+")
    return usable_text.cast(kind), trimmed.is_valid().to_numpy(zero_copy_only=False)


def as_array(column: Any) -> pa.Array:
    """A column of a batch, table or frame as one Arrow array."""
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column if isinstance(column, pa.Array) else pa.array(column, from_pandas=True)
