"""Options of commands that read a file of grids, or of rows, and what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridmap.errors import Fault, InputError
from gridmap.model import Level

File = Annotated[
    Path, typer.Argument(help="The file.", exists=True, dir_okay=False, readable=True)
]
Crs = Annotated[
    str,
    typer.Option(
        help="Coordinate system of the file where it does not say itself, such as EPSG:4490."
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        "-c",
        help="A column's name in the file, as FIELD=NAME; repeat it. Others are guessed.",
    ),
]
Layer = Annotated[str, typer.Option(help="Layer of a file with several.")]
Tolerance = Annotated[
    float,
    typer.Option(help="Metres that a border may be moved, or a gap be wide.", min=0.01),
]
Within = Annotated[
    str,
    typer.Option(
        help="Level whose outlines the grids must keep to: county, township, village or none."
    ),
]
Faults = Annotated[Path | None, typer.Option(help="Where faults are written as GeoJSON.")]


def mapping(columns: list[str] | None) -> dict[str, str] | None:
    """FIELD=NAME options as a mapping. Raises InputError for those of another form, all at once."""
    pairs = [text.partition("=") for text in columns or []]
    faults = [
        Fault(
            rule="not FIELD=NAME",
            field="--column",
            value=before + mark + after,
            cure="Write for example code=网格编码.",
        )
        for before, mark, after in pairs
        if not (before and mark and after)
    ]
    if faults:
        raise InputError(faults)
    return {before.strip(): after.strip() for before, _, after in pairs} or None


def level_of(name: str) -> Level | None:
    """The level of `--within`, None for none. Raises InputError for another word."""
    known = {
        level.name.lower(): level for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    }
    if name.lower() == "none":
        return None
    if name.lower() not in known:
        raise InputError(
            Fault(
                rule="not a level",
                field="--within",
                value=name,
                cure=f"Use {', '.join(known)} or none.",
            )
        )
    return known[name.lower()]


def beside(file: Path) -> Path:
    """Where the faults of `file` are written when nothing is said."""
    return file.with_name(f"{file.stem}.faults.geojson")
