"""`gridmap plan …`: drafts of the grids without a page: drawn, imported, reviewed,
published, exported.
"""

from __future__ import annotations

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
    table,
)
from gridmap.cli.opened import actor_of, opened_city
from gridmap.errors import Fault, InputError

if TYPE_CHECKING:
    from gridmap.city.plans.edits import Edit
    from gridmap.city.plans.outcomes import Weighed
    from gridmap.planning.suggest import Proposal

app = typer.Typer(
    help="Redraw the grids: drafts, edits, layers from QGIS, review, publishing.",
    no_args_is_help=True,
)

DraftNumber = Annotated[
    int, typer.Argument(help="Number of the draft, as `gridmap plan list` shows it.")
]
GridCode = Annotated[int, typer.Argument(help="Code of a grid of the draft, 15 digits.")]
GridCodes = Annotated[list[int], typer.Argument(help="Codes of grids of the draft.")]
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


class Balanced(StrEnum):
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

    with opened_city() as city:
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
    with opened_city() as city:
        made = city.drafts.make(actor_of(city, by), name, shared=shared)
    emit({"draft": made.id, "base": made.base}) if as_json else out.print(made.id)


@app.command("split")
@guarded
def split(
    draft: DraftNumber,
    grid: GridCode,
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
        Balanced, typer.Option(help="What the parts are even in.")
    ] = Balanced.HOUSEHOLDS,
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
def merge(
    draft: DraftNumber, grids: GridCodes, *, by: By = "", as_json: Json = False
) -> None:
    """Make one grid of several neighbours of one village."""
    _edit(draft, by, as_json, tool="merge", grids=tuple(grids))


