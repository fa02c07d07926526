"""Reports from CSV, Excel, Parquet and NDJSON files, as a stream of typed batches.

A batch has the columns of `SCHEMA`, and `original`: the row as the file has it. Rows the
file itself spoils (a wrong number of fields, bytes that are no text, "abc" for a longitude)
are in it too, with their reason; whether a row is *right* (a place in the city, a known
category, a possible time) is judged where the city is known, in `gridmap.store.intake.imports`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from gridmap.sources import values
from gridmap.sources.kernels import BAD, OK
from gridmap.sources.mapping import match
from gridmap.sources.reasons import Reason
from gridmap.sources.rows import RawBatch, read_rows
from gridmap.sources.values import Verdicts, as_array

GUESSES: Mapping[str, Sequence[str]] = {
    "id": (
        "编号",
        "上报编号",
        "案件编号",
        "案卷编号",
        "事件编号",
        "报告编号",
        "序列号",
        "report_id",
        "case_id",
        "client_id",
        "uuid",
    ),
    "category": (
        "类别",
        "分类",
        "类别代码",
        "分类代码",
        "案件类别",
        "事件类别",
        "小类代码",
        "小类",
        "category_code",
        "type",
        "class",
    ),
    "reported_at": (
        "上报时间",
        "发生时间",
        "采集时间",
        "报告时间",
        "创建时间",
        "时间",
        "report_time",
        "created_at",
        "time",
        "datetime",
    ),
    "lon": ("经度", "东经", "lng", "longitude", "x", "经度x", "x坐标"),
    "lat": ("纬度", "北纬", "latitude", "y", "纬度y", "y坐标"),
    "accepted_at": ("受理时间", "立案时间", "接收时间", "accept_time", "accepted_time"),
    "due_at": (
        "截止时间",
        "到期时间",
        "办理期限",
        "应结时间",
        "deadline",
        "due_time",
        "due",
    ),
    "closed_at": (
        "结案时间",
        "办结时间",
        "完成时间",
        "close_time",
        "closed_time",
        "completed_at",
    ),
    "status": ("状态", "案件状态", "办理状态", "state"),
    "channel": ("来源", "渠道", "上报渠道", "上报来源", "source"),
    "worker": (
        "网格员",
        "网格员编号",
        "采集员编号",
        "上报人编号",
        "worker_id",
        "staff_id",
        "collector",
    ),
    "text": (
        "内容",
        "描述",
        "问题描述",
        "事件描述",
        "案件描述",
        "description",
        "content",
        "remark",
        "备注",
    ),
}
SOURCE_COLUMNS = b"gridmap.columns"
"""Metadata of a batch: JSON of the file's column for each canonical one."""

REQUIRED = ("id", "category", "reported_at", "lon", "lat")
TIMES = ("reported_at", "accepted_at", "due_at", "closed_at")
SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("id", pa.string()),
        ("category", pa.string()),
        *((name, pa.int64()) for name in TIMES),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("status", pa.string()),
        ("channel", pa.string()),
        ("worker", pa.int64()),
        ("text", pa.string()),
        ("reason", pa.int8()),
        ("field", pa.string()),
    ]
)
"""Of every batch. Times are Unix seconds or null; lon and lat EPSG:4490 degrees or null;
status, channel and text as written, empty when absent; reason a `Reason.number`, 0 = none;
row as a person counts, the header being row 1.
"""


