"""The command tree."""

from __future__ import annotations

from typing import Annotated

import typer

from gridmap import __version__
from gridmap.cli import (
    check,
    demo,
    doctor,
    export,
    imports,
    layers,
    plan,
    serve,
    users,
    watch,
)

app = typer.Typer(
    name="gridmap",
    help="Govern a city grid by grid: store its grids, locate its reports, show where they "
    "need a look.\n\n"
    "Settings come from GRIDMAP_* variables and gridmap.toml. Exit codes: 0 done, 1 "
    "unforeseen error, 2 wrong call, "
    "3 input refused, 4 not found, 5 conflict, 6 not allowed, 7 set-up not fit, 8 some "
    "rows refused, 9 faults found.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="rich",
)
app.command("demo")(demo.demo)
imports.app.command("layer")(layers.bring_in)
imports.app.command("basemap")(layers.basemap)
app.add_typer(imports.app, name="import")
app.add_typer(layers.app, name="layers")
app.command("check")(check.check)
app.add_typer(users.app, name="users")
app.add_typer(plan.app, name="plan")
app.command("serve")(serve.serve)
app.command("watch")(watch.watch)
app.command("rebuild")(doctor.rebuild)
app.command("doctor")(doctor.doctor)
app.command("export")(export.export)


def _show_version(value: bool) -> None:  # noqa: FBT001  (typer's callback)
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and stop.",
            callback=_show_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Govern a city grid by grid."""