@app.command("reshape")
@guarded
def reshape(
    draft: DraftNumber,
    grid: GridCode,
    other: GridCode,
    line: Line,
    *,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Give the border of GRID and OTHER a new course."""
    _edit(draft, by, as_json, tool="reshape", grids=(grid, other), line=line)


@app.command("transfer")
@guarded
def transfer(
    draft: DraftNumber,
    giver: GridCode,
    taker: GridCode,
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
    draft: DraftNumber,
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
    draft: DraftNumber,
    grid: GridCode,
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
def undo(draft: DraftNumber, *, by: By = "", as_json: Json = False) -> None:
    """Go back one step."""
    with opened_city() as city:
        after = city.redrawing.undo(actor_of(city, by), city.drafts.get(draft))
    _show_step(draft, after.head, as_json=as_json)


@app.command("redo")
@guarded
def redo(draft: DraftNumber, *, by: By = "", as_json: Json = False) -> None:
    """Go forward to the latest step made on the present one."""
    with opened_city() as city:
        after = city.redrawing.redo(actor_of(city, by), city.drafts.get(draft))
    _show_step(draft, after.head, as_json=as_json)


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

    with opened_city() as city:
        place = area or city.code
        weighed = city.outcomes.balance(
            [city.drafts.get(number) for number in drafts or []],
            place,
            city.outcomes.period(year=year),
        )
    if as_json:
        emit({"area": place, "plans": [_weighed(plan) for plan in weighed]})
        return
    columns = [as_rows(plan.measures) for plan in weighed]
    rows: list[list[object]] = [
        [name.replace("_", " "), *(_number(column[name]) for column in columns)]
        for name in columns[0]
    ]
    heads = [f"draft {plan.draft}" if plan.draft else "in force" for plan in weighed]
    table("Balance", ["measure", *heads], rows)


@app.command("suggest")
@guarded
def suggest(
    area: Annotated[int, typer.Argument(help="Code of a township or village.")],
    *,
    draft: Annotated[
        int, typer.Option(help="Number of a draft to go on from; 0: the plan in force.")
    ] = 0,
    balance: Annotated[
        Balanced, typer.Option("--balance", help="What is to be balanced.")
    ] = Balanced.HOUSEHOLDS,
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
    with opened_city() as city:
        actor = actor_of(city, by)
        base = city.drafts.get(draft) if draft else None
        proposals = city.proposals.suggest(
            actor,
            area,
            draft=base,
            by=balance.value,
            tolerance=tolerance,
            locked=lock or (),
            seed=seed,
        )
        _refuse_unknown(take, len(proposals))
        made = None
        if take:
            draft_name = name or f"{area} {tolerance:g}"
            made = city.proposals.draft_of(
                actor, proposals[take - 1], draft_name, draft=base
            )
        curve = city.proposals.trade_off(proposals).astype(object)
    if as_json:
        listed = [_proposal(number, each) for number, each in enumerate(proposals, 1)]
        points = curve.where(curve.notna(), None).to_dict("records")
        emit({"proposals": listed, "trade_off": points, "draft": made.id if made else None})
        return
    _show_proposals(proposals)
    if made:
        out.print(f"draft {made.id}")


def _refuse_unknown(take: int, count: int) -> None:
    if take and not 1 <= take <= count:
        none = "Nothing is to be changed; choose a smaller tolerance."
        cure = f"Give 1 to {count}." if count else none
        raise InputError(
            Fault(rule="no such proposal", field="--take", value=str(take), cure=cure)
        )


def _show_proposals(proposals: list[Proposal]) -> None:
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
            f"{proposal.tolerance:.0%}",
            f"{proposal.before:.1%}",
            f"{proposal.after:.1%}",
            proposal.moved,
            f"{proposal.moved_share:.1%}",
            len(proposal.transfers),
            proposal.refused,
        ]
        for number, proposal in enumerate(proposals, 1)
    ]
    table("Proposals", columns, rows)


@app.command("crosswalk")
@guarded
def crosswalk(
    draft: DraftNumber,
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
    with opened_city() as city:
        pairs = city.outcomes.crosswalk(city.drafts.get(draft), every=every)
        if file is not None:
            city.outcomes.write_crosswalk(file, city.drafts.get(draft), every=every)
    if as_json:
        emit({"draft": draft, "grids": pairs.to_dict("records")})
    elif file is not None:
        size = file.stat().st_size
        out.print(f"{file} ({len(pairs):,} rows, {size:,} bytes)", markup=False)
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
        shown = pairs[columns].round(3).astype(object).values.tolist()
        table(f"Draft {draft}", [name.replace("_", " ") for name in columns], shown)


@app.command("diff")
@guarded
def diff(draft: DraftNumber, *, as_json: Json = False) -> None:
    """Show what a draft does to each grid: unchanged ones are left out."""
    with opened_city() as city:
        differences = city.drawings.diff(city.drafts.get(draft))
    _show_diff(differences, draft, as_json=as_json)


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
    with opened_city() as city, progress_bars(hidden=quiet or as_json) as progress:
        made = city.planfiles.import_layer(
            actor_of(city, by),
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
def submit(draft: DraftNumber, *, by: By = "", as_json: Json = False) -> None:
    """Hand a draft in for review."""
    with opened_city() as city:
        after = city.review.submit(actor_of(city, by), city.drafts.get(draft))
    emit({"draft": draft, "state": after.state}) if as_json else out.print(after.state)


@app.command("approve")
@guarded
def approve(
    draft: DraftNumber,
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
    with opened_city() as city:
        day = effective.date() if effective else None
        after = city.review.approve(
            actor_of(city, by), city.drafts.get(draft), effective=day
        )
    emit({"draft": draft, "state": after.state}) if as_json else out.print(after.state)


@app.command("publish")
@guarded
def publish(
    draft: DraftNumber, *, by: By = "", as_json: Json = False, quiet: Quiet = False
) -> None:
    """Put an approved draft in force, with all that follows the grids."""
    with opened_city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.publishing.publish(
            actor_of(city, by), city.drafts.get(draft), progress=progress
        )
    _show_published(done, as_json=as_json)


@app.command("rollback")
@guarded
def rollback(*, by: By = "", as_json: Json = False, quiet: Quiet = False) -> None:
    """Take back the plan in force: the grids before it come back with their codes."""
    with opened_city() as city, progress_bars(hidden=quiet or as_json) as progress:
        done = city.publishing.roll_back(actor_of(city, by), progress=progress)
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

    with opened_city() as city:
        chosen = city.drafts.get(draft) if draft else None
        if (moved or file.suffix == ".pdf") and chosen is None:
            raise InputError(
                Fault(rule="no draft", field="--draft", cure="Give the number of a draft.")
            )
        if chosen is not None and moved:
            city.outcomes.write_moved(file, chosen)
        elif chosen is not None and file.suffix == ".pdf":
            map_sheets(city.sheets.of(chosen, "en" if lang == "en" else "zh"), file)
        else:
            city.planfiles.write(file, draft=chosen, plan=plan)
    size = file.stat().st_size
    if as_json:
        emit({"file": str(file), "bytes": size})
    else:
        out.print(f"{file} ({size:,} bytes)", markup=False)


def _weighed(weighed: Weighed) -> dict[str, object]:
    return {"draft": weighed.draft, "name": weighed.name, **asdict(weighed.measures)}


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"


def _proposal(number: int, proposal: Proposal) -> dict[str, object]:
    figures = {
        name: getattr(proposal, name)
        for name in ("tolerance", "before", "after", "moved", "moved_share", "refused")
    }
    return {
        "number": number,
        **figures,
        "borders": [asdict(transfer) for transfer in proposal.transfers],
    }


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
    with opened_city() as city:
        done = city.redrawing.edit(actor_of(city, by), city.drafts.get(draft), edit)
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
    pairs = (pair.split(",") for pair in text.split())
    try:
        points = [(float(lon), float(lat)) for lon, lat in pairs]
    except ValueError:
        points = []
    if len(points) < least:
        cure = f"Write {least} points or more as lon,lat lon,lat with a space between them."
        raise InputError(Fault(rule="not points", field=option, value=text[:60], cure=cure))
    return points


def _show_step(draft: int, step: int, *, as_json: bool) -> None:
    if as_json:
        emit({"draft": draft, "step": step})
    else:
        out.print(f"step {step}")


def _show_diff(differences: Any, draft: int, *, as_json: bool) -> None:
    if as_json:
        grids = differences.astype(object).where(differences.notna(), None)
        emit({"draft": draft, "grids": grids.to_dict("records")})
        return
    rows = [
        [
            grid["code"],
            grid["state"],
            ", ".join(map(str, grid["from"])),
            grid["households_before"],
            grid["households"],
        ]
        for grid in differences.to_dict("records")
    ]
    table(
        f"Draft {draft}",
        ["code", "state", "made of", "households before", "households"],
        rows,
    )


def _show_published(done: Any, *, as_json: bool) -> None:
    published = {
        "plan": done.plan,
        "gone": list(done.retired),
        "made": list(done.made),
        "assignments": done.assignments,
        "matters": done.matters,
    }
    if as_json:
        emit(published)
        return
    out.print(
        f"plan {done.plan} is in force: {len(done.retired)} grids gone, {len(done.made)} made, "
        f"{done.assignments} assignments and {done.matters} open matters moved"
    )
