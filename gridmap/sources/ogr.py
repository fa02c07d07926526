"""Formats that need GDAL or Arrow, read in a process of its own with limits on memory and time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from gridmap.errors import Fault, InputError
from gridmap.sources import shapefile
from gridmap.sources.layer import MAX_BYTES, MAX_FEATURES, MAX_VERTICES, RawLayer
from gridmap.sources.sniff import Format

TIMEOUT_S = 240
POLYGONS = ("Polygon", "MultiPolygon")
ANY_SHAPE = (*POLYGONS, "Point", "MultiPoint", "LineString", "MultiLineString")
_WORKER = Path(__file__).with_name("ogr_worker.py")
_DRIVERS = {
    Format.GEOPACKAGE: "GPKG",
    Format.FLATGEOBUF: "FlatGeobuf",
    Format.SHAPEFILE_ZIP: "ESRI Shapefile",
    Format.GEOPARQUET: "Parquet",
}
_NAMES = {
    Format.GEOPACKAGE: "layer.gpkg",
    Format.FLATGEOBUF: "layer.fgb",
    Format.GEOPARQUET: "layer.parquet",
}


def read_ogr(
    path: Path, kind: Format, *, layer: str = "", any_shape: bool = False
) -> RawLayer:
    """The features of a GeoPackage, FlatGeobuf, GeoParquet or zipped Shapefile.

    Points and lines are faults, as grids are polygons, unless `any_shape` is asked for.

    Raises InputError when the file cannot be read, is too large, or unpacks to too much.
    """
    if path.stat().st_size > MAX_BYTES:
        raise InputError(
            Fault(rule="the file is larger than 2 GB", file=path.name, cure="Split it.")
        )
    with tempfile.TemporaryDirectory(prefix="gridmap-") as folder:
        source = _plain(path, kind, Path(folder))
        out = Path(folder) / "layer.arrow"
        _run(path, _DRIVERS[kind], source, (layer, "any" if any_shape else "polygons"), out)
        return _load(path, out, ANY_SHAPE if any_shape else POLYGONS)


def _plain(path: Path, kind: Format, folder: Path) -> Path:
    """The file under a name of ours: GDAL would take some names for archives or addresses."""
    if kind is Format.SHAPEFILE_ZIP:
        return shapefile.unpack(path, folder)
    source = folder / _NAMES[kind]
    source.symlink_to(path.resolve())
    return source


def _run(path: Path, driver: str, source: Path, wanted: tuple[str, str], out: Path) -> None:
    """Run the worker; `wanted` is the layer's name, if any, and what shapes it has."""
    command = [sys.executable, "-P", str(_WORKER), driver, str(source), *wanted, str(out)]
    try:
        done = subprocess.run(  # noqa: S603  (our own script; the file's name is data)
            command,
            env=_environment(driver),
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            cwd=out.parent,
        )
    except subprocess.TimeoutExpired as error:
        raise _unreadable(path, "reading took too long") from error
    if done.returncode:
        messages = done.stderr.decode("utf-8", errors="replace").strip().splitlines()
        killed = f"the reader ended with signal {-done.returncode}"
        raise _unreadable(path, messages[-1] if messages else killed)


def _unreadable(path: Path, why: str) -> InputError:
    return InputError(
        Fault(
            rule=f"the file cannot be read: {why[:300]}",
            file=path.name,
            cure="Export it again, or name its layer with --layer.",
        )
    )


def _environment(driver: str) -> dict[str, str]:
    """Ours, without what would steer GDAL, and with every driver but one switched off."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GDAL", "OGR", "CPL", "VSI", "SHAPE"))
    }
    others = ",".join(sorted(_drivers() - {driver}))
    return {
        **inherited,
        "GDAL_SKIP": others,
        "GDAL_DRIVER_PATH": "disable",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
    }


@cache
def _drivers() -> frozenset[str]:
    import pyogrio  # noqa: PLC0415  (GDAL is needed for these formats alone)

    return frozenset(pyogrio.list_drivers())


def _load(path: Path, out: Path, kinds: tuple[str, ...]) -> RawLayer:
    with pa.OSFile(str(out), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    if table.num_rows > MAX_FEATURES:
        raise InputError(
            Fault(
                rule=f"the file has more than {MAX_FEATURES:,} features",
                file=path.name,
                cure="Split it.",
            )
        )
    crs = json.loads(table.schema.metadata[b"crs"])
    blobs = np.array(table.column("__wkb").to_pylist(), dtype=object)
    nothing = np.array([], dtype=object)
    shapes = shapely.from_wkb(blobs, on_invalid="ignore") if len(blobs) else nothing
    if shapely.get_num_coordinates(shapes).sum() > MAX_VERTICES:
        raise InputError(
            Fault(
                rule=f"more than {MAX_VERTICES:,} vertices",
                file=path.name,
                cure="Simplify the file.",
            )
        )
    columns = {
        name: table.column(name).to_pylist()
        for name in table.column_names
        if name != "__wkb"
    }
    frame = pd.DataFrame(columns, dtype=object, index=range(table.num_rows))
    faults = _shape_faults(path, blobs, shapes, kinds)
    return RawLayer(frame, shapely.force_2d(shapes), crs, faults)


def _shape_faults(
    path: Path, blobs: np.ndarray, shapes: np.ndarray, kinds: tuple[str, ...]
) -> list[Fault]:
    faults = []
    for row, (blob, shape) in enumerate(zip(blobs, shapes, strict=True), start=1):
        if shape is None and blob is not None:
            rule, cure, value = "the shape cannot be read", "Draw it again.", ""
        elif shape is not None and shape.geom_type not in kinds:
            rule = "not a point, a line or a polygon"
            if kinds is POLYGONS:
                rule = "a grid is a polygon or a multipolygon"
            cure, value = "Leave other shapes out.", shape.geom_type
        elif shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all():
            rule = "a position is no pair of finite numbers"
            cure, value = "Correct the coordinates.", ""
        else:
            continue
        faults.append(
            Fault(
                rule=rule, cure=cure, row=row, field="geometry", value=value, file=path.name
            )
        )
    return faults
