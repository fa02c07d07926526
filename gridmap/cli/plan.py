"""`gridmap plan …`: drafts of the grids without a page: drawn, imported, reviewed,
published, exported.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridmap.cli.console import (
    Json,
    Quiet,
    emit,
    guarded,
    out,
    progress_bars,
    settings,
    table,
)
from gridmap.errors import Fault, InputError

if TYPE_CHECKING:
    from gridmap.cases.actors import Actor
    from gridmap.city.city import City
    from gridmap.city.plans.edits import Edit
    from gridmap.city.plans.outcomes import Weighed
    from gridmap.planning.suggest import Proposal

app = typer.Typer(
    help="Redraw the grids: drafts, edits, layers from QGIS, review, publishing.",
    no_args_is_help=True,
)

Draft = Annotated[
    int, typer.Argument(help="Number of the draft, as `gridmap plan list` shows it.")
]
Grid = Annotated[int, typer.Argument(help="Code of a grid of the draft, 15 digits.")]
Grids = Annotated[list[int], typer.Argument(help="Codes of grids of the draft.")]
Year = Annotated[
    bool,
    typer.Option(
        "--year", help="Count the reports of the past year; otherwise all of them."
    ),
]
Line = Annotated[
    str, typer.Option("--line", help="The line: lon,lat lon,lat … in degrees (EPSG:4490).")
]
Area = Annotated[
    str,
    typer.Option(
        "--area", help="The area: lon,lat lon,lat … its corners in degrees (EPSG:4490)."
    ),
]
By = Annotated[
    str, typer.Option(help="Sign-in name of who orders it. Empty: the platform itself.")
]


class Even(StrEnum):
    """What is balanced or split evenly."""

    HOUSEHOLDS = "households"
    LOAD = "load"


@app.command("list")
@guarded
def listed(
    *,
    closed: Annotated[
        bool, typer.Option("--all", help="Published and dropped drafts as well.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the plans and the drafts."""
    from gridmap.cases.actors import SYSTEM

    with _city() as city:
        plans, drafts = city.publishing.plans(), city.drafts.listed(SYSTEM, closed=closed)
    if as_json:
        emit({"plans": plans.to_dict("records"), "drafts": drafts.to_dict("records")})
        return
    columns = ["id", "name", "state", "valid_from", "valid_to"]
    table(
        "Plans",
        ["plan", "name", "state", "from", "until before"],
        plans[columns].astype(object).values.tolist(),
    )
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
    shared: Annotated[
        bool, typer.Option("--shared", help="Other planners may edit it.")
    ] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Begin a draft on the plan in force and print its number."""
    with _city() as city:
        made = city.drafts.make(_actor(city, by), name, shared=shared)
    emit({"draft": made.id, "base": made.base}) if as_json else out.print(made.id)


@app.command("split")
@guarded
def split(
    draft: Draft,
    grid: Grid,
    line: Annotated[
        str,
        typer.Option("--line", help="The line: lon,lat lon,lat … in degrees (EPSG:4490)."),
    ] = "",
    *,
    even: Annotated[
        int,
        typer.Option("--even", help="Instead of a line: into so many even parts, 2 to 20."),
    ] = 0,
    weight: Annotated[
        Even, typer.Option(help="What the parts are even in.")
    ] = Even.HOUSEHOLDS,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Split GRID by a line right across it, or by straight lines into parts of even
    households or load.
    """
    if bool(line) == bool(even):
        cure = "Give either --line with its points, or --even with the number of parts."
        raise InputError(
            Fault(rule="not one way to split", field="--line, --even", cure=cure)
        )
    if even:
        _edit(
            draft,
            by,
            as_json,
            tool="split_even",
            grids=(grid,),
            parts=even,
            weight=weight.value,
        )
    else:
        _edit(draft, by, as_json, tool="split", grids=(grid,), line=line)


@app.command("merge")
@guarded
def merge(draft: Draft, grids: Grids, *, by: By = "", as_json: Json = False) -> None:
    """Make one grid of several neighbours of one village."""
    _edit(draft, by, as_json, tool="merge", grids=tuple(grids))


@app.command("reshape")
@guarded
def reshape(
    draft: Draft, grid: Grid, other: Grid, line: Line, *, by: By = "", as_json: Json = False
) -> None:
    """Give the border of GRID and OTHER a new course."""
    _edit(draft, by, as_json, tool="reshape", grids=(grid, other), line=line)


