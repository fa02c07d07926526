"""`gridmap demo`: the demonstration city."""

from __future__ import annotations

from typing import Annotated

import typer

from gridmap.cli.console import (
    Json,
    Quiet,
    emit,
    guarded,
    out,
    progress_bars,
    read_settings,
)


@guarded
def demo(
    *,
    reports: Annotated[
        int, typer.Option(help="Number of reports; 0: GRIDMAP_DEMO_REPORTS.", min=0)
    ] = 0,
    seed: Annotated[
        int,
        typer.Option(
            help="Seed: the same seed gives the same city; -1: GRIDMAP_DEMO_SEED."
        ),
    ] = -1,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when the home has a city.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build the demonstration city of 15,000 grids in an empty home (GRIDMAP_HOME).

    The divisions are Xinxiang's real ones; boundaries below county, people and reports are
    generated.
    """
    from gridmap.store import Store

    settings = read_settings()
    if if_missing and Store.exists(settings):
        out.print(f"The city in {settings.home} is kept.")
        return
    from gridmap import demo as city_builder
    from gridmap.city.city import City

    wanted = reports or settings.demo_reports
    with progress_bars(hidden=quiet or as_json) as progress:
        city_builder.build(
            settings,
            reports=wanted,
            seed=settings.demo_seed if seed < 0 else seed,
            progress=progress,
        )
        city = City.open(settings)
        city.prepare(progress=progress)
        city.close()
    if as_json:
        emit({"home": str(settings.home), "reports": wanted})
    else:
        out.print(
            f"The demonstration city with {wanted:,} reports is in {settings.home}. Next: "
            "[bold]gridmap serve[/]"
        )