def read_reports(
    paths: Iterable[str | Path],
    *,
    crs: str = "wgs84",
    mapping: Mapping[str, str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Batches of `SCHEMA` from files, one after the other; a file's format is told by its content.

    Parameters
    ----------
    paths : iterable of path
        CSV (UTF-8 or GB18030; comma, semicolon or tab), Excel (xlsx, first sheet), Parquet
        or NDJSON files.
    crs : str
        System of the coordinates: wgs84, cgcs2000, gcj02, bd09, or a code such as EPSG:4547.
    mapping : mapping, optional
        Canonical column → name in the file; the rest is guessed from usual Chinese and
        English names.

    Raises InputError naming file and column when a file cannot be read or lacks a required
    column, before its first batch.
    """
    values.check_crs(crs)
    for path in [Path(path) for path in paths]:
        column_of: dict[str, str] | None = None
        for raw in read_rows(path):
            if column_of is None:
                column_of = match(
                    raw.names, GUESSES, REQUIRED, file=path.name, mapping=mapping
                )
            if raw.rows.num_rows or raw.spoilt:
                yield typed_batch(raw, column_of, crs=crs)


def typed_batch(
    raw: RawBatch, column_of: Mapping[str, str], *, crs: str = "wgs84"
) -> pa.RecordBatch:
    """`raw` with its columns typed and its spoilt rows at the end; `column_of` names its
    column for each canonical one.
    """
    rows = raw.rows.num_rows
    columns = {
        name: as_array(raw.rows.column(column)) for name, column in column_of.items()
    }
    verdicts = Verdicts.none(rows)
    if not raw.clean:
        verdicts.refuse(_with_replacement(columns.values(), rows), Reason.UNDECODABLE, "")
    typed: dict[str, Any] = {
        "file": pa.repeat(raw.file, rows),
        "row": pa.array(raw.numbers, pa.int64()),
        **{
            name: _texts(columns, name, rows)
            for name in ("id", "category", "status", "channel", "text")
        },
    }
    typed |= _coordinates(columns, verdicts, crs)
    typed |= {name: _instants(columns, name, rows, verdicts) for name in TIMES}
    typed["worker"] = _worker(columns, rows, verdicts)
    typed["reason"] = pa.array(verdicts.numbers)
    typed["field"] = pa.array(verdicts.fields, pa.string())
    batch = pa.RecordBatch.from_arrays(
        [typed[field.name] for field in SCHEMA], schema=SCHEMA
    )
    original = pa.StructArray.from_arrays(
        [_plain_text(column) for column in raw.rows.columns], names=raw.names
    )
    whole = batch.append_column("original", original)
    whole = whole.replace_schema_metadata({SOURCE_COLUMNS: json.dumps(dict(column_of))})
    return whole if not raw.spoilt else _with_spoilt(whole, raw)


def typed_frame(table: Any, *, file: str = "", first_row: int = 1) -> pa.RecordBatch:
    """A frame, table or batch with canonical columns (of any type) as a batch of `SCHEMA`,
    with `original`.
    """
    arrow = (
        table
        if isinstance(table, (pa.Table, pa.RecordBatch))
        else pa.Table.from_pandas(table, preserve_index=False)
    )
    names = list(arrow.schema.names)
    rows = pa.RecordBatch.from_arrays(
        [as_array(arrow.column(name)) for name in names], names=names
    )
    numbers = np.arange(first_row, first_row + rows.num_rows, dtype=np.int64)
    column_of = match(names, dict.fromkeys(GUESSES, ()), REQUIRED, file=file, mapping=None)
    return typed_batch(RawBatch(file, rows, numbers), column_of)


def is_typed(batch: Any) -> bool:
    """Whether a batch came from `read_reports` or `typed_frame`."""
    return isinstance(batch, pa.RecordBatch) and {"reason", "original", "row"} <= set(
        batch.schema.names
    )


def _texts(columns: Mapping[str, pa.Array], name: str, rows: int) -> pa.Array:
    if name not in columns:
        return pa.repeat("", rows)
    return values.texts(columns[name])


def _coordinates(
    columns: Mapping[str, pa.Array], verdicts: Verdicts, crs: str
) -> dict[str, pa.Array]:
    lon, lon_given = values.numbers(columns["lon"])
    lat, lat_given = values.numbers(columns["lat"])
    verdicts.refuse(~lon_given | ~lat_given, Reason.NO_COORDINATES, "lon,lat")
    verdicts.refuse(np.isnan(lon), Reason.NOT_A_NUMBER, "lon")
    verdicts.refuse(np.isnan(lat), Reason.NOT_A_NUMBER, "lat")
    lon, lat = values.to_city_system(lon, lat, crs)
    return {
        name: pa.array(axis, mask=np.isnan(axis))
        for name, axis in (("lon", lon), ("lat", lat))
    }


def _instants(
    columns: Mapping[str, pa.Array], name: str, rows: int, verdicts: Verdicts
) -> pa.Array:
    if name not in columns:
        return pa.nulls(rows, pa.int64())
    seconds, states = values.times(columns[name])
    # Only the time of the report may not be missing.
    wrong = states != OK if name == "reported_at" else states == BAD
    verdicts.refuse(wrong, Reason.NOT_A_TIME, name)
    return pa.array(seconds, mask=states != OK)


def _worker(columns: Mapping[str, pa.Array], rows: int, verdicts: Verdicts) -> pa.Array:
    if "worker" not in columns:
        return pa.nulls(rows, pa.int64())
    numbers, given = values.whole_numbers(columns["worker"])
    unreadable = given & numbers.is_null().to_numpy(zero_copy_only=False)
    verdicts.refuse(unreadable, Reason.NOT_A_NUMBER, "worker")
    return numbers


def _with_replacement(columns: Iterable[pa.Array], rows: int) -> npt.NDArray[np.bool_]:
    hit = np.zeros(rows, dtype=bool)
    for column in columns:
        if pa.types.is_string(column.type):
            for mark in ("\ufffd", "\0"):
                has_mark = pc.fill_null(pc.match_substring(column, mark), False)
                hit |= has_mark.to_numpy(zero_copy_only=False)
    return hit


def _plain_text(column: Any) -> pa.Array:
    array = as_array(column)
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


def _with_spoilt(batch: pa.RecordBatch, raw: RawBatch) -> pa.RecordBatch:
    """`batch` and below it the rows that did not become columns; their text stands in the
    first original column.
    """
    names = [field.name for field in batch.schema.field("original").type]
    rows = [
        {
            "file": raw.file,
            "row": row,
            "id": "",
            "category": "",
            "status": "",
            "channel": "",
            "text": "",
            "reason": Reason.MALFORMED.number,
            "field": "",
            "original": dict.fromkeys(names) | {names[0]: text},
        }
        for row, text in raw.spoilt
    ]
    spoilt = pa.RecordBatch.from_pylist(rows, schema=batch.schema)
    return pa.Table.from_batches([batch, spoilt]).combine_chunks().to_batches()[0]