@app.command("transfer")
@guarded
def transfer(
    draft: Draft,
    giver: Grid,
    taker: Grid,
    area: Area,
    *,
    by: By = "",
    as_json: Json = False,
) -> None:
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
    households: Annotated[
        int | None, typer.Option(help="Another number of households.")
    ] = None,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Give GRID another name, kind or number of households."""
    _edit(
        draft,
        by,
        as_json,
        tool="describe",
        grids=(grid,),
        name=name,
        kind=kind,
        households=households,
    )


@app.command("undo")
@guarded
def undo(draft: Draft, *, by: By = "", as_json: Json = False) -> None:
    """Go back one step."""
    with _city() as city:
        after = city.redrawing.undo(_actor(city, by), city.drafts.get(draft))
    emit({"draft": draft, "step": after.head}) if as_json else out.print(
        f"step {after.head}"
    )


@app.command("redo")
@guarded
def redo(draft: Draft, *, by: By = "", as_json: Json = False) -> None:
    """Go forward to the latest step made on the present one."""
    with _city() as city:
        after = city.redrawing.redo(_actor(city, by), city.drafts.get(draft))
    emit({"draft": draft, "step": after.head}) if as_json else out.print(
        f"step {after.head}"
    )


@app.command("balance")
@guarded
def balance(
    drafts: Annotated[
        list[int] | None,
        typer.Argument(help="Numbers of drafts to set beside the plan in force."),
    ] = None,
    *,
    area: Annotated[
        int, typer.Option(help="Code of a county, township or village; 0: the whole city.")
    ] = 0,
    year: Year = False,
    as_json: Json = False,
) -> None:
    """Show how even and compact the plan in force and drafts are, side by side."""
    from gridmap.city.plans.outcomes import as_rows

    with _city() as city:
        found = city.outcomes.balance(
            [city.drafts.get(one) for one in drafts or []],
            area or city.code,
            city.outcomes.period(year=year),
        )
    if as_json:
        emit({"area": area or city.code, "plans": [_told(one) for one in found]})
        return
    columns = [as_rows(one.measures) for one in found]
    rows: list[list[object]] = [
        [name.replace("_", " "), *(_number(column[name]) for column in columns)]
        for name in columns[0]
    ]
    table(
        "Balance",
        ["measure", *(f"draft {one.draft}" if one.draft else "in force" for one in found)],
        rows,
    )


@app.command("suggest")
@guarded
def suggest(
    area: Annotated[int, typer.Argument(help="Code of a township or village.")],
    *,
    draft: Annotated[
        int, typer.Option(help="Number of a draft to go on from; 0: the plan in force.")
    ] = 0,
    even: Annotated[
        Even, typer.Option("--balance", help="What is to be balanced.")
    ] = Even.HOUSEHOLDS,
    tolerance: Annotated[
        float, typer.Option(help="Share of the mean that a grid may lie off, such as 0.1.")
    ] = 0.1,
    seed: Annotated[
        int,
        typer.Option(
            help="Another number, other proposals about as good; 0: nothing by chance."
        ),
    ] = 0,
    lock: Annotated[
        list[int] | None,
        typer.Option("--lock", help="Code of a grid that stays; repeat it."),
    ] = None,
    take: Annotated[
        int,
        typer.Option(help="Number of the proposal to make a draft of; 0: only show them."),
    ] = 0,
    name: Annotated[str, typer.Option(help="Name of that draft.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Propose changes of borders that even out households or load and change little; the
    same input, the same proposals.
    """
    with _city() as city:
        actor = _actor(city, by)
        known = city.drafts.get(draft) if draft else None
        found = city.proposals.suggest(
            actor,
            area,
            draft=known,
            by=even.value,
            tolerance=tolerance,
            locked=lock or (),
            seed=seed,
        )
        if take and not 1 <= take <= len(found):
            cure = (
                f"Give 1 to {len(found)}."
                if found
                else "Nothing is to be changed; choose a smaller tolerance."
            )
            raise InputError(
                Fault(rule="no such proposal", field="--take", value=str(take), cure=cure)
            )
        made = (
            city.proposals.draft_of(
                actor, found[take - 1], name or f"{area} {tolerance:g}", draft=known
            )
            if take
            else None
        )
    if as_json:
        told = [_proposal(number, one) for number, one in enumerate(found, 1)]
        curve = city.proposals.trade_off(found).astype(object)
        points = curve.where(curve.notna(), None).to_dict("records")
        emit({"proposals": told, "trade_off": points, "draft": made.id if made else None})
        return
    columns = [
        "number",
        "tolerance",
        "before",
        "after",
        "households moved",
        "share moved",
        "borders",
        "refused",
    ]
    rows: list[list[object]] = [
        [
            number,
            f"{p.tolerance:.0%}",
            f"{p.before:.1%}",
            f"{p.after:.1%}",
            p.moved,
            f"{p.moved_share:.1%}",
            len(p.transfers),
            p.refused,
        ]
        for number, p in enumerate(found, 1)
    ]
    table("Proposals", columns, rows)
    if made:
        out.print(f"draft {made.id}")


