"""Rows of tabular files, whatever the format, streamed as Arrow batches of the file's own
columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt
import openpyxl
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import InvalidFileException

from gridmap.errors import Fault, InputError
from gridmap.sources.encoding import detect, open_utf8

BLOCK_BYTES = 1 << 24
CHUNK_ROWS = 50_000
MOST_MEMBERS = 10_000
MOST_UNPACKED_BYTES = 4 << 30
SPOILT_TEXT = 500
"""Characters of a spoilt row that are kept."""


@dataclass(slots=True)
class RawBatch:
    """Rows as the file has them, `numbers` (int64[n]) counting as a person does, and rows
    that did not parse.
    """

    file: str
    rows: pa.RecordBatch
    numbers: npt.NDArray[np.int64]
    spoilt: list[tuple[int, str]] = field(default_factory=list)
    clean: bool = True

    @property
    def names(self) -> list[str]:
        """The file's columns."""
        return list(self.rows.schema.names)


def read_rows(path: Path) -> Iterator[RawBatch]:
    """The rows of a CSV, Excel, Parquet or NDJSON file; at least one batch, empty when the
    file has no rows.

    Raises InputError when the file is missing, empty or in none of these formats.
    """
    reader = {"parquet": _parquet, "excel": _excel, "ndjson": _ndjson, "csv": _csv}[
        _format(path)
    ]
    try:
        yield from reader(path)
    except (
        pa.ArrowInvalid,
        pa.ArrowTypeError,
        BadZipFile,
        InvalidFileException,
        KeyError,
        OSError,
    ) as error:
        raise _fault(
            path,
            f"the file cannot be read ({error})",
            "Save it again as CSV, Excel or Parquet.",
        ) from error


def _format(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise _fault(
            path, f"the file does not open ({error.strerror})", "Check its name and rights."
        ) from error
    if not head.strip():
        raise _fault(path, "the file is empty", "Give a file with a header and rows.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "excel"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _fault(
            path, "the file is an old Excel workbook (xls)", "Save it as xlsx or CSV."
        )
    return (
        "ndjson" if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") else "csv"
    )


def _fault(path: Path, rule: str, cure: str) -> InputError:
    return InputError(Fault(rule=rule, file=path.name, cure=cure))


def _csv(path: Path) -> Iterator[RawBatch]:
    encoding = detect(path)
    with open_utf8(path, encoding) as head:
        first_line = head.readline(1 << 20)
    line = first_line.decode("utf-8", errors="replace").removeprefix("\ufeff")
    separator = max(",\t;|", key=line.count)
    spoilt: list[tuple[int, str]] = []

    def keep(row: Any) -> str:
        spoilt.append((row.number, row.text[:SPOILT_TEXT]))
        return "skip"

    parse = arrow_csv.ParseOptions(
        delimiter=separator,
        newlines_in_values=True,
        ignore_empty_lines=False,
        invalid_row_handler=keep,
    )
    names = _header(line, separator)
    # One thread: only so does the parser say which row was spoilt, and reading is not what
    # takes the time.
    read = arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES)
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        strings_can_be_null=False,
        check_utf8=False,
    )
    with open_utf8(path, encoding) as source:
        batches = arrow_csv.open_csv(
            source, read_options=read, parse_options=parse, convert_options=convert
        )
        yield from _numbered(path.name, batches, spoilt, clean=encoding.clean)


def _header(line: str, separator: str) -> list[str]:
    table = arrow_csv.read_csv(
        pa.BufferReader((line.rstrip("\r\n") + "\n").encode()),
        parse_options=arrow_csv.ParseOptions(delimiter=separator),
        read_options=arrow_csv.ReadOptions(),
    )
    return list(table.schema.names)


def _numbered(
    name: str,
    batches: arrow_csv.CSVStreamingReader,
    spoilt: list[tuple[int, str]],
    *,
    clean: bool,
) -> Iterator[RawBatch]:
    """The batches with row numbers that count spoilt rows in, blank lines left out."""
    following, next_spoilt, empty = 2, 0, True
    for batch in batches:
        numbers = np.empty(batch.num_rows, dtype=np.int64)
        filled, spoilt_in_batch = 0, []
        while filled < len(numbers):
            stop = spoilt[next_spoilt][0] if next_spoilt < len(spoilt) else None
            room = len(numbers) - filled
            if stop is not None:
                room = min(room, stop - following)
            numbers[filled : filled + room] = np.arange(following, following + room)
            filled, following = filled + room, following + room
            if stop == following:
                spoilt_in_batch.append(spoilt[next_spoilt])
                next_spoilt, following = next_spoilt + 1, following + 1
        empty = False
        yield _without_blank(RawBatch(name, batch, numbers, spoilt_in_batch, clean))
    if empty or next_spoilt < len(spoilt):
        nothing = pa.RecordBatch.from_pylist([], schema=batches.schema)
        yield RawBatch(
            name, nothing, np.empty(0, dtype=np.int64), spoilt[next_spoilt:], clean
        )


