"""The doctor of grid files on the data page: every fault on a map, one after the other, and
what mending would change.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import streamlit as st

from gridmap import terms
from gridmap.city.base import files
from gridmap.city.intake.checking import CheckReport
from gridmap.city.intake.mending import RepairPreview
from gridmap.city.look.maps import Bounds, Overlay
from gridmap.ui import city as cities
from gridmap.ui import maps, notices, refusals, tables
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.ui.session import Key
from gridmap.words import plain

KEY = "doctor"
KINDS = ["geojson", "json", "gpkg", "zip", "parquet", "fgb"]
SYSTEMS = {
    "": "—",
    "EPSG:4490": "EPSG:4490",
    "EPSG:4547": "EPSG:4547",
    "wgs84": "WGS84",
    "gcj02": "GCJ-02",
    "bd09": "BD-09",
}
MOST_LISTED = 2000
MAP_HEIGHT = 560
_AROUND = 0.6
_LEAST_DEG = 0.0008


@dataclass
class Visit:
    """A file at the doctor's: what was found, and once it was asked for, what mending would
    change.
    """

    path: Path
    name: str
    options: dict[str, Any]
    report: CheckReport
    shown: tuple[Overlay, ...]
    folder: tempfile.TemporaryDirectory[str]
    preview: RepairPreview | None = None
    shown_preview: tuple[Overlay, ...] = field(default=())


def show(page: Page) -> None:
    """A file is chosen and looked through; its faults; what mending would change; taken or left."""
    say = page.say
    st.subheader(say("Check a file of grids"))
    if not page.city.layers.may_change(page.actor):
        st.text(
            say(
                "Planners and administrators of the city check files of grids here. Sign "
                "in in the side bar."
            )
        )
        return
    _choose(page)
    visit: Visit | None = st.session_state.get(Key.FAULTS)
    if visit is None:
        return
    _problems(page, visit)
    if visit.preview is not None:
        _mended(page, visit, visit.preview)
    else:
        _found(page, visit)


def _choose(page: Page) -> None:
    say = page.say
    with st.form(f"{KEY}.form"):
        left, middle, right = st.columns([3, 1, 1])
        given = left.file_uploader(
            say("GeoJSON, GeoPackage, zipped Shapefile, GeoParquet or FlatGeobuf"),
            type=KINDS,
            key=f"{KEY}.file",
        )
        crs = middle.selectbox(
            say("Coordinate system"),
            list(SYSTEMS),
            key=f"{KEY}.crs",
            format_func=lambda name: SYSTEMS[name] if name else say("as the file says"),
        )
        tolerance = right.number_input(
            say("Tolerance (m)"),
            min_value=0.01,
            max_value=20.0,
            value=1.0,
            key=f"{KEY}.tolerance",
        )
        asked = st.form_submit_button(say("Check"), type="primary")
    if asked and given is None:
        st.warning(say("Choose a file first."))
    elif asked:
        with refusals.caught(page), st.spinner(say("Checking every border …")):
            _begin(page, given, {"crs": crs or None, "tolerance_m": float(tolerance)})


def _begin(page: Page, given: Any, options: dict[str, Any]) -> None:
    leave()
    folder = tempfile.TemporaryDirectory(prefix="gridmap-doctor-")
    path = Path(folder.name) / "grids"
    path.write_bytes(given.getvalue())
    report = page.city.faults.check(page.actor, path, **options)
    report = replace(report, file=given.name)
    st.session_state[Key.FAULTS] = Visit(
        path, given.name, options, report, page.city.faults.shown(report), folder
    )


def leave() -> None:
    """Forget the file; nothing of it stays."""
    before: Visit | None = st.session_state.pop(Key.FAULTS, None)
    st.session_state[Key.FAULT] = 0
    if before is not None:
        before.folder.cleanup()


def _problems(page: Page, visit: Visit) -> None:
    problems = visit.report.problems
    if problems and visit.preview is None:
        with st.expander(
            page.say("Rows that cannot be used: {n}", n=page.say.exact(len(problems)))
        ):
            st.text("\n".join(refusals.fault(page.say, one) for one in problems[:200]))


def _found(page: Page, visit: Visit) -> None:
    """The faults as they are in the file."""
    say, report = page.say, visit.report
    if report.faults.empty and not report.problems:
        st.success(
            say(
                "{file}: {grids} grids without a fault.",
                file=plain(visit.name),
                grids=say.exact(report.grids),
            )
        )
        return
    st.text(_sum(page, report))
    left, right = st.columns([1.5, 1])
    with right:
        _stepper(page, len(report.faults), say("Fault {n} of {count}"))
        _about_fault(page, report.faults)
        tables.show(
            _listed(page, report.faults),
            {
                "what": tables.text(say("Fault")),
                "names": tables.text(say("Grids")),
                "size_m2": tables.count(say("m²"), digits=1),
                "size_m": tables.count(say("Width (m)"), digits=2),
            },
            key=f"{KEY}.faults",
            say=say,
            height=270,
            on_pick=_pick,
        )
        if st.button(say("Preview repair"), key=f"{KEY}.preview", type="primary"):
            with refusals.caught(page), st.spinner(say("Mending a copy …")):
                visit.preview = page.city.faults.preview(
                    page.actor, visit.path, **visit.options
                )
                visit.shown_preview = page.city.faults.shown_preview(visit.preview)
                st.session_state[Key.FAULT] = 0
                st.rerun()
    with left:
        _map(page, visit.shown, report.faults, -2)


def _mended(page: Page, visit: Visit, preview: RepairPreview) -> None:
    """What mending would change, to be taken or left."""
    say = page.say
    st.text(
        say("Before: {faults}", faults=_sum(page, preview.before))
        + "\n"
        + say("After: {faults}", faults=_sum(page, preview.after))
    )
    left, right = st.columns([1.5, 1])
    with right:
        farthest = preview.moves["moved_m"].max() if len(preview.moves) else 0.0
        st.text(
            say(
                "{n} changes; no border moves farther than {metres} m.",
                n=say.exact(len(preview.moves)),
                metres=say.exact(farthest, 2),
            )
        )
        _stepper(page, len(preview.moves), say("Change {n} of {count}"))
        tables.show(
            _listed(page, preview.moves),
            {
                "what": tables.text(say("Fault")),
                "names": tables.text(say("Grids, the one that gains first")),
                "moved_m": tables.count(say("Moved (m)"), digits=2),
                "detail": tables.text(say("Size")),
            },
            key=f"{KEY}.moves",
            say=say,
            height=260,
            on_pick=_pick,
        )
        if not preview.ok:
            st.warning(
                say(
                    "Faults are left that are beyond the tolerance; they have to be "
                    "redrawn. They are listed below."
                )
            )
        _decide(page, visit, preview)
    with left:
        _map(page, visit.shown_preview, preview.moves, -5)
        st.caption(
            say(
                "Red, dashed: borders as they were. Blue: as mended, with the area that "
                "changes hands."
            )
        )
    if not preview.ok:
        blocking = preview.after.faults
        tables.show(
            _listed(page, blocking),
            {
                "what": tables.text(say("Left")),
                "names": tables.text(say("Grids")),
                "place": tables.text(say("Place")),
                "size_m2": tables.count(say("m²"), digits=1),
                "size_m": tables.count(say("Width (m)"), digits=2),
            },
            key=f"{KEY}.left",
            say=say,
            height=220,
        )


def _decide(page: Page, visit: Visit, preview: RepairPreview) -> None:
    say = page.say
    st.download_button(
        say("Mended file (GeoPackage)"),
        lambda: _file(preview),
        file_name="grids-mended.gpkg",
        key=f"{KEY}.file_out",
        icon=":material/download:",
    )
    taken, left = st.columns(2)
    if not page.city.drafts.may_draw(page.actor):
        st.caption(
            say(
                "A grid planner makes a draft of the mended file; it is reviewed and "
                "published like any other."
            )
        )
    else:
        name = st.text_input(
            say("Name of the draft"), value=Path(visit.name).stem[:60], key=f"{KEY}.name"
        )
        st.caption(
            say(
                "It becomes a draft of the grids, to be reviewed and published like any other."
            )
        )
        if taken.button(
            say("Make it a draft"),
            key=f"{KEY}.take",
            type="primary",
            disabled=not preview.ok,
            width="stretch",
        ):
            with refusals.caught(page), st.spinner(say("Checking the layer …")):
                done = page.city.planfiles.take_mended(
                    page.actor, visit.path, preview, name=name.strip()
                )
                leave()
                notices.done(
                    say("Draft {n} waits at the planner's table.", n=done.draft.id)
                )
    if left.button(say("Leave it as it is"), key=f"{KEY}.leave", width="stretch"):
        visit.preview, visit.shown_preview = None, ()
        st.session_state[Key.FAULT] = 0
        st.rerun()


def _file(preview: RepairPreview) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gridmap-") as folder:
        path = Path(folder) / "grids.gpkg"
        with files.writing(path, "gpkg") as writer:
            writer.write(preview.grids)
        return path.read_bytes()


def _sum(page: Page, report: CheckReport) -> str:
    say = page.say
    names = {rule: say(terms.FAULT_RULES[rule]) for rule in report.by_rule}
    parts = [
        f"{names[rule]} {say.exact(number)}" for rule, number in report.by_rule.items()
    ]
    return say(
        "{grids} grids; {faults}",
        grids=say.exact(report.grids),
        faults=say.listing(parts) or say("no fault"),
    )


def _stepper(page: Page, count: int, words: str) -> None:
    """Buttons to the fault before and the next one."""
    if not count:
        return
    say, at = page.say, _at(count)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Previous"),
            key=f"{KEY}.previous",
            on_click=_step,
            args=(count, -1),
            icon=":material/chevron_left:",
        )
        st.button(
            say("Next fault"),
            key=f"{KEY}.next",
            on_click=_step,
            args=(count, 1),
            icon=":material/chevron_right:",
        )
        st.text(words.format(n=say.exact(at + 1), count=say.exact(count)))


def _step(count: int, by: int) -> None:
    st.session_state[Key.FAULT] = (_at(count) + by) % count


def _pick(row: dict[str, Any]) -> None:
    st.session_state[Key.FAULT] = int(row["at"])


def _at(count: int) -> int:
    return min(int(st.session_state.get(Key.FAULT, 0)), max(count - 1, 0))


def _about_fault(page: Page, faults: gpd.GeoDataFrame) -> None:
    """The fault at hand in words."""
    if faults.empty:
        return
    say, row = page.say, faults.iloc[_at(len(faults))]
    codes = str(row["codes"]).split(",")
    rule = str(row["rule"])
    what, names = say(terms.FAULT_RULES[rule]), row["names"] or say("no grid named")
    st.markdown(f"**{plain(what)}** · {plain(names)}")
    st.text(
        say(
            "{m2} m², {m} m wide, at {place}\nCodes: {codes}",
            m2=say.exact(row["size_m2"], 1),
            m=say.exact(row["size_m"], 2),
            place=row["place"] or "—",
            codes=say.listing(codes[:8]) + (" …" if len(codes) > 8 else ""),
        )
    )
    st.caption(plain(say(terms.FAULT_CURES[rule])))


def _listed(page: Page, rows: gpd.GeoDataFrame) -> Any:
    table = rows.drop(columns="geometry").head(MOST_LISTED).copy()
    table["at"] = np.arange(len(table))
    table["what"] = [page.say(terms.FAULT_RULES[rule]) for rule in table["rule"]]
    return table


def _map(
    page: Page, overlays: tuple[Overlay, ...], rows: gpd.GeoDataFrame, layer: int
) -> None:
    """The file's grids and faults over the city's, at the fault at hand."""
    package = cities.package(page.city)
    focus, bounds = None, package.bounds
    if len(rows):
        at = _at(len(rows))
        shape = rows.geometry.iloc[at]
        if shape is not None and not shape.is_empty:
            focus, bounds = (layer, at + 1), _around(shape)
    shown = replace(package, overlays=(*package.overlays, *overlays))
    maps.show(
        MapLayer(shown, bounds=bounds, focus=focus),
        key=f"{KEY}.map",
        height=MAP_HEIGHT,
        lang=page.lang,
    )


def _around(shape: shapely.Geometry) -> Bounds:
    """The extent of a fault with some ground around it, so that one sees where it is."""
    west, south, east, north = shape.bounds
    room = max(_LEAST_DEG, _AROUND * max(east - west, north - south))
    return west - room, south - room, east + room, north + room
