"""Rows of the truth as frames, and the checks that frames share at the door."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Connection, Select

from gridmap.errors import Fault, InputError


def frame(connection: Connection, query: Select[Any], **dtypes: str) -> pd.DataFrame:
    """The rows of `query`, with `dtypes` applied by column name."""
    result = connection.execute(query)
    # As plain tuples: pandas asks rows of the driver for an attribute they answer with an
    # error, each for itself.
    table = pd.DataFrame.from_records(
        [tuple(row) for row in result], columns=list(result.keys())
    )
    return table.astype(dtypes) if dtypes else table


def require(table: pd.DataFrame, columns: Sequence[str], *, what: str) -> None:
    """Raise InputError naming every one of `columns` that `table` lacks."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(
            [
                Fault(
                    rule=f"{what} lack a column",
                    field=column,
                    cure=f"Give the columns {', '.join(columns)}.",
                )
                for column in missing
            ]
        )


def unique(table: pd.DataFrame, column: str, *, what: str) -> None:
    """Raise InputError naming the values of `column` that stand in more than one row."""
    twice = table.loc[table[column].duplicated(), column].drop_duplicates()
    if len(twice):
        raise InputError(
            [
                Fault(
                    rule=f"{what} have the same {column}",
                    field=column,
                    value=str(value),
                    cure="Keep one row of each.",
                )
                for value in twice
            ]
        )


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """`table` as rows a driver understands: Python numbers, dates, and None for what is missing."""
    columns = [[plain(value) for value in table[name].tolist()] for name in table.columns]
    return [
        dict(zip(table.columns, row, strict=True)) for row in zip(*columns, strict=True)
    ]


def plain(value: Any) -> Any:
    """`value` as a plain Python one; NaN, NaT and NA become None, timestamps become dates."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False)
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, datetime):
        return value.date()
    return value


def as_date(value: date | str) -> date:
    """A date, given as one or as ISO 8601 text."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def to_wkb(shapes: Iterable[Any]) -> list[bytes]:
    """Well-known binary of each of `shapes`."""
    return list(shapely.to_wkb(np.asarray(list(shapes), dtype=object)))


def from_wkb(blobs: Iterable[bytes]) -> npt.NDArray[np.object_]:
    """The shapes of well-known binary `blobs`."""
    return np.asarray(
        shapely.from_wkb(np.asarray([bytes(blob) for blob in blobs], dtype=object)),
        dtype=object,
    )
