"""`gridmap import layer|basemap` and `gridmap layers`: reference layers and the base map of
the city.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridmap.cli.console import (
    Json,
    Quiet,
    emit,
    guarded,
    out,
    progress_bars,
    table,
)
from gridmap.cli.opened import opened_city
from gridmap.errors import NotFoundError
from gridmap.model import LayerKind

if TYPE_CHECKING:
    from gridmap.city.city import City

app = typer.Typer(
    help="List, show, hide and drop reference layers and the base map.",
    no_args_is_help=True,
)

File = Annotated[
    Path, typer.Argument(help="The file.", exists=True, dir_okay=False, readable=True)
]
Name = Annotated[str, typer.Argument(help="Name of the layer.")]


@guarded
def bring_in(
    file: File,
    *,
    name: Annotated[
        str, typer.Option(help="What the layer is called; empty: the file's name.")
    ] = "",
    kind: Annotated[
        LayerKind, typer.Option(help="What it shows; tells how it is drawn.")
    ] = LayerKind.OTHER,
    name_en: Annotated[str, typer.Option(help="Its name on English pages.")] = "",
    visible: Annotated[
        bool, typer.Option("--visible", help="Show it until a reader switches it off.")
    ] = False,
    crs: Annotated[
        str,
        typer.Option(
            help="System of the coordinates: wgs84, cgcs2000, gcj02, bd09 or an EPSG code."
        ),
    ] = "",
    name_column: Annotated[
        str,
        typer.Option(help="Column with the names of features; guessed but for buildings."),
    ] = "",
    households_column: Annotated[
        str,
        typer.Option(
            help="Column with the households of buildings; guessed for buildings."
        ),
    ] = "",
    layer: Annotated[str, typer.Option(help="Layer of a file with several.")] = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make the features of FILE a reference layer: all of them, or nothing is changed.

    GeoJSON, GeoPackage, zipped Shapefile, GeoParquet or FlatGeobuf; points, lines and
    polygons. Only shapes, names and numbers of households are kept. A layer of the same
    name is replaced; the same one twice changes nothing. What lies outside the city is left
    out.
    """
    from gridmap.cases.actors import SYSTEM

    with opened_city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.layers.bring_in(
            SYSTEM,
            file,
            name=name or file.stem,
            kind=kind,
            name_en=name_en,
            visible=visible,
            crs=crs,
            name_column=name_column,
            households_column=households_column,
            layer=layer,
            progress=progress,
        )
    if as_json:
        emit({name: getattr(done, name) for name in done.__dataclass_fields__})
        return
    if done.already:
        out.print(f"Layer {done.layer} has these features already; nothing was changed.")
        return
    out.print(
        f"Layer {done.layer}: {done.rows:,} rows, {done.kept:,} kept, {done.outside:,} "
        "outside the city."
    )
    if done.cut:
        out.print(f"  · {done.cut:,} cut at the edge of the city")
    for note in done.notes:
        out.print(f"  · {note}", markup=False)


@guarded
def basemap(
    file: File,
    *,
    crs: Annotated[
        str, typer.Option(help="System the tiles are drawn in: WGS84, GCJ-02 or BD-09.")
    ] = "WGS84",
    as_json: Json = False,
) -> None:
    """Make FILE, MBTiles of pictures (PNG, JPEG, WebP), the base map below the grids; it
    replaces the one before.

    No network is needed to show it. Vector tiles are refused.
    """
    from gridmap.cases.actors import SYSTEM

    with opened_city() as city:
        tileset, new = city.layers.bring_in_basemap(SYSTEM, file, crs=crs)
    if as_json:
        emit(
            {
                "name": tileset.name,
                "format": tileset.format,
                "crs": tileset.crs,
                "min_zoom": tileset.min_zoom,
                "max_zoom": tileset.max_zoom,
                "bounds": tileset.bounds,
                "already": not new,
            }
        )
        return
    what = "is the base map now" if new else "was the base map already; nothing was changed"
    out.print(
        f"{tileset.name} ({tileset.format}, zoom {tileset.min_zoom} to {tileset.max_zoom}) {what}.",
        markup=False,
    )


@app.command("list")
@guarded
def list_layers(*, as_json: Json = False) -> None:
    """The layers in the order they are drawn, and the base map."""
    with opened_city() as city:
        layers, ground = city.layers.all(), city.layers.basemap()
    if as_json:
        emit(
            {
                "layers": layers.drop(columns="digest").to_dict("records"),
                "basemap": ground.name if ground else None,
            }
        )
        return
    rows: list[list[object]] = [
        [
            row.id,
            row.name,
            row.kind,
            f"{row.rows:,}",
            "yes" if row.visible else "no",
            row.file,
        ]
        for row in layers.itertuples()
    ]
    table(
        "Reference layers",
        ["number", "name", "kind", "features", "shown at first", "file"],
        rows,
    )
    out.print(f"Base map: {ground.name if ground else 'none'}", markup=False)


@app.command("show")
@guarded
def show(name: Name) -> None:
    """Have maps show the layer NAME from the start."""
    _set_visible(name, visible=True)


@app.command("hide")
@guarded
def hide(name: Name) -> None:
    """Have maps show the layer NAME only when a reader switches it on."""
    _set_visible(name, visible=False)


@app.command("drop")
@guarded
def drop(
    name: Annotated[
        str, typer.Argument(help="Name of the layer; left out with --basemap.")
    ] = "",
    *,
    base: Annotated[
        bool, typer.Option("--basemap", help="Drop the base map instead.")
    ] = False,
) -> None:
    """Remove the layer NAME, or the base map."""
    from gridmap.cases.actors import SYSTEM

    with opened_city() as city:
        if base:
            gone = city.layers.drop_basemap(SYSTEM)
            out.print("The base map is gone." if gone else "There is no base map.")
            return
        city.layers.drop(SYSTEM, _number(city, name))
    out.print(f"The layer {name} is gone.", markup=False)


def _set_visible(name: str, *, visible: bool) -> None:
    from gridmap.cases.actors import SYSTEM

    with opened_city() as city:
        city.layers.show_first(SYSTEM, _number(city, name), visible=visible)


def _number(city: City, name: str) -> int:
    """The layer of this name or number. Raises NotFoundError naming those there are."""
    layers = city.layers.all()
    for number, layer_name in zip(layers["id"].tolist(), layers["name"], strict=True):
        if name in (layer_name, str(number)):
            return int(number)
    raise NotFoundError(
        f"There is no layer {name!r}. There are: {', '.join(layers['name']) or 'none'}."
    )
