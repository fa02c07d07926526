"""Which grids of a plan share a border: worked out once, then kept beside the plan's index."""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from gridmap.geo.adjacency import neighbours
from gridmap.store import Store
from gridmap.store.plans.plans import Plan, read_grids

Borders = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]
"""Rows of the grids on either side, and the length they share in metres (see
`geo.adjacency.neighbours`).
"""


def borders(store: Store, plan: Plan) -> Borders:
    """The shared borders of `plan`, from their file or worked out anew (seconds for a whole
    city).
    """
    path = store.folder("plans") / f"{plan.digest}.borders.npz"
    if not path.exists():
        left, right, shared_m = neighbours(
            np.asarray(read_grids(store, plan.id).geometry.array, dtype=object)
        )
        draft = path.with_name(f".{plan.digest}.{os.getpid()}.npz")
        np.savez(draft, left=left, right=right, shared_m=shared_m)
        draft.replace(path)
    with np.load(path) as kept:
        return kept["left"], kept["right"], kept["shared_m"]
