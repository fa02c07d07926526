"""A layer of four grids, written as every kind of file."""

import json
import warnings
import zipfile

import geopandas as gpd
import numpy as np
import shapely

CODES = [410702001001001, 410702001001002, 410702001002001, 410702001002002]
NAMES = ["第一网格", "第二网格", "市场", "第二网格"]


def layer(**columns):
    """
    +---+---+
    | 3 | 4 |     0.01° wide, the south-west corner at 113.8, 35.3
    | 1 | 2 |
    +---+---+
    """
    boxes = [
        shapely.box(113.8 + x, 35.3 + y, 113.81 + x, 35.31 + y)
        for y in (0, 0.01)
        for x in (0, 0.01)
    ]
    given = {
        "code": np.array(CODES, dtype=np.int64),
        "name": NAMES,
        "kind": ["basic", "basic", "exclusive", "basic"],
        "households": [120, 150, 0, 90],
        "population": [360, 410, 0, 250],
    }
    return gpd.GeoDataFrame({**given, **columns}, geometry=boxes, crs="EPSG:4490")


def write(frame, path):
    """By the ending of `path`: .geojson, .gpkg, .fgb, .parquet, .zip (Shapefile)."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "'crs' was not provided"
        )  # some files are meant to lack it
        _write(frame, path)
    return path


def _write(frame, path):
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".zip":
        folder = path.with_suffix("")
        folder.mkdir()
        frame.to_file(folder / "grids.shp", encoding="utf-8")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(folder.iterdir()):
                archive.write(part, f"layer/{part.name}")
    elif path.suffix == ".geojson":
        path.write_text(json.dumps(document(frame), ensure_ascii=False), encoding="utf-8")
    else:
        frame.to_file(path)


def document(frame, **members):
    """The frame as a GeoJSON document."""
    return {
        "type": "FeatureCollection",
        "features": json.loads(frame.to_json())["features"],
        **members,
    }


def feature(coordinates, kind="Polygon", **properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features, **members):
    return json.dumps(
        {"type": "FeatureCollection", "features": list(features), **members},
        ensure_ascii=False,
    )