def _without_blank(raw: RawBatch) -> RawBatch:
    # From the offsets of the Arrow text columns: no text is made for it.
    lengths_of_columns = [
        np.diff(np.frombuffer(column.buffers()[1], np.int32)[: len(column) + 1])
        for column in raw.rows.columns
    ]
    filled = np.zeros(raw.rows.num_rows, dtype=bool)
    for lengths in lengths_of_columns:
        filled |= lengths > 0
        if filled.all():
            return raw
    filled_rows = raw.rows.filter(pa.array(filled))
    return RawBatch(raw.file, filled_rows, raw.numbers[filled], raw.spoilt, raw.clean)


def _parquet(path: Path) -> Iterator[RawBatch]:
    file = pq.ParquetFile(path)
    following, empty = 1, True
    for batch in file.iter_batches(batch_size=CHUNK_ROWS * 4):
        numbers = np.arange(following, following + batch.num_rows, dtype=np.int64)
        following, empty = following + batch.num_rows, False
        yield RawBatch(path.name, batch, numbers)
    if empty:
        nothing = pa.RecordBatch.from_pylist([], schema=file.schema_arrow)
        yield RawBatch(path.name, nothing, np.empty(0, dtype=np.int64))


def _excel(path: Path) -> Iterator[RawBatch]:
    _refuse_bomb(path)
    with path.open("rb") as file:  # by handle: openpyxl judges a path by its suffix
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            yield from _sheet(path, book.worksheets[0].iter_rows(values_only=True))
        finally:
            book.close()


def _refuse_bomb(path: Path) -> None:
    with ZipFile(path) as archive:
        members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES:
        raise _fault(
            path,
            "the workbook unpacks to more than can be read",
            "Save it as CSV or Parquet.",
        )


def _sheet(path: Path, rows: Iterator[tuple[Any, ...]]) -> Iterator[RawBatch]:
    header = [_cell(value) for value in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise _fault(
            path, "the first sheet is empty", "Give a sheet with a header and rows."
        )
    following, more = 2, True
    while more:
        chunk = list(islice(rows, CHUNK_ROWS))
        more = len(chunk) == CHUNK_ROWS
        yield _from_cells(path.name, header, chunk, following)
        following += len(chunk)


def _from_cells(
    name: str, header: list[str], chunk: list[tuple[Any, ...]], first: int
) -> RawBatch:
    width = len(header)
    good: list[list[str]] = []
    numbers: list[int] = []
    spoilt: list[tuple[int, str]] = []
    for number, row in enumerate(chunk, first):
        cells = [_cell(value) for value in row]
        if not any(cells):
            continue
        if any(cells[width:]):
            spoilt.append((number, ",".join(cells)[:SPOILT_TEXT]))
            continue
        good.append((cells + [""] * width)[:width])
        numbers.append(number)
    columns = [pa.array([row[at] for row in good], pa.string()) for at in range(width)]
    batch = pa.RecordBatch.from_arrays(columns, names=header)
    return RawBatch(name, batch, np.array(numbers, dtype=np.int64), spoilt)


def _cell(value: Any) -> str:
    """A cell as text: dates as ISO 8601, 410702.0 as 410702."""
    if value is None:
        return ""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _ndjson(path: Path) -> Iterator[RawBatch]:
    encoding = detect(path)
    names: list[str] | None = None
    with open_utf8(path, encoding) as file:
        following, more = 1, True
        while more:
            lines = list(islice(file, CHUNK_ROWS))
            more = len(lines) == CHUNK_ROWS
            objects, spoilt = _objects(lines, following)
            following += len(lines)
            if names is None:
                keys = dict.fromkeys(key for _, item in objects for key in item)
                names = list(keys) or ["id"]
            columns = [
                pa.array([_member(item.get(name)) for _, item in objects], pa.string())
                for name in names
            ]
            batch = pa.RecordBatch.from_arrays(columns, names=names)
            numbers = np.array([number for number, _ in objects], dtype=np.int64)
            yield RawBatch(path.name, batch, numbers, spoilt, encoding.clean)


def _objects(
    lines: list[bytes], first: int
) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, str]]]:
    good, spoilt = [], []
    for number, line in enumerate(lines, first):
        text = line.decode("utf-8", errors="replace").strip().removeprefix("\ufeff")
        if not text:
            continue
        try:
            item = json.loads(text)
        except (ValueError, RecursionError):
            item = None
        if isinstance(item, dict):
            good.append((number, item))
        else:
            spoilt.append((number, text[:SPOILT_TEXT]))
    return good, spoilt


def _member(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return _cell(value)
