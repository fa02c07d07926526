"""`gridmap check`: every fault of a file of grids, and what mending would do; nothing is
imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridmap.cli.console import (
    FINDINGS,
    Json,
    Quiet,
    emit,
    err,
    guarded,
    out,
    progress_bars,
    read_settings,
    table,
)
from gridmap.cli.gridfile import (
    Columns,
    Crs,
    Faults,
    File,
    Layer,
    Tolerance,
    Within,
    beside,
    level_of,
    mapping,
)

if TYPE_CHECKING:
    from gridmap.city.intake.checking import CheckReport
    from gridmap.city.intake.mending import RepairPreview

SHOWN_FAULTS = 30


@guarded
def check(
    file: File,
    *,
    crs: Crs = "",
    column: Columns = None,
    layer: Layer = "",
    tolerance: Tolerance = 1.0,
    within: Within = "village",
    faults: Faults = None,
    preview: Annotated[
        bool,
        typer.Option(
            "--preview",
            help="Show what --repair of an import would change, and what it would leave.",
        ),
    ] = False,
    mended: Annotated[
        Path | None,
        typer.Option(
            help="With --preview: where the mended grids are written (GeoPackage or GeoJSON)."
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List every fault of a FILE of grids, and write the faults as GeoJSON; nothing is imported.

    Invalid shapes, overlaps, gaps, slivers, grids outside their parents, duplicate and
    malformed codes, each with its grids, place, size and cure. The exit code is 9 when
    there are any; with --preview, when mending leaves any.
    """
    from gridmap.city.intake import checking, mending
    from gridmap.store import Store
    from gridmap.store.opening import open_store

    settings = read_settings()
    store = open_store(settings) if Store.exists(settings) else None
    try:
        with progress_bars(hidden=quiet or as_json) as progress:
            if preview:
                would_be = mending.preview_repair(
                    store,
                    file,
                    crs=crs or None,
                    mapping=mapping(column),
                    layer=layer,
                    within=level_of(within),
                    tolerance_m=tolerance,
                    progress=progress,
                )
                _tell_preview(would_be, mended, as_json=as_json)
                return
            report = checking.check_file(
                store,
                file,
                crs=crs or None,
                mapping=mapping(column),
                layer=layer,
                within=level_of(within),
                tolerance_m=tolerance,
                out=faults or beside(file),
                progress=progress,
            )
    finally:
        if store:
            store.close()
    _tell_check(report, as_json=as_json)
    if not report.ok:
        raise typer.Exit(FINDINGS)


def _tell_preview(preview: RepairPreview, mended: Path | None, *, as_json: bool) -> None:
    """Before, each change, after; then the mended file, and the exit code."""
    from gridmap.city.base import files

    if mended is not None:
        with files.writing(mended, files.format_of(mended, None)) as writer:
            writer.write(preview.grids)
    if as_json:
        rows = preview.moves.drop(columns="geometry").to_dict("records")
        emit(
            {
                "file": preview.before.file,
                "before": preview.before.by_rule,
                "after": preview.after.by_rule,
                "problems": [str(problem) for problem in preview.after.problems],
                "moves": rows,
                "ok": preview.ok,
                "mended": mended,
            }
        )
    else:
        _show_preview(preview)
    if not preview.ok:
        raise typer.Exit(FINDINGS)


def _show_preview(preview: RepairPreview) -> None:
    shown = preview.moves.head(SHOWN_FAULTS)
    rows: list[list[object]] = [
        [row["rule"], row["codes"], row["names"], row["detail"], f"{row['moved_m']:.2f}"]
        for row in shown.to_dict("records")
    ]
    if rows:
        title = f"What mending {preview.before.file} would change"
        table(title, ["rule", "grids, the winner first", "names", "size", "moved m"], rows)
    if len(preview.moves) > len(rows):
        out.print(f"… and {len(preview.moves) - len(rows):,} more.")
    for problem in preview.after.problems[:SHOWN_FAULTS]:
        err.print(f"  {problem}", markup=False)
    for when, report in (("before", preview.before), ("after", preview.after)):
        out.print(f"{when}: {_counts(report)}", markup=False)
    farthest = preview.moves["moved_m"].max() if len(preview.moves) else 0.0
    redraw = "has to be redrawn where faults are left"
    verdict = "can be imported with --repair" if preview.ok else redraw
    out.print(
        f"{len(preview.moves):,} changes, no border moves more than {farthest:.2f} m; the "
        f"file {verdict}."
    )


def _tell_check(report: CheckReport, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "file": report.file,
                "format": report.format,
                "grids": report.grids,
                "ok": report.ok,
                "by_rule": report.by_rule,
                "faults": report.faults.drop(columns="geometry").to_dict("records"),
                "problems": [str(problem) for problem in report.problems],
                "notes": list(report.notes),
                "faults_file": report.faults_file,
            }
        )
        return
    for note in report.notes:
        out.print(f"· {note}", markup=False)
    for problem in report.problems[:SHOWN_FAULTS]:
        err.print(f"  {problem}", markup=False)
    if len(report.faults):
        _show_faults(report)
    verdict = "ready to import" if report.ok else "not fit to import"
    summary = f"{report.grids:,} grids ({report.format}): {_counts(report)}; {verdict}."
    out.print(summary, markup=False)


def _show_faults(report: CheckReport) -> None:
    rows: list[list[object]] = [
        [
            row.rule,
            row.codes,
            row.names,
            row.place,
            f"{row.size_m2:,.1f}",
            f"{row.size_m:,.2f}",
            row.cure,
        ]
        for row in report.faults.head(SHOWN_FAULTS).itertuples()
    ]
    headings = ["rule", "grids", "names", "lon,lat", "m²", "width m", "cure"]
    table(f"Faults of {report.file}", headings, rows)
    if len(report.faults) > SHOWN_FAULTS:
        out.print(f"… and {len(report.faults) - SHOWN_FAULTS:,} more.")
    out.print(f"All of them as GeoJSON: {report.faults_file}", markup=False)


def _counts(report: CheckReport) -> str:
    counts = (
        f"{number:,} {rule.replace('_', ' ')}" for rule, number in report.by_rule.items()
    )
    return ", ".join(counts) or "no faults"