@app.command("crosswalk")
@guarded
def crosswalk(
    draft: Draft,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="File to write, .csv or .xlsx; left out: shown here.", dir_okay=False
        ),
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Grids that stay as they are as well.")
    ] = False,
    as_json: Json = False,
) -> None:
    """From old codes to new ones: which share of land, households and reports of a grid
    goes where.
    """
    with _city() as city:
        found = city.outcomes.crosswalk(city.drafts.get(draft), every=every)
        if file is not None:
            city.outcomes.write_crosswalk(file, city.drafts.get(draft), every=every)
    if as_json:
        emit({"draft": draft, "grids": found.to_dict("records")})
    elif file is not None:
        size = file.stat().st_size
        out.print(f"{file} ({len(found):,} rows, {size:,} bytes)", markup=False)
    else:
        columns = [
            "old",
            "new",
            "area_share",
            "households",
            "households_share",
            "reports",
            "reports_share",
        ]
        shown = found[columns].round(3).astype(object).values.tolist()
        table(f"Draft {draft}", [name.replace("_", " ") for name in columns], shown)


@app.command("diff")
@guarded
def diff(draft: Draft, *, as_json: Json = False) -> None:
    """Show what a draft does to each grid: unchanged ones are left out."""
    with _city() as city:
        found = city.drawings.diff(city.drafts.get(draft))
    _show_diff(found, draft, as_json=as_json)


@app.command("import")
@guarded
def imported(
    file: Annotated[
        Path,
        typer.Argument(
            help="All grids of the city, edited: GeoPackage, GeoJSON, zipped Shapefile."
        ),
    ],
    *,
    name: Annotated[
        str, typer.Option(help="Name of the draft; the file's if not given.")
    ] = "",
    crs: Annotated[
        str, typer.Option(help="System of its coordinates, where the file does not say.")
    ] = "",
    layer: Annotated[str, typer.Option(help="Layer of a file that holds several.")] = "",
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend gaps and overlaps up to the tolerance.")
    ] = False,
    tolerance: Annotated[
        float, typer.Option(help="How far a border may move in mending, in metres.")
    ] = 1.0,
    by: By = "",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check a layer edited in QGIS and make it a draft on the plan in force; print its
    differences by code.
    """
    with _city() as city, progress_bars(hidden=quiet or as_json) as progress:
        made = city.planfiles.import_layer(
            _actor(city, by),
            file,
            name=name,
            crs=crs or None,
            layer=layer,
            repair=repair,
            tolerance_m=tolerance,
            progress=progress,
        )
    _show_diff(made.diff, made.draft.id, as_json=as_json)


@app.command("submit")
@guarded
def submit(draft: Draft, *, by: By = "", as_json: Json = False) -> None:
    """Hand a draft in for review."""
    with _city() as city:
        after = city.review.submit(_actor(city, by), city.drafts.get(draft))
    emit({"draft": draft, "state": after.state}) if as_json else out.print(after.state)


@app.command("approve")
@guarded
def approve(
    draft: Draft,
    *,
    effective: Annotated[
        datetime | None,
        typer.Option(
            help="First day in force; published by itself then.", formats=["%Y-%m-%d"]
        ),
    ] = None,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Approve a submitted draft; who drew it may not."""
    with _city() as city:
        day = effective.date() if effective else None
        after = city.review.approve(_actor(city, by), city.drafts.get(draft), effective=day)
    emit({"draft": draft, "state": after.state}) if as_json else out.print(after.state)


@app.command("publish")
@guarded
def publish(
    draft: Draft, *, by: By = "", as_json: Json = False, quiet: Quiet = False
) -> None:
    """Put an approved draft in force, with all that follows the grids."""
    with _city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.publishing.publish(
            _actor(city, by), city.drafts.get(draft), progress=progress
        )
    _show_published(done, as_json=as_json)


@app.command("rollback")
@guarded
def rollback(*, by: By = "", as_json: Json = False, quiet: Quiet = False) -> None:
    """Take back the plan in force: the grids before it come back with their codes."""
    with _city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.publishing.roll_back(_actor(city, by), progress=progress)
    _show_published(done, as_json=as_json)


