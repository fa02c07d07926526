"""`Change`: what an edit takes out of a plan and puts in; reversible, storable."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.errors import Fault, InputError
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.planning.grid import COLUMNS, Grid

Ints = npt.NDArray[np.int64]
Kind = Literal[
    "split", "merge", "reshape", "transfer", "carve", "describe", "import", "suggest"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Note = Literal["households_by_area", "households_by_buildings"]
NOTES: tuple[Note, ...] = get_args(Note)
"""How households and population were shared out among the parts of a grid."""

FORMAT = 1
"""Version of stored changes: one more whenever their meaning changes."""

_MAGIC = b"gridmap change\n"


@dataclass(frozen=True, eq=False)
class Change:
    """What goes (`removed`, codes, int64[k] sorted) and what comes (`added`), of one edit
    of `kind`.

    `added` has the columns of a plan and `predecessors`, a tuple of codes: the grids of the
    parent that a grid has land from. A grid that keeps its code, its border moved or its
    name changed, stands in both. So do neighbours that only got a vertex where a new border
    meets theirs: their predecessors are themselves alone. `notes` say what else to know,
    see `NOTES`. `base` is a digest of what goes, so that a change is applied to what it was
    made for.
    """

    removed: Ints
    added: gpd.GeoDataFrame
    kind: Kind
    notes: tuple[str, ...] = ()
    base: str = field(default="", repr=False)

    @property
    def touched(self) -> Ints:
        """Every code that goes or comes, int64 sorted."""
        return np.union1d(self.removed, self.created_or_kept)

    @property
    def created_or_kept(self) -> Ints:
        """The codes that come, int64 sorted."""
        return np.asarray(self.added["code"].to_numpy(dtype=np.int64))

    @property
    def created(self) -> Ints:
        """Codes that were not there before."""
        return np.setdiff1d(self.created_or_kept, self.removed)

    @property
    def retired(self) -> Ints:
        """Codes that are not there afterwards."""
        return np.setdiff1d(self.removed, self.created_or_kept)

    @property
    def predecessors(self) -> dict[int, tuple[int, ...]]:
        """For each code that comes, the codes it has land from."""
        return dict(
            zip(self.added["code"].tolist(), self.added["predecessors"], strict=True)
        )

    def to_bytes(self) -> bytes:
        """The change as it is stored; `from_bytes` reads it."""
        head = {
            "format": FORMAT,
            "kind": self.kind,
            "notes": list(self.notes),
            "base": self.base,
            "removed": self.removed.tolist(),
            "grids": {
                name: self.added[name].tolist() for name in COLUMNS if name != "geometry"
            },
            "predecessors": [list(codes) for codes in self.added["predecessors"]],
        }
        blobs = shapely.to_wkb(np.asarray(self.added.geometry.array, dtype=object)).tolist()
        head["sizes"] = [len(blob) for blob in blobs]
        text = json.dumps(head, ensure_ascii=False).encode()
        return b"".join([_MAGIC, len(text).to_bytes(8, "little"), text, *blobs])

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """The change stored as `to_bytes` writes it. Raises InputError when it is damaged
        or of another format.
        """
        try:
            return cls._read(stored)
        except (ValueError, KeyError, TypeError, shapely.GEOSException) as error:
            fault = Fault(
                rule="not a stored change",
                value=str(error)[:80],
                cure="Draw the edit again.",
            )
            raise InputError(fault) from error

    @classmethod
    def _read(cls, stored: bytes) -> Self:
        at = len(_MAGIC) + 8
        if not stored.startswith(_MAGIC):
            raise ValueError("it begins otherwise")
        end = at + int.from_bytes(stored[len(_MAGIC) : at], "little")
        head: dict[str, Any] = json.loads(stored[at:end])
        if head["format"] != FORMAT or head["kind"] not in KINDS:
            raise ValueError(f"format {head['format']}, kind {head['kind']}")
        ends = end + np.cumsum([0, *head["sizes"]])
        if ends[-1] != len(stored):
            raise ValueError("it is cut off")
        shapes = [
            shapely.from_wkb(stored[a:b])
            for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
        ]
        fields = zip(
            *(head["grids"][name] for name in COLUMNS if name != "geometry"),
            shapes,
            strict=True,
        )
        pairs = [
            (Grid(*row), tuple(old))
            for row, old in zip(fields, head["predecessors"], strict=True)
        ]
        removed = np.array(head["removed"], dtype=np.int64)
        return cls(removed, layer(pairs), head["kind"], tuple(head["notes"]), head["base"])


def layer(pairs: Iterable[tuple[Grid, tuple[int, ...]]]) -> gpd.GeoDataFrame:
    """Grids with their predecessors as a layer: the columns of a plan and `predecessors`,
    by code.
    """
    ordered = sorted(pairs, key=lambda pair: pair[0].code)
    columns = list(zip(*(grid for grid, _ in ordered), strict=True)) or [()] * len(COLUMNS)
    shapes = np.empty(len(ordered), dtype=object)
    shapes[:] = columns[-1]
    table = {
        "code": np.array(columns[0], dtype=np.int64),
        "name": np.array(columns[1], dtype=object),
        "kind": np.array(columns[2], dtype=object),
        "households": np.array(columns[3], dtype=np.int64),
        "population": np.array(columns[4], dtype=np.int64),
        "predecessors": pd.Series(
            [tuple(sorted(int(code) for code in old)) for _, old in ordered], dtype=object
        ),
    }
    return gpd.GeoDataFrame(table, geometry=shapes, crs=GEOGRAPHIC)
