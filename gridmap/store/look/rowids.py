"""Numbers of matters by their row in the facts, which do not hold them: read from the files
the facts came from.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.store.base.store import Store
from gridmap.store.look import columns
from gridmap.store.look.facts import Loaded

Ints = npt.NDArray[np.int64]


def matters_of(store: Store, loaded: Loaded, rows: Ints) -> Ints:
    """The numbers of the matters in `rows` of the facts of `loaded`, int64[n], in their order.

    Raises FileNotFoundError when the columns have moved on so far that a file is gone: the
    facts are to be read anew.
    """
    found = np.zeros(len(rows), dtype=np.int64)
    place = columns.folder(store)
    for file, spot in loaded.places.items():
        own = np.flatnonzero((rows >= spot.start) & (rows < spot.end))
        if len(own):
            found[own] = columns.read_ids(place, file)[rows[own] - spot.start]
    return found
