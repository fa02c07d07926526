"""The planner's table: the map with a draft on it, tools, undo and redo; what comes of each
edit beside it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
import streamlit as st

from gridmap import terms
from gridmap.city.plans.clashes import OvertakenError
from gridmap.city.plans.edits import Edit, Tool
from gridmap.codes import parent
from gridmap.errors import GridmapError
from gridmap.insight.classes import breaks
from gridmap.model import Level
from gridmap.planning import EditRefusal, Plan
from gridmap.store.plans.drafts import Draft
from gridmap.ui import city as cities
from gridmap.ui import colours, maps
from gridmap.ui.frame import Page
from gridmap.ui.maps import DraftShapes, MapLayer
from gridmap.ui.plans import draftpanels, draftresult, draftsuggest, editorstate
from gridmap.ui.session import Key
from gridmap.words import mark, plain

KEY = "draft"
MAP_HEIGHT = "max(24rem, calc(100vh - 17.5rem))"
CLASSES = 6
HINTS: dict[Tool, str] = {
    "split": mark("Choose a grid with a click, then draw a line right across it."),
    "split_even": mark("Choose a grid with a click, then say into how many parts."),
    "merge": mark("Choose the grids with clicks, then merge them."),
    "reshape": mark("Choose two neighbours with clicks, then draw their new border."),
    "transfer": mark("Choose who gives, then who receives; then draw the area."),
    "carve": mark("Write a name, then draw the area; no grid need be chosen."),
    "describe": mark("Choose a grid with a click, then fill in what changes."),
}
DRAWN = frozenset({"split", "reshape", "transfer", "carve"})
"""Tools that work by what is drawn."""


def show(page: Page, draft: Draft) -> None:
    """The table of one draft; only this part of the page runs again when something is drawn."""
    _table(page, draft.id)


@st.fragment
def _table(page: Page, number: int) -> None:
    city = page.city
    draft = city.drafts.get(number)
    if city.drafts.may_edit(page.actor, draft) and _take(page, draft):
        draft = city.drafts.get(number)
    edits = city.drafts.may_edit(page.actor, draft)
    left, right = st.columns([1.75, 1])
    with left:
        tool = _tools(page, draft) if edits else None
        with st.container(key="drafted"):
            maps.show_drawing(
                _layer(page, draft), key=KEY, height=MAP_HEIGHT, lang=page.lang
            )
        if edits and tool:
            _hand(page, draft, tool)
    with right:
        draftpanels.show(page, draft)


def _take(page: Page, draft: Draft) -> bool:
    """Do what was drawn or clicked on the map; whether the draft may stand elsewhere now."""
    answer = maps.drawn_on(KEY)
    tool: Tool = st.session_state.get(f"{KEY}.tool") or "split"
    if answer.drawing is not None and tool in DRAWN:
        name = str(st.session_state.get(f"{KEY}.name", ""))
        _apply(
            page,
            draft,
            edit_of(
                page.city.drawings.plan(draft),
                tool,
                _picks(draft),
                answer.drawing,
                name=name,
            ),
        )
        return True
    if answer.click is None:
        return False
    if st.session_state.get(Key.COMMENTING):
        editorstate.change(draft.id, comment_at=answer.click)
    elif grid := page.city.drawings.grid_at(draft, *answer.click):
        editorstate.toggle(draft.id, grid)
    return False


def _tools(page: Page, draft: Draft) -> Tool:
    """Which tool is in hand; undo and redo."""
    say, city = page.say, page.city
    names: dict[Tool, str] = {tool: say(terms.TOOLS[tool]) for tool in HINTS}
    with st.container(horizontal=True, vertical_alignment="center", key="tools"):
        tool = st.segmented_control(
            say("Tool"),
            list(names),
            format_func=names.__getitem__,
            default="split",
            required=True,
            key=f"{KEY}.tool",
            label_visibility="collapsed",
        )
        st.space("stretch")
        for name, words, icon, act in (
            ("undo", say("Undo"), ":material/undo:", city.redrawing.undo),
            ("redo", say("Redo"), ":material/redo:", city.redrawing.redo),
        ):
            st.button(
                words,
                icon=icon,
                key=f"{KEY}.{name}",
                type="tertiary",
                on_click=_walk,
                args=(page, draft, act),
            )
    found: Tool = tool or "split"
    return found


def _walk(page: Page, draft: Draft, act: Callable[..., Draft]) -> None:
    try:
        act(page.actor, draft)
        editorstate.change(draft.id, picks=(), error=None, notice="")
    except GridmapError as error:
        editorstate.change(draft.id, error=error)


def edit_of(
    plan: Plan,
    tool: Tool,
    picks: tuple[int, ...],
    drawn: shapely.Geometry,
    *,
    name: str = "",
) -> Edit:
    """The edit a drawing stands for; where nothing fit for the tool was chosen, what is
    drawn tells the grids meant.

    A line means the grids it runs through longest; an area that is handed over is given by
    the grid most of it lies in to the one with the next most.
    """
    wanted = {"split": 1, "reshape": 2, "transfer": 2}.get(tool, 0)
    if wanted and len(picks) != wanted:
        codes = plan.near(drawn)
        inside = (
            shapely.intersection(plan.shapes[plan.rows(codes)], drawn)
            if len(codes)
            else np.empty(0, dtype=object)
        )
        much = shapely.area(inside) if tool == "transfer" else shapely.length(inside)
        order = np.argsort(-much, kind="stable")[:wanted]
        picks = tuple(codes[order[much[order] > 0]].tolist())
    return Edit(tool, () if tool == "carve" else picks, drawn, name=name or None)


def _apply(page: Page, draft: Draft, edit: Edit) -> None:
    """Make an edit; what it says, or why it was refused, stands beside the map."""
    try:
        done = page.city.redrawing.edit(page.actor, draft, edit)
    except OvertakenError as error:
        editorstate.change(draft.id, error=error, notice="")
    except EditRefusal as error:
        editorstate.change(draft.id, error=error, notice="", place=error.place)
    except GridmapError as error:
        editorstate.change(draft.id, error=error, notice="")
    else:
        # What an edit made is seen on the map; were it chosen, the next drawing elsewhere
        # would be taken to mean it.
        picks = edit.grids if edit.tool == "describe" else ()
        told = (
            mark("Saved, together with what others have drawn meanwhile.")
            if done.merged
            else ""
        )
        editorstate.change(draft.id, picks=picks, error=None, notice=told, place=None)


def _hand(page: Page, draft: Draft, tool: Tool) -> None:
    """What is chosen, the hint of the tool, its own fields and its button."""
    say, picks = page.say, _picks(draft)
    with st.container(horizontal=True, vertical_alignment="center", key="hand"):
        st.caption(say(HINTS[tool]))
        if picks:
            names = [_name(page, draft, code) for code in picks[:4]]
            more = [say("and {n} more", n=len(picks) - 4)] if len(picks) > 4 else []
            st.markdown(plain(say("Chosen: {grids}", grids=say.listing(names + more))))
            st.button(
                say("Choose none"),
                key=f"{KEY}.none",
                type="tertiary",
                on_click=editorstate.change,
                args=(draft.id,),
                kwargs={"picks": ()},
            )
    _fields(page, draft, tool)


def _fields(page: Page, draft: Draft, tool: Tool) -> None:
    say, picks = page.say, _picks(draft)
    if tool == "carve":
        st.text_input(
            say("Name of the grid"),
            key=f"{KEY}.name",
            max_chars=60,
            placeholder=say("such as the market's name"),
        )
    if tool == "merge":
        st.button(
            say("Merge them"),
            key=f"{KEY}.merge",
            type="primary",
            disabled=len(picks) < 2,
            on_click=_apply,
            args=(page, draft, Edit("merge", picks)),
        )
    if tool == "split_even":
        _even(page, draft, picks)
    if tool == "describe" and len(picks) == 1:
        _describe(page, draft, picks[0])


def _even(page: Page, draft: Draft, picks: tuple[int, ...]) -> None:
    say = page.say
    with st.container(horizontal=True, vertical_alignment="bottom"):
        parts = st.number_input(say("Parts"), 2, 20, 2, key=f"{KEY}.parts", width=120)
        even = {weight: say(words) for weight, words in draftsuggest.EVENED.items()}
        weight = st.selectbox(
            say("Even in"),
            list(even),
            format_func=even.__getitem__,
            key=f"{KEY}.even_in",
            width=190,
        )
        st.button(
            say("Split it"),
            key=f"{KEY}.even",
            type="primary",
            disabled=len(picks) != 1,
            on_click=_apply,
            args=(page, draft, Edit("split_even", picks, parts=int(parts), weight=weight)),
        )


def _describe(page: Page, draft: Draft, code: int) -> None:
    say, grid = page.say, page.city.drawings.plan(draft).grid(code)
    keys = {
        field: f"{KEY}.describe.{code}.{draft.head}.{field}"
        for field in ("name", "kind", "households")
    }
    kinds = {kind: say(words) for kind, words in terms.KINDS.items()}

    def save() -> None:
        name, kind, households = (st.session_state[key] for key in keys.values())
        _apply(
            page,
            draft,
            Edit("describe", (code,), name=name, kind=kind, households=int(households)),
        )

    with (
        st.form(f"{KEY}.describe.{code}", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(page.field("name"), value=grid.name, max_chars=60, key=keys["name"])
        st.selectbox(
            page.field("kind"),
            list(kinds),
            index=list(kinds).index(grid.kind),
            format_func=kinds.__getitem__,
            key=keys["kind"],
        )
        st.number_input(
            page.field("households"), 0, 100_000, grid.households, key=keys["households"]
        )
        st.form_submit_button(say("Save"), type="primary", on_click=save)


def _layer(page: Page, draft: Draft) -> MapLayer:
    """Households of every grid; over them the grids of the draft in the same colours,
    comments as pins.
    """
    say, city, state = page.say, page.city, editorstate.of(draft.id)
    plan, base = city.drawings.plan(draft), city.drawings.base(draft)
    limits = breaks(base.households, classes=CLASSES)
    ramp = colours.scheme("load", len(limits) - 1)
    shapes = city.drawings.shapes(draft)
    proposal = draftsuggest.preview(draft)
    if proposal is not None:
        plan = city.proposals.with_proposal(draft, proposal)
        shapes |= dict(
            zip(
                proposal.change.added["code"].tolist(),
                proposal.change.added.geometry,
                strict=True,
            )
        )
    rows = plan.rows(list(shapes)) if shapes else np.empty(0, dtype=np.int64)
    at = np.clip(
        np.searchsorted(limits, plan.households[rows], side="left") - 1, 0, len(ramp) - 1
    )
    held = city.drafts.locks(draft)
    theirs = held[held["by"] != page.actor.user]["grid"].tolist()
    return MapLayer(
        cities.package(page.city),
        codes=base.codes,
        values=base.households.astype(float),
        breaks=limits,
        colours=ramp,
        title=say("Households"),
        unit=say("households a grid"),
        bounds=state.bounds or _bounds(page, draft),
        pins=_pins(page, draft),
        draft=DraftShapes(
            codes=list(shapes),
            shapes=list(shapes.values()),
            fills=[ramp[one] for one in at.tolist()],
            picks=[code for code in state.picks if code in plan.codes],
            theirs=theirs,
            taken=maps.last_drawing(KEY),
        ),
    )


def _bounds(page: Page, draft: Draft) -> tuple[float, float, float, float] | None:
    """The place of the view, or the townships the draft has been drawing in when it is opened."""
    area = page.view.area
    if area != page.city.code:
        return page.city.places.bounds(area)
    first = page.city.drawings.first_grid(draft)
    return page.city.places.bounds(parent(first, Level.TOWNSHIP)) if first else None


def _pins(page: Page, draft: Draft) -> list[tuple[float, float, int]]:
    table = page.city.comments.listed(draft.id)
    placed = table[(table["resolved_at"] == 0) & table["lon"].notna()]
    pins = [
        (float(lon), float(lat), number)
        for number, lon, lat in zip(
            placed["id"].tolist(), placed["lon"], placed["lat"], strict=True
        )
    ]
    state = editorstate.of(draft.id)
    return [*pins, *((*one, 0) for one in (state.comment_at or state.place,) if one)]


def _picks(draft: Draft) -> tuple[int, ...]:
    return editorstate.of(draft.id).picks


def _name(page: Page, draft: Draft, code: int) -> str:
    plan = page.city.drawings.plan(draft)
    return (
        draftresult.named(page, plan.grid(code).name, "", code)
        if code in plan.codes
        else str(code)
    )
