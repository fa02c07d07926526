"""Read one file in a process of its own: run as a script by `gridmap.sources.ogr`, never
imported by it.

    python ogr_worker.py DRIVER FILE LAYER polygons|any OUT

Writes an Arrow file whose schema carries `crs` and whose column `__wkb` holds the shapes.
Limits on memory, time and files are set before any library that reads data is loaded;
GDAL_SKIP leaves GDAL the one driver asked for.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 4 * 2**30
CPU_S = 120
OUTPUT_BYTES = 4 * 2**30
EXIT_REFUSED = 3


def limit() -> None:
    """Cap memory, processor time and file size of this process; no core dump."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most_allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most_allowed, most_allowed))


def read_ogr(driver: str, path: str, layer: str, shapes: str) -> tuple[Any, Any]:
    """The table (Arrow, with `__wkb`) and the CRS text of one layer."""
    # pyogrio loads these where it finds them, which takes two seconds; None makes the import fail.
    for unneeded in ("geopandas", "pandas", "shapely"):
        sys.modules[unneeded] = None  # type: ignore[assignment]
    import pyogrio  # noqa: PLC0415  (after the limits)

    # GDAL chooses by content: a .gpkg that is really a VRT would open files it names.
    if set(pyogrio.list_drivers()) - {driver}:
        refuse("GDAL has more drivers than the one asked for")
    chosen = layer or only_layer(pyogrio.list_layers(path), shapes)
    meta, table = pyogrio.raw.read_arrow(path, layer=chosen)
    name = meta["geometry_name"] or "wkb_geometry"
    if name not in table.column_names:
        refuse("the layer has no geometry")
    return _with_shapes_named(table, name), meta["crs"]


def _with_shapes_named(table: Any, name: str) -> Any:
    """`table` with its column of shapes called `__wkb`, as the parent expects."""
    return table.rename_columns(
        ["__wkb" if column == name else column for column in table.column_names]
    )


def only_layer(layers: Any, shapes: str) -> str:
    """The one layer with polygons, or with shapes of any kind (a table without shapes has
    the kind None).
    """
    fits = (lambda kind: kind is not None) if shapes == "any" else _has_polygons
    fitting = [str(name) for name, kind in layers if fits(kind)]
    if len(fitting) != 1:
        names = ", ".join(str(name) for name, _ in layers)
        what = "shapes" if shapes == "any" else "polygons"
        refuse(f"the file has {len(fitting)} layers of {what} ({names}), not one")
    return fitting[0]


def _has_polygons(kind: str | None) -> bool:
    # A layer that allows any geometry is "Unknown": what it holds shows when it is read.
    return kind is None or "Polygon" in kind or kind == "Unknown"


def read_parquet(path: str) -> tuple[Any, Any]:
    """The same of a GeoParquet file; one that keeps its shapes otherwise than as WKB is
    left to geopandas.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  (after the limits)

    table = pq.read_table(path)
    about = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    name = about.get("primary_column")
    if name not in table.column_names:
        refuse("the file is Parquet without shapes: it has no GeoParquet description")
    column = about["columns"][name]
    if column.get("encoding") != "WKB":
        table = _with_wkb(path, name)
    # As the format says: left out is WGS84, null is unknown.
    crs = column.get("crs", "OGC:CRS84")
    return _with_shapes_named(table, name), crs


def _with_wkb(path: str, name: str) -> Any:
    import geopandas  # noqa: PLC0415  (rarely needed)
    import pyarrow as pa  # noqa: PLC0415

    frame = geopandas.read_parquet(path)
    wkb = pa.array(frame.geometry.to_wkb().tolist(), type=pa.binary())
    return pa.Table.from_pandas(
        frame.drop(columns=name), preserve_index=False
    ).append_column(name, wkb)


def refuse(why: str) -> None:
    """End with a sentence the parent passes on."""
    sys.stderr.write(why)
    raise SystemExit(EXIT_REFUSED)


def main(driver: str, path: str, layer: str, shapes: str, out: str) -> None:
    """Read `path` and write the Arrow file `out`."""
    limit()
    import pyarrow as pa  # noqa: PLC0415  (after the limits)

    table, crs = (
        read_parquet(path) if driver == "Parquet" else read_ogr(driver, path, layer, shapes)
    )
    table = table.replace_schema_metadata({"crs": json.dumps(crs)})
    with pa.OSFile(out, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


if __name__ == "__main__":
    main(*sys.argv[1:6])
