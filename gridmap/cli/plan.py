"""`gridmap plan …`: drafts of the grids without a page: drawn, imported, reviewed, published, exported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridmap.cli.console import Json, Quiet, emit, guarded, out, progress_bars, settings, table
from gridmap.errors import Fault, InputError

if TYPE_CHECKING:
    from gridmap.cases.actors import Actor
    from gridmap.city.city import City
    from gridmap.city.edits import Edit

app = typer.Typer(help="Redraw the grids: drafts, edits, layers from QGIS, review, publishing.", no_args_is_help=True)

Draft = Annotated[int, typer.Argument(help="Number of the draft, as `gridmap plan list` shows it.")]
Grid = Annotated[int, typer.Argument(help="Code of a grid of the draft, 15 digits.")]
Grids = Annotated[list[int], typer.Argument(help="Codes of grids of the draft.")]
Line = Annotated[str, typer.Option("--line", help="The line: lon,lat lon,lat … in degrees (EPSG:4490).")]
Area = Annotated[str, typer.Option("--area", help="The area: lon,lat lon,lat … its corners in degrees (EPSG:4490).")]
By = Annotated[str, typer.Option(help="Sign-in name of who orders it. Empty: the platform itself.")]


@app.command("list")
@guarded
def listed(
    *,
    closed: Annotated[bool, typer.Option("--all", help="Published and dropped drafts as well.")] = False,
    as_json: Json = False,
) -> None:
    """List the plans and the drafts."""
    from gridmap.cases.actors import SYSTEM

    with _city() as city:
        plans, drafts = city.planning.plans(), city.planning.drafts(SYSTEM, closed=closed)
    if as_json:
        emit({"plans": plans.to_dict("records"), "drafts": drafts.to_dict("records")})
        return
    columns = ["id", "name", "state", "valid_from", "valid_to"]
    table("Plans", ["plan", "name", "state", "from", "until before"], plans[columns].astype(object).values.tolist())
    columns = ["id", "name", "state", "owner_name", "base", "steps"]
    table(
        "Drafts",
        ["draft", "name", "state", "owner", "on plan", "steps"],
        drafts[columns].astype(object).values.tolist(),
    )


@app.command("draft")
@guarded
def draft(
    name: Annotated[str, typer.Argument(help="Name of the draft.")],
    *,
    shared: Annotated[bool, typer.Option("--shared", help="Other planners may edit it.")] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Begin a draft on the plan in force and print its number."""
    with _city() as city:
        made = city.planning.make(_actor(city, by), name, shared=shared)
    emit({"draft": made.id, "base": made.base}) if as_json else out.print(made.id)


@app.command("split")
@guarded
def split(draft: Draft, grid: Grid, line: Line, *, by: By = "", as_json: Json = False) -> None:
    """Split GRID by a line right across it."""
    _edit(draft, by, as_json, tool="split", grids=(grid,), line=line)


@app.command("merge")
@guarded
def merge(draft: Draft, grids: Grids, *, by: By = "", as_json: Json = False) -> None:
    """Make one grid of several neighbours of one village."""
    _edit(draft, by, as_json, tool="merge", grids=tuple(grids))


@app.command("reshape")
@guarded
def reshape(draft: Draft, grid: Grid, other: Grid, line: Line, *, by: By = "", as_json: Json = False) -> None:
    """Give the border of GRID and OTHER a new course."""
    _edit(draft, by, as_json, tool="reshape", grids=(grid, other), line=line)


@app.command("transfer")
@guarded
def transfer(draft: Draft, giver: Grid, taker: Grid, area: Area, *, by: By = "", as_json: Json = False) -> None:
    """Pass the part of GIVER that lies in an area on to its neighbour TAKER."""
    _edit(draft, by, as_json, tool="transfer", grids=(giver, taker), area=area)


