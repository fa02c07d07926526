"""Files of a reference layer for browsers: points, lines and polygons as a small
gzip-compressed binary.

Layout, after gunzip: `GLAY`, a byte with the version, the length of the header (uint32,
little endian), the header (JSON, UTF-8), then the streams, each a run of variable-length
whole numbers as in `gridmap.geo.pack`:

* `ids`: differences of the sorted feature numbers;
* `parts`: how many parts (points, lines, rings) each feature has;
* `sizes`: for each part 4 × points + kind (0 point, 1 line, 2 ring, of which the closing
  point is left out);
* `x`, `y`: differences of the points one after the other;
* `weights`: households + 1 of each feature, 0 for not known.

The header names the features (`names`, joined by newlines). `gridmap/ui/web/overlays.js` is
the browser's decoder.
"""

from __future__ import annotations

import gzip
import json
import struct
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.pack import varints, zigzag

MAGIC = b"GLAY"
VERSION = 1
STREAMS = ("ids", "parts", "sizes", "x", "y", "weights")
QUANTUM_DEG = 1e-6
SIMPLER_DEG = 1e-5
"""Lines are drawn this much simpler than they are kept: about a metre."""
_HEAD = struct.Struct("<4sBI")
_POINT, _LINE, _RING = 0, 1, 2

Ints = npt.NDArray[np.int64]


def encode(features: gpd.GeoDataFrame) -> bytes:
    """The file of `features`: id (sorted, unique), name, households (-1: not known),
    geometry (EPSG:4490).
    """
    shapes = drawable(np.asarray(features.geometry.array, dtype=object))
    parts, owner, kind = _parts(shapes)
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    cells = np.rint(coordinates / QUANTUM_DEG).astype(np.int64)
    closing = np.zeros(len(cells), dtype=bool)
    last = np.flatnonzero(np.diff(part, append=-1) != 0)
    closing[last] = kind[part[last]] == _RING
    cells, part = cells[~closing], part[~closing]
    sizes = np.bincount(part, minlength=len(parts)) * 4 + kind
    streams = {
        "ids": varints(np.diff(features["id"].to_numpy(np.int64), prepend=0)),
        "parts": varints(np.bincount(owner, minlength=len(shapes)).astype(np.int64)),
        "sizes": varints(sizes.astype(np.int64)),
        "x": varints(zigzag(np.diff(cells[:, 0], prepend=0))),
        "y": varints(zigzag(np.diff(cells[:, 1], prepend=0))),
        "weights": varints(np.maximum(features["households"].to_numpy(np.int64), -1) + 1),
    }
    header = {
        "quantum": QUANTUM_DEG,
        "bytes": [len(streams[name]) for name in STREAMS],
        "names": "\n".join(" ".join(str(name).split()) for name in features["name"]),
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join(
        (_HEAD.pack(MAGIC, VERSION, len(text)), text, *(streams[name] for name in STREAMS))
    )
    return gzip.compress(body, compresslevel=9, mtime=0)


def drawable(shapes: Any) -> npt.NDArray[np.object_]:
    """Shapes (shapely array[n]) as they are drawn: lines and polygons about a metre
    simpler; none vanishes.
    """
    simple = np.asarray(shapes, dtype=object).copy()
    wide = shapely.get_num_coordinates(simple) > 5
    simple[wide] = shapely.simplify(simple[wide], SIMPLER_DEG, preserve_topology=True)
    return simple


def leaves(boxes: npt.NDArray[np.float64], points: Ints, most: int) -> list[Ints]:
    """Features cut into groups that lie together: rows of `boxes` (west, south, east,
    north), with at most `most` of their `points` in each group where a group has more than
    one feature. Every feature is in one group.
    """
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    groups, open_ = [], [np.arange(len(boxes))]
    while open_:
        rows = open_.pop()
        if len(rows) <= 1 or points[rows].sum() <= most:
            groups.append(np.sort(rows))
            continue
        axis = int(np.argmax(np.ptp(middle[rows], axis=0)))
        order = rows[np.argsort(middle[rows, axis], kind="stable")]
        open_ += [order[: len(order) // 2], order[len(order) // 2 :]]
    return [rows for rows in groups if len(rows)]


def _parts(shapes: npt.NDArray[np.object_]) -> tuple[Any, Ints, Ints]:
    """Points, lines and rings, the rows they belong to (in order), and their kinds."""
    single, row = _singles(shapes)
    dimension = shapely.get_dimensions(single)
    flat = np.flatnonzero(dimension == 2)
    rings, ring_of = shapely.get_rings(single[flat], return_index=True)
    lower = np.flatnonzero((dimension == 0) | (dimension == 1))
    parts = np.concatenate([single[lower], rings])
    owner = np.concatenate([row[lower], row[flat][ring_of]])
    kind = np.concatenate([dimension[lower], np.full(len(rings), _RING)])
    order = np.argsort(owner, kind="stable")
    return parts[order], owner[order].astype(np.int64), kind[order].astype(np.int64)


def _singles(shapes: npt.NDArray[np.object_]) -> tuple[Any, Ints]:
    """Shapes without collections: making a polygon valid, or cutting it, may leave several
    kinds together.
    """
    single, row = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(single) > shapely.GeometryType.POLYGON).any():
        single, part = shapely.get_parts(single, return_index=True)
        row = row[part]
    full = ~shapely.is_empty(single)
    return single[full], row[full]
