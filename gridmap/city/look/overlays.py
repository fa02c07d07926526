"""Map files of reference layers: an index and tiles of about equal weight, built once,
found again by name.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gridmap.city.look.maps import folder, write
from gridmap.geo import featurepack
from gridmap.geo.pack import name_of
from gridmap.store.base.store import Store
from gridmap.store.look.layers import read_features

FORMAT = 1
"""Part of the files' key: raise it when what is packed changes."""
TILE_POINTS = 25_000
FROM_ZOOM = {"buildings": 13.0, "places": 12.5}
"""From here on a layer of several tiles is drawn; see `FROM_ZOOM_OTHERS` for other kinds."""
FROM_ZOOM_OTHERS = 11.25
KEPT_S = 86_400
"""Files that are of no use any more stay this long: pages opened before may still ask for them."""


def index_of(store: Store, layer: int, kind: str, digest: str) -> str:
    """The name of a layer's index file, built with its tiles when they are not there yet."""
    place = folder(store.home)
    about = place / f"layer-{layer}.{FORMAT}{featurepack.VERSION}.{digest[:16]}.json"
    if not about.exists():
        file = build(read_features(store, layer=layer), kind, place, stem=f"layer-{layer}")
        write(about, json.dumps({"file": file}).encode())
    return str(json.loads(about.read_text(encoding="utf-8"))["file"])


def build(
    features: gpd.GeoDataFrame, kind: str, place: Path, *, stem: str = "layer-0"
) -> str:
    """Write the files of `features` (id, name, households, geometry) into the folder
    `place`; the index's name.
    """
    place.mkdir(parents=True, exist_ok=True)
    shapes = np.asarray(features.geometry.array, dtype=object)
    points = shapely.get_num_coordinates(shapes)
    boxes = shapely.bounds(shapes)
    tiles = []
    for rows in featurepack.leaves(boxes, points, TILE_POINTS):
        data = featurepack.encode(features.iloc[rows])
        name = name_of(data, stem)
        write(place / name, data)
        west, south = boxes[rows, :2].min(axis=0)
        east, north = boxes[rows, 2:].max(axis=0)
        tiles.append(
            {
                "file": name,
                "box": [round(float(edge), 6) for edge in (west, south, east, north)],
            }
        )
    start = FROM_ZOOM.get(kind, FROM_ZOOM_OTHERS) if len(tiles) > 1 else 0.0
    index: dict[str, Any] = {"from": start, "features": len(features), "tiles": tiles}
    data = gzip.compress(
        json.dumps(index, separators=(",", ":")).encode(), compresslevel=9, mtime=0
    )
    name = name_of(data, stem)
    write(place / name, data)
    return name


def sweep(store: Store, kept: Collection[str]) -> None:
    """Remove files of layers that no index in `kept` names, once nobody can have them open
    any more.
    """
    place = folder(store.home)
    wanted = set(kept)
    for name in kept:
        index = json.loads(gzip.decompress((place / name).read_bytes()))
        wanted |= {tile["file"] for tile in index["tiles"]}
    old = time.time() - KEPT_S
    for path in (*place.glob("layer-*.bin"), *place.glob("layer-*.json")):
        if path.name not in wanted and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