@app.command("carve")
@guarded
def carve(
    draft: Draft,
    name: Annotated[str, typer.Argument(help="Name of the exclusive grid.")],
    area: Area,
    *,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Draw an exclusive grid, a market or a school, out of the grids it lies in."""
    _edit(draft, by, as_json, tool="carve", area=area, name=name)


@app.command("describe")
@guarded
def describe(
    draft: Draft,
    grid: Grid,
    *,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    kind: Annotated[str | None, typer.Option(help="basic or exclusive.")] = None,
    households: Annotated[int | None, typer.Option(help="Another number of households.")] = None,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Give GRID another name, kind or number of households."""
    _edit(draft, by, as_json, tool="describe", grids=(grid,), name=name, kind=kind, households=households)


@app.command("undo")
@guarded
def undo(draft: Draft, *, by: By = "", as_json: Json = False) -> None:
    """Go back one step."""
    with _city() as city:
        after = city.planning.undo(_actor(city, by), city.planning.draft(draft))
    emit({"draft": draft, "step": after.head}) if as_json else out.print(f"step {after.head}")


@app.command("diff")
@guarded
def diff(draft: Draft, *, as_json: Json = False) -> None:
    """Show what a draft does to each grid: unchanged ones are left out."""
    with _city() as city:
        found = city.planning.diff(city.planning.draft(draft))
    _show_diff(found, draft, as_json=as_json)


@app.command("import")
@guarded
def imported(
    file: Annotated[Path, typer.Argument(help="All grids of the city, edited: GeoPackage, GeoJSON, zipped Shapefile.")],
    *,
    name: Annotated[str, typer.Option(help="Name of the draft; the file's if not given.")] = "",
    crs: Annotated[str, typer.Option(help="System of its coordinates, where the file does not say.")] = "",
    layer: Annotated[str, typer.Option(help="Layer of a file that holds several.")] = "",
    repair: Annotated[bool, typer.Option("--repair", help="Mend gaps and overlaps up to the tolerance.")] = False,
    tolerance: Annotated[float, typer.Option(help="How far a border may move in mending, in metres.")] = 1.0,
    by: By = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a layer edited in QGIS and make it a draft on the plan in force; print its differences by code."""
    with _city() as city, progress_bars(hidden=quiet or as_json) as progress:
        made = city.planning.import_layer(
            _actor(city, by), file, name=name, crs=crs or None, layer=layer, repair=repair, tolerance_m=tolerance,
            progress=progress,
        )  # fmt: skip
    _show_diff(made.diff, made.draft.id, as_json=as_json)


@app.command("submit")
@guarded
def submit(draft: Draft, *, by: By = "", as_json: Json = False) -> None:
    """Hand a draft in for review."""
    with _city() as city:
        after = city.planning.submit(_actor(city, by), city.planning.draft(draft))
    emit({"draft": draft, "state": after.state}) if as_json else out.print(after.state)


@app.command("approve")
@guarded
def approve(
    draft: Draft,
    *,
    effective: Annotated[
        datetime | None, typer.Option(help="First day in force; published by itself then.", formats=["%Y-%m-%d"])
    ] = None,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Approve a submitted draft; who drew it may not."""
    with _city() as city:
        day = effective.date() if effective else None
        after = city.planning.approve(_actor(city, by), city.planning.draft(draft), effective=day)
    emit({"draft": draft, "state": after.state}) if as_json else out.print(after.state)


@app.command("publish")
@guarded
def publish(draft: Draft, *, by: By = "", as_json: Json = False, quiet: Quiet = False) -> None:
    """Put an approved draft in force, with all that follows the grids."""
    with _city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.planning.publish(_actor(city, by), city.planning.draft(draft), progress=progress)
    _show_published(done, as_json=as_json)


@app.command("rollback")
@guarded
def rollback(*, by: By = "", as_json: Json = False, quiet: Quiet = False) -> None:
    """Take back the plan in force: the grids before it come back with their codes."""
    with _city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.planning.roll_back(_actor(city, by), progress=progress)
    _show_published(done, as_json=as_json)


@app.command("export")
@guarded
def export(
    file: Annotated[
        Path,
        typer.Argument(help="File to write: .gpkg, .geojson, .zip (Shapefile), .pdf, .csv, .parquet.", dir_okay=False),
    ],
    *,
    draft: Annotated[int, typer.Option(help="Number of a draft.")] = 0,
    plan: Annotated[int, typer.Option(help="Number of a published plan; 0: the one in force.")] = 0,
    moved: Annotated[
        bool, typer.Option("--moved", help="Households moved from old to new grids (.xlsx or .csv).")
    ] = False,
    lang: Annotated[str, typer.Option(help="Language of the map sheet: zh or en.")] = "zh",
    as_json: Json = False,
) -> None:
    """Write the grids of a draft or a plan, its map sheet, or the households it moves."""
    from gridmap.reports.mapsheet import map_sheets

    with _city() as city:
        room = city.planning
        found = room.draft(draft) if draft else None
        if (moved or file.suffix == ".pdf") and found is None:
            raise InputError(Fault(rule="no draft", field="--draft", cure="Give the number of a draft."))
        if found is not None and moved:
            room.write_moved(file, found)
        elif found is not None and file.suffix == ".pdf":
            map_sheets(room.sheets(found, "en" if lang == "en" else "zh"), file)
        else:
            room.write(file, draft=found, plan=plan)
    size = file.stat().st_size
    emit({"file": str(file), "bytes": size}) if as_json else out.print(f"{file} ({size:,} bytes)", markup=False)


@contextmanager
def _city() -> Iterator[City]:
    from gridmap.city.city import City

    city = City.open(settings())
    try:
        yield city
    finally:
        city.close()


def _actor(city: City, by: str) -> Actor:
    from gridmap.cases.actors import SYSTEM

    return city.people.actor(city.people.find_user(by).id) if by else SYSTEM


def _edit(draft: int, by: str, as_json: bool, *, line: str = "", area: str = "", **fields: Any) -> None:  # noqa: FBT001
    import shapely

    from gridmap.city.edits import Edit

    shape = shapely.LineString(_points(line, "--line", 2)) if line else None
    shape = shapely.Polygon(_points(area, "--area", 3)) if area else shape
    edit: Edit = Edit(shape=shape, **fields)
    with _city() as city:
        done = city.planning.edit(_actor(city, by), city.planning.draft(draft), edit)
    made, gone = done.change.created.tolist(), done.change.retired.tolist()
    if as_json:
        emit({"draft": draft, "step": done.draft.head, "made": made, "gone": gone, "notes": list(done.change.notes)})
        return
    out.print(
        f"step {done.draft.head}: gone {', '.join(map(str, gone)) or '–'}; made {', '.join(map(str, made)) or '–'}"
    )


def _points(text: str, option: str, least: int) -> list[tuple[float, float]]:
    try:
        points = [(float(lon), float(lat)) for lon, lat in (pair.split(",") for pair in text.split())]
    except ValueError:
        points = []
    if len(points) < least:
        cure = f"Write {least} points or more as lon,lat lon,lat with a space between them."
        raise InputError(Fault(rule="not points", field=option, value=text[:60], cure=cure))
    return points


def _show_diff(found: Any, draft: int, *, as_json: bool) -> None:
    if as_json:
        emit({"draft": draft, "grids": found.astype(object).where(found.notna(), None).to_dict("records")})
        return
    rows = [
        [one["code"], one["state"], ", ".join(map(str, one["from"])), one["households_before"], one["households"]]
        for one in found.to_dict("records")
    ]
    table(f"Draft {draft}", ["code", "state", "made of", "households before", "households"], rows)


def _show_published(done: Any, *, as_json: bool) -> None:
    told = {
        "plan": done.plan, "gone": list(done.retired), "made": list(done.made), "assignments": done.assignments,
        "matters": done.matters,
    }  # fmt: skip
    if as_json:
        emit(told)
        return
    out.print(
        f"plan {done.plan} is in force: {len(done.retired)} grids gone, {len(done.made)} made, "
        f"{done.assignments} assignments and {done.matters} open matters moved"
    )
