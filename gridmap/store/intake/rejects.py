"""Refused rows: written to a CSV file that opens in Excel, counted by reason, never dropped."""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from gridmap.sources.reasons import CURES, REASONS, Reason
from gridmap.sources.reports import SOURCE_COLUMNS
from gridmap.sources.values import Verdicts

HEADER = ("file", "row", "field", "value", "reason", "cure")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
LIVE_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Rejects:
    """Refused rows of one import, collected as JSON lines in its staging folder, `counts`
    by reason.
    """

    path: Path
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, batch: pa.RecordBatch, verdicts: Verdicts, hints: dict[int, str]) -> None:
        """Take the rows of `batch` that `verdicts` refuses; `hints` are sharper cures by
        place in the batch.
        """
        refused = np.flatnonzero(verdicts.numbers)
        if not len(refused):
            return
        rows = batch.select(["file", "row", "original"]).take(pa.array(refused)).to_pylist()
        sources = json.loads((batch.schema.metadata or {}).get(SOURCE_COLUMNS, b"{}"))
        numbers, fields = (
            verdicts.numbers[refused].tolist(),
            verdicts.fields[refused].tolist(),
        )
        lines = []
        for at, row, number, name in zip(
            refused.tolist(), rows, numbers, fields, strict=True
        ):
            reason = REASONS[number - 1]
            self.counts[reason.value] += 1
            value = _value(row["original"] or {}, name or "", sources)
            cure = hints.get(at) or CURES[reason]
            lines.append(
                [
                    row["file"],
                    row["row"],
                    name or "",
                    value,
                    reason.value,
                    cure,
                    row["original"] or {},
                ]
            )
        self._append(lines)

    def add_late(self, file: str, row: int, client_id: str, reason: Reason) -> None:
        """Take a row that another process put into the truth while this import ran."""
        self.counts[reason.value] += 1
        self._append(
            [[file, row, "id", client_id, reason.value, CURES[reason], {"id": client_id}]]
        )

    def _append(self, lines: Sequence[Sequence[Any]]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def write_csv(lines: Sequence[Path], target: Path) -> None:
    """The collected JSON `lines` of one import as a CSV file with a byte-order mark, at
    `target` in full or not at all.

    Columns: `HEADER`, then the file's own columns. Text that a spreadsheet would run is disarmed.
    """
    columns = _columns(lines)
    draft = target.with_suffix(".draft")
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADER, *(disarm(f"original.{name}") for name in columns)])
        for line in _read(lines):
            *head, original = line
            writer.writerow(
                [
                    *(disarm(value) for value in head),
                    *(disarm(original.get(name)) for name in columns),
                ]
            )
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def disarm(value: Any) -> Any:
    """`value` so that a spreadsheet shows it as it is: text that would be a formula gets an
    apostrophe.
    """
    if (
        isinstance(value, str)
        and value.startswith(LIVE_FORMULA)
        and not NUMBER.match(value)
    ):
        return f"'{value}"
    return "" if value is None else value


def read_csv(path: Path, *, limit: int | None = None) -> pd.DataFrame:
    """A reject file as a frame of text; the first `limit` rows."""
    table = pd.read_csv(
        path, dtype=str, keep_default_na=False, nrows=limit, encoding="utf-8-sig"
    )
    table["row"] = table["row"].astype("int64")
    return table


def _columns(lines: Sequence[Path]) -> list[str]:
    names: dict[str, None] = {}
    for line in _read(lines):
        names.update(dict.fromkeys(line[-1]))
    return list(names)


def _read(lines: Sequence[Path]) -> Iterator[list[Any]]:
    for path in lines:
        if path.exists():
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield json.loads(line)


def _value(original: dict[str, Any], field_name: str, sources: dict[str, str]) -> str:
    parts = (
        [original.get(sources.get(part, part)) for part in field_name.split(",")]
        if field_name
        else []
    )
    return ",".join("" if part is None else str(part) for part in parts)