@app.command("export")
@guarded
def export(
    file: Annotated[
        Path,
        typer.Argument(
            help="File to write: .gpkg, .geojson, .zip (Shapefile), .pdf, .csv, .parquet.",
            dir_okay=False,
        ),
    ],
    *,
    draft: Annotated[int, typer.Option(help="Number of a draft.")] = 0,
    plan: Annotated[
        int, typer.Option(help="Number of a published plan; 0: the one in force.")
    ] = 0,
    moved: Annotated[
        bool,
        typer.Option(
            "--moved", help="Households moved from old to new grids (.xlsx or .csv)."
        ),
    ] = False,
    lang: Annotated[str, typer.Option(help="Language of the map sheet: zh or en.")] = "zh",
    as_json: Json = False,
) -> None:
    """Write the grids of a draft or a plan, its map sheet, or the households it moves."""
    from gridmap.reports.mapsheet import map_sheets

    with _city() as city:
        found = city.drafts.get(draft) if draft else None
        if (moved or file.suffix == ".pdf") and found is None:
            raise InputError(
                Fault(rule="no draft", field="--draft", cure="Give the number of a draft.")
            )
        if found is not None and moved:
            city.outcomes.write_moved(file, found)
        elif found is not None and file.suffix == ".pdf":
            map_sheets(city.sheets.of(found, "en" if lang == "en" else "zh"), file)
        else:
            city.planfiles.write(file, draft=found, plan=plan)
    size = file.stat().st_size
    emit({"file": str(file), "bytes": size}) if as_json else out.print(
        f"{file} ({size:,} bytes)", markup=False
    )


def _told(one: Weighed) -> dict[str, object]:
    return {"draft": one.draft, "name": one.name, **asdict(one.measures)}


def _number(value: float | None) -> str:
    return (
        "–"
        if value is None
        else f"{value:,}"
        if isinstance(value, int)
        else f"{value:,.3f}"
    )


def _proposal(number: int, one: Proposal) -> dict[str, object]:
    told = {
        name: getattr(one, name)
        for name in ("tolerance", "before", "after", "moved", "moved_share", "refused")
    }
    return {
        "number": number,
        **told,
        "borders": [asdict(transfer) for transfer in one.transfers],
    }


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


def _edit(
    draft: int,
    by: str,
    as_json: bool,  # noqa: FBT001
    *,
    line: str = "",
    area: str = "",
    **fields: Any,
) -> None:
    import shapely

    from gridmap.city.plans.edits import Edit

    shape = shapely.LineString(_points(line, "--line", 2)) if line else None
    shape = shapely.Polygon(_points(area, "--area", 3)) if area else shape
    edit: Edit = Edit(shape=shape, **fields)
    with _city() as city:
        done = city.redrawing.edit(_actor(city, by), city.drafts.get(draft), edit)
    made, gone = done.change.created.tolist(), done.change.retired.tolist()
    if as_json:
        emit(
            {
                "draft": draft,
                "step": done.draft.head,
                "made": made,
                "gone": gone,
                "notes": list(done.change.notes),
            }
        )
        return
    out.print(
        f"step {done.draft.head}: gone {', '.join(map(str, gone)) or '–'}; made "
        f"{', '.join(map(str, made)) or '–'}"
    )


def _points(text: str, option: str, least: int) -> list[tuple[float, float]]:
    try:
        points = [
            (float(lon), float(lat))
            for lon, lat in (pair.split(",") for pair in text.split())
        ]
    except ValueError:
        points = []
    if len(points) < least:
        cure = f"Write {least} points or more as lon,lat lon,lat with a space between them."
        raise InputError(Fault(rule="not points", field=option, value=text[:60], cure=cure))
    return points


def _show_diff(found: Any, draft: int, *, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "draft": draft,
                "grids": found.astype(object).where(found.notna(), None).to_dict("records"),
            }
        )
        return
    rows = [
        [
            one["code"],
            one["state"],
            ", ".join(map(str, one["from"])),
            one["households_before"],
            one["households"],
        ]
        for one in found.to_dict("records")
    ]
    table(
        f"Draft {draft}",
        ["code", "state", "made of", "households before", "households"],
        rows,
    )


def _show_published(done: Any, *, as_json: bool) -> None:
    told = {
        "plan": done.plan,
        "gone": list(done.retired),
        "made": list(done.made),
        "assignments": done.assignments,
        "matters": done.matters,
    }
    if as_json:
        emit(told)
        return
    out.print(
        f"plan {done.plan} is in force: {len(done.retired)} grids gone, {len(done.made)} made, "
        f"{done.assignments} assignments and {done.matters} open matters moved"
    )
