"""`gridmap export`: tables of the city as files."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from gridmap.cli.console import (
    Json,
    Quiet,
    emit,
    guarded,
    out,
    progress_bars,
)
from gridmap.cli.opened import opened_city
from gridmap.errors import Fault, InputError
from gridmap.model import Level


@guarded
def export(
    what: Annotated[
        str, typer.Argument(help="grids, reports, workload, coverage or workers.")
    ],
    file: Annotated[
        Path,
        typer.Argument(help="File to write; its suffix tells the format.", dir_okay=False),
    ],
    *,
    kind: Annotated[
        str,
        typer.Option(
            "--format",
            help="csv, xlsx, geojson, gpkg or parquet, where the suffix does not tell.",
        ),
    ] = "",
    area: Annotated[
        int,
        typer.Option(
            help="Code of a county, township, village or grid; 0: the whole city."
        ),
    ] = 0,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            help="First day of the period; 30 days back if not given.",
            formats=["%Y-%m-%d"],
        ),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            help="Last day of the period; yesterday if not given.",
            formats=["%Y-%m-%d"],
        ),
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(help="Code of a category, with all below it; repeat it for several."),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(help="State of the matters, such as closed; repeat it."),
    ] = None,
    level: Annotated[
        str,
        typer.Option(
            help="Level of the workload's rows: county, township, village or grid."
        ),
    ] = "",
    lang: Annotated[str, typer.Option(help="Language of names: zh or en.")] = "zh",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a table of the city for a place and a period; the file appears whole or not at all."""
    from gridmap.insight.selection import Selection

    if lang not in ("zh", "en"):
        raise InputError(
            Fault(rule="not a language", field="--lang", value=lang, cure="Use zh or en.")
        )
    with opened_city() as city:
        usual = city.default_selection()
        selection = Selection(
            _day(start) or usual.start,
            _day(end) or usual.end,
            area or city.code,
            tuple(category or ()),
            tuple(status or ()),
        )
        with progress_bars(hidden=quiet or as_json) as progress:
            written = city.export.write(
                what,
                file,
                selection,
                format=kind or None,
                level=_level(level),
                lang="en" if lang == "en" else "zh",
                progress=progress,
            )
    if as_json:
        emit({"file": str(written), "bytes": written.stat().st_size})
    else:
        out.print(f"{written} ({written.stat().st_size:,} bytes)", markup=False)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _level(name: str) -> Level | None:
    known = {level.name.lower(): level for level in Level if level is not Level.CITY}
    if name and name.lower() not in known:
        raise InputError(
            Fault(
                rule="not a level",
                field="--level",
                value=name,
                cure=f"Use {', '.join(known)}.",
            )
        )
    return known.get(name.lower())
