"""A layer as its file has it: columns and shapes before anything is judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from gridmap.errors import Fault


@dataclass(frozen=True)
class RawLayer:
    """What a reader found.

    `columns`: one row a feature; `shapes`: shapely array[n], None where there is none;
    `crs`: whatever pyproj understands, or None when the file names none; `faults`: what is
    wrong with single features; `notes`: what was settled silently and should be said.
    """

    columns: pd.DataFrame
    shapes: Any
    crs: Any
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


MAX_BYTES = 2 * 2**30
"""No larger file is opened, nor is a smaller one that unpacks to more."""

MAX_FEATURES = 1_000_000
MAX_VERTICES = 50_000_000
