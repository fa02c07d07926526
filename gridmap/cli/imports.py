"""`gridmap import grids|reports|workers|users|offices`: files into the city."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridmap.calendar import to_epoch
from gridmap.cli.console import (
    REFUSED_ROWS,
    Json,
    Quiet,
    emit,
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
from gridmap.cli.opened import opened_city

if TYPE_CHECKING:
    from gridmap.store.intake.imports import ImportResult

app = typer.Typer(
    help="Bring grids, reports, workers, users or offices from files into the city.",
    no_args_is_help=True,
)


@app.command("grids")
@guarded
def grids(
    file: File,
    *,
    crs: Crs = "",
    column: Columns = None,
    layer: Layer = "",
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Mend faults without moving a border more than --tolerance."
        ),
    ] = False,
    tolerance: Tolerance = 1.0,
    name: Annotated[
        str, typer.Option(help="Name of the plan; empty: the file's name.")
    ] = "",
    valid_from: Annotated[
        datetime | None,
        typer.Option(
            help="First day the plan is in force; today if not given.", formats=["%Y-%m-%d"]
        ),
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
    from gridmap.store.opening import open_store

    settings = read_settings()
    with open_store(settings) as store, progress_bars(hidden=quiet or as_json) as progress:
        now = clock_of(settings, store).now()
        done = topology.import_grids(
            store,
            file,
            now=to_epoch(now),
            valid_from=(valid_from or now).date(),
            name=name,
            crs=crs or None,
            mapping=mapping(column),
            layer=layer,
            repair=repair,
            tolerance_m=tolerance,
            within=level_of(within),
            out=faults or beside(file),
            progress=progress,
        )
    if as_json:
        emit(
            {
                "plan": done.plan,
                "grids": done.grids,
                "faults_before": done.report.by_rule,
                "notes": list(done.notes),
            }
        )
        return
    out.print(f"Plan {done.plan} with {done.grids:,} grids is in force.")
    for note in done.notes:
        out.print(f"  · {note}", markup=False)


@app.command("reports")
@guarded
def reports(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV, Excel, Parquet or NDJSON files.", exists=True, dir_okay=False
        ),
    ],
    *,
    crs: Annotated[
        str,
        typer.Option(
            help="System of the coordinates: wgs84, cgcs2000, gcj02, bd09 or an EPSG code."
        ),
    ] = "wgs84",
    column: Columns = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Locate the reports of FILES in their grids and add them; refused rows go to a file
    with their reasons.

    The same report twice adds nothing. Interrupted at any moment, nothing is half-visible,
    and the next run completes or discards what was begun. The exit code is 8 when rows were
    refused.
    """
    with opened_city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.imports.reports(
            files, crs=crs, mapping=mapping(column), progress=progress
        )
    _tell_import(done, as_json=as_json)


@app.command("workers")
@guarded
def workers(file: File, *, column: Columns = None, as_json: Json = False) -> None:
    """Make the workers and areas of FILE (CSV, Excel) the staff of the city: all of them,
    or nothing is changed.
    """
    with opened_city() as city:
        done = city.imports.workers(file, mapping=mapping(column))
    _tell_import(done, as_json=as_json)


@app.command("users")
@guarded
def users(
    file: File,
    *,
    column: Columns = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Make users whom FILE does not name inactive; their journals stay.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Add or change the users of FILE (CSV, Excel) by their sign-in names: all of them, or
    nothing is changed.

    Columns, in Chinese or English: login 登录名, name 姓名, role 角色, area 责任区域 (code of the
    place answered for); optionally office 单位 (number or name), worker 工号 (number of the
    staff list), phone 电话, active 在岗 (是 or 否). Roles: public 居民, grid_worker 网格员, clerk
    窗口人员, dispatcher 派遣员, handler 处置人员, verifier 核查员, chief 网格长,
    commander 指挥员, planner 规划员, leader 领导, admin 管理员.
    """
    from gridmap.cases.actors import SYSTEM

    with opened_city() as city:
        done = city.roster.import_users(
            SYSTEM, file, mapping=mapping(column), replace=replace
        )
    _tell_import(done, as_json=as_json)


@app.command("offices")
@guarded
def offices(file: File, *, column: Columns = None, as_json: Json = False) -> None:
    """Add or change the offices of FILE (CSV, Excel): all of them, or nothing is changed.

    Columns, in Chinese or English: kind 类型, name 名称, area 辖区 (code of the place it works
    for); optionally id 编号, name_en 英文名称, department 部门, phone 电话. Kinds: village 村级,
    township 乡级, county 县级, city 市级, department 部门. A department needs its name as
    categories and routing rules have it in the column department.
    """
    from gridmap.cases.actors import SYSTEM

    with opened_city() as city:
        done = city.roster.import_offices(SYSTEM, file, mapping=mapping(column))
    _tell_import(done, as_json=as_json)


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
        out.print(
            f"These files were imported before, as import {done.import_id}; nothing was added."
        )
    else:
        out.print(
            f"Import {done.import_id}: {done.rows:,} rows, {done.accepted:,} added, "
            f"{refused:,} refused."
        )
        if refused:
            table(
                "Refused",
                ["reason", "rows"],
                [[reason, f"{rows:,}"] for reason, rows in done.rejected.items()],
            )
            out.print(f"Each with its cure in {done.reject_file}", markup=False)
    if refused:
        raise typer.Exit(REFUSED_ROWS)
