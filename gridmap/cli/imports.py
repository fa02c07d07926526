"""`gridmap import grids|reports|workers|users|offices` and `gridmap check`: files into the city."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridmap.calendar import to_epoch
from gridmap.cli.console import (
    FINDINGS,
    REFUSED_ROWS,
    Json,
    Quiet,
    emit,
    err,
    guarded,
    out,
    progress_bars,
    settings,
    table,
)
from gridmap.errors import Fault, InputError
from gridmap.model import Level

if TYPE_CHECKING:
    from gridmap.city.intake.topology import CheckReport, RepairPreview
    from gridmap.store.imports import ImportResult

app = typer.Typer(
    help="Bring grids, reports, workers, users or offices from files into the city.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="The file.", exists=True, dir_okay=False, readable=True)]
Crs = Annotated[
    str, typer.Option(help="Coordinate system of the file where it does not say itself, such as EPSG:4490.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", "-c", help="A column's name in the file, as FIELD=NAME; repeat it. Others are guessed."),
]
Layer = Annotated[str, typer.Option(help="Layer of a file with several.")]
Tolerance = Annotated[float, typer.Option(help="Metres that a border may be moved, or a gap be wide.", min=0.01)]
Within = Annotated[
    str, typer.Option(help="Level whose outlines the grids must keep to: county, township, village or none.")
]
Faults = Annotated[Path | None, typer.Option(help="Where faults are written as GeoJSON.")]
SHOWN_FAULTS = 30


@app.command("grids")
@guarded
def grids(
    file: File,
    *,
    crs: Crs = "",
    column: Columns = None,
    layer: Layer = "",
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend faults without moving a border more than --tolerance.")
    ] = False,
    tolerance: Tolerance = 1.0,
    name: Annotated[str, typer.Option(help="Name of the plan; empty: the file's name.")] = "",
    valid_from: Annotated[
        datetime | None, typer.Option(help="First day the plan is in force; today if not given.", formats=["%Y-%m-%d"])
    ] = None,
    within: Within = "village",
    faults: Faults = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Publish the grids of FILE as the plan in force: all of them, or nothing is changed.

    GeoJSON, GeoPackage, zipped Shapefile, GeoParquet or FlatGeobuf, told by its content.
    """
    from gridmap.city.base.clock import clock_of
    from gridmap.city.intake import topology
    from gridmap.store import Store

    own = settings()
    with Store.open(own) as store, progress_bars(hidden=quiet or as_json) as progress:
        now = clock_of(own, store).now()
        done = topology.import_grids(
            store,
            file,
            now=to_epoch(now),
            valid_from=(valid_from or now).date(),
            name=name,
            crs=crs or None,
            mapping=_mapping(column),
            layer=layer,
            repair=repair,
            tolerance_m=tolerance,
            within=_level(within),
            out=faults or _beside(file),
            progress=progress,
        )
    if as_json:
        emit({"plan": done.plan, "grids": done.grids, "faults_before": done.report.by_rule, "notes": list(done.notes)})
        return
    out.print(f"Plan {done.plan} with {done.grids:,} grids is in force.")
    for note in done.notes:
        out.print(f"  · {note}", markup=False)


