"""`gridmap doctor` and `gridmap rebuild`: what is wrong, and the read model made anew."""

from __future__ import annotations

import typer

from gridmap.cli.console import (
    FINDINGS,
    Json,
    Quiet,
    emit,
    guarded,
    out,
    progress_bars,
    read_settings,
    table,
)
from gridmap.errors import SetupError


@guarded
def doctor(*, as_json: Json = False) -> None:
    """Show versions, paths, counts and disk, and say what is wrong and the cure; the exit
    code is 9 then.
    """
    from gridmap.city import doctor as examining
    from gridmap.city.doctor import worst

    findings = examining.examine(read_settings())
    if as_json:
        emit(
            {
                "level": worst(findings),
                "findings": [finding.as_dict() for finding in findings],
            }
        )
    else:
        rows: list[list[object]] = [
            [finding.level, finding.key, finding.text, finding.cure] for finding in findings
        ]
        table("gridmap doctor", ["", "what", "found", "cure"], rows)
    if worst(findings) == "wrong":
        raise typer.Exit(FINDINGS)


@guarded
def rebuild(*, as_json: Json = False, quiet: Quiet = False) -> None:
    """Make the read model (the Parquet columns) anew from the database; pages go on with
    the old one meanwhile.
    """
    from gridmap.store import Store
    from gridmap.store.look import columns
    from gridmap.store.opening import open_store

    settings = read_settings()
    if not Store.exists(settings):
        raise SetupError(
            f"There is no city in {settings.home}. Make one with `gridmap demo` or `gridmap "
            "import grids FILE`."
        )
    with open_store(settings) as store, progress_bars(hidden=quiet or as_json) as progress:
        rows = columns.rebuild(store, progress=progress).rows
        version = columns.version(store)
    if as_json:
        emit({"rows": rows, "version": version})
    else:
        out.print(f"The read model is made anew: {rows:,} reports.")