@app.command("reports")
@guarded
def reports(
    files: Annotated[
        list[Path], typer.Argument(help="CSV, Excel, Parquet or NDJSON files.", exists=True, dir_okay=False)
    ],
    *,
    crs: Annotated[
        str, typer.Option(help="System of the coordinates: wgs84, cgcs2000, gcj02, bd09 or an EPSG code.")
    ] = "wgs84",
    column: Columns = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Locate the reports of FILES in their grids and add them; refused rows go to a file with their reasons.

    The same report twice adds nothing. Interrupted at any moment, nothing is half-visible, and the next run completes
    or discards what was begun. The exit code is 8 when rows were refused.
    """
    from gridmap.city.city import City

    city = City.open(settings())
    try:
        with progress_bars(hidden=quiet or as_json) as progress:
            done = city.imports.reports(files, crs=crs, mapping=_mapping(column), progress=progress)
    finally:
        city.close()
    _tell_import(done, as_json=as_json)


@app.command("workers")
@guarded
def workers(file: File, *, column: Columns = None, as_json: Json = False) -> None:
    """Make the workers and areas of FILE (CSV, Excel) the staff of the city: all of them, or nothing is changed."""
    from gridmap.city.city import City

    city = City.open(settings())
    try:
        done = city.imports.workers(file, mapping=_mapping(column))
    finally:
        city.close()
    _tell_import(done, as_json=as_json)


@app.command("users")
@guarded
def users(
    file: File,
    *,
    column: Columns = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make users whom FILE does not name inactive; their journals stay.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add or change the users of FILE (CSV, Excel) by their sign-in names: all of them, or nothing is changed.

    Columns, in Chinese or English: login 登录名, name 姓名, role 角色, area 责任区域 (code of the place answered for);
    optionally office 单位 (number or name), worker 工号 (number of the staff list), phone 电话, active 在岗 (是 or 否).
    Roles: public 居民, grid_worker 网格员, clerk 窗口人员, dispatcher 派遣员, handler 处置人员, verifier 核查员,
    chief 网格长, commander 指挥员, planner 规划员, leader 领导, admin 管理员.
    """
    from gridmap.cases.actors import SYSTEM
    from gridmap.city.city import City

    city = City.open(settings())
    try:
        done = city.people.import_users(SYSTEM, file, mapping=_mapping(column), replace=replace)
    finally:
        city.close()
    _tell_import(done, as_json=as_json)


@app.command("offices")
@guarded
def offices(file: File, *, column: Columns = None, as_json: Json = False) -> None:
    """Add or change the offices of FILE (CSV, Excel): all of them, or nothing is changed.

    Columns, in Chinese or English: kind 类型, name 名称, area 辖区 (code of the place it works for); optionally
    id 编号, name_en 英文名称, department 部门, phone 电话. Kinds: village 村级, township 乡级, county 县级, city 市级,
    department 部门. A department needs its name as categories and routing rules have it in the column department.
    """
    from gridmap.cases.actors import SYSTEM
    from gridmap.city.city import City

    city = City.open(settings())
    try:
        done = city.people.import_offices(SYSTEM, file, mapping=_mapping(column))
    finally:
        city.close()
    _tell_import(done, as_json=as_json)


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
        bool, typer.Option("--preview", help="Show what --repair of an import would change, and what it would leave.")
    ] = False,
    mended: Annotated[
        Path | None, typer.Option(help="With --preview: where the mended grids are written (GeoPackage or GeoJSON).")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """List every fault of a FILE of grids, and write the faults as GeoJSON; nothing is imported.

    Invalid shapes, overlaps, gaps, slivers, grids outside their parents, duplicate and malformed codes, each with its
    grids, place, size and cure. The exit code is 9 when there are any; with --preview, when mending leaves any.
    """
    from gridmap.city.intake import topology
    from gridmap.store import Store

    own = settings()
    store = Store.open(own) if Store.exists(own) else None
    try:
        with progress_bars(hidden=quiet or as_json) as progress:
            if preview:
                found = topology.preview_repair(
                    store, file, crs=crs or None, mapping=_mapping(column), layer=layer, within=_level(within),
                    tolerance_m=tolerance, progress=progress,
                )  # fmt: skip
                _tell_preview(found, mended, as_json=as_json)
                return
            report = topology.check_file(
                store,
                file,
                crs=crs or None,
                mapping=_mapping(column),
                layer=layer,
                within=_level(within),
                tolerance_m=tolerance,
                out=faults or _beside(file),
                progress=progress,
            )
    finally:
        if store:
            store.close()
    _tell_check(report, as_json=as_json)
    if not report.ok:
        raise typer.Exit(FINDINGS)


def _tell_preview(found: RepairPreview, mended: Path | None, *, as_json: bool) -> None:
    """Before, each change, after; then the mended file, and the exit code."""
    from gridmap.city.base import files

    if mended is not None:
        with files.writing(mended, files.format_of(mended, None)) as writer:
            writer.write(found.grids)
    if as_json:
        rows = found.moves.drop(columns="geometry").to_dict("records")
        emit(
            {
                "file": found.before.file,
                "before": found.before.by_rule,
                "after": found.after.by_rule,
                "problems": [str(problem) for problem in found.after.problems],
                "moves": rows,
                "ok": found.ok,
                "mended": mended,
            }
        )
    else:
        _show_preview(found)
    if not found.ok:
        raise typer.Exit(FINDINGS)


def _show_preview(found: RepairPreview) -> None:
    shown = found.moves.head(SHOWN_FAULTS)
    rows: list[list[object]] = [
        [row["rule"], row["codes"], row["names"], row["detail"], f"{row['moved_m']:.2f}"]
        for row in shown.to_dict("records")
    ]
    if rows:
        title = f"What mending {found.before.file} would change"
        table(title, ["rule", "grids, the winner first", "names", "size", "moved m"], rows)
    if len(found.moves) > len(rows):
        out.print(f"… and {len(found.moves) - len(rows):,} more.")
    for problem in found.after.problems[:SHOWN_FAULTS]:
        err.print(f"  {problem}", markup=False)
    for when, report in (("before", found.before), ("after", found.after)):
        counts = ", ".join(f"{number:,} {rule.replace('_', ' ')}" for rule, number in report.by_rule.items())
        out.print(f"{when}: {counts or 'no faults'}", markup=False)
    farthest = found.moves["moved_m"].max() if len(found.moves) else 0.0
    verdict = "can be imported with --repair" if found.ok else "has to be redrawn where faults are left"
    out.print(f"{len(found.moves):,} changes, no border moves more than {farthest:.2f} m; the file {verdict}.")


def _tell_check(report: CheckReport, *, as_json: bool) -> None:
    if as_json:
        rows = report.faults.drop(columns="geometry").to_dict("records")
        problems = [str(problem) for problem in report.problems]
        emit(
            {
                "file": report.file,
                "format": report.format,
                "grids": report.grids,
                "ok": report.ok,
                "by_rule": report.by_rule,
                "faults": rows,
                "problems": problems,
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
        shown = report.faults.head(SHOWN_FAULTS)
        rows = [
            [row.rule, row.codes, row.names, row.place, f"{row.size_m2:,.1f}", f"{row.size_m:,.2f}", row.cure]
            for row in shown.itertuples()
        ]
        table(f"Faults of {report.file}", ["rule", "grids", "names", "lon,lat", "m²", "width m", "cure"], rows)
        if len(report.faults) > SHOWN_FAULTS:
            out.print(f"… and {len(report.faults) - SHOWN_FAULTS:,} more.")
        out.print(f"All of them as GeoJSON: {report.faults_file}", markup=False)
    verdict = "ready to import" if report.ok else "not fit to import"
    counts = ", ".join(f"{number:,} {rule.replace('_', ' ')}" for rule, number in report.by_rule.items()) or "no faults"
    out.print(f"{report.grids:,} grids ({report.format}): {counts}; {verdict}.", markup=False)


def _tell_import(done: ImportResult, *, as_json: bool) -> None:
    refused = sum(done.rejected.values())
    if as_json:
        emit(
            {
                "import": done.import_id,
                "rows": done.rows,
                "accepted": done.accepted,
                "rejected": done.rejected,
                "reject_file": done.reject_file,
                "already": done.already,
            }
        )
    elif done.already:
        out.print(f"These files were imported before, as import {done.import_id}; nothing was added.")
    else:
        out.print(f"Import {done.import_id}: {done.rows:,} rows, {done.accepted:,} added, {refused:,} refused.")
        if refused:
            table("Refused", ["reason", "rows"], [[reason, f"{rows:,}"] for reason, rows in done.rejected.items()])
            out.print(f"Each with its cure in {done.reject_file}", markup=False)
    if refused:
        raise typer.Exit(REFUSED_ROWS)


def _mapping(columns: list[str] | None) -> dict[str, str] | None:
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


def _level(name: str) -> Level | None:
    known = {level.name.lower(): level for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)}
    if name.lower() == "none":
        return None
    if name.lower() not in known:
        raise InputError(
            Fault(rule="not a level", field="--within", value=name, cure=f"Use {', '.join(known)} or none.")
        )
    return known[name.lower()]


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.stem}.faults.geojson")
