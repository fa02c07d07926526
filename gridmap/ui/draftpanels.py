"""Beside the map of a draft: what it would change, its steps, what is said about it, review and publishing, files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.redrawing import OvertakenError
from gridmap.errors import GridmapError
from gridmap.insight.selection import Selection
from gridmap.names import english_name
from gridmap.planning import Refusal
from gridmap.store import drafts as store_drafts
from gridmap.store.drafts import Draft
from gridmap.ui import charts, draftfiles, editorstate, refusals, reviewpanel, tables
from gridmap.ui.frame import Page
from gridmap.words import NONE, mark, plain

YEAR_DAYS = 365
PANELS: dict[str, str] = {
    "result": mark("Result"),
    "steps": mark("Steps"),
    "comments": mark("Comments"),
    "review": mark("Review"),
    "files": mark("Files"),
}


def show(page: Page, draft: Draft) -> None:
    """What was refused or told last, then the panel chosen."""
    say = page.say
    _told(page, draft)
    names = {key: say(words) for key, words in PANELS.items()}
    waits = draft.state == store_drafts.SUBMITTED and not page.city.planning.against_judging(page.actor, draft)
    panel = st.segmented_control(
        say("Part of the page"), list(names), format_func=names.__getitem__, default="review" if waits else "result", required=True,
        key="draft.panel", label_visibility="collapsed",
    )  # fmt: skip
    makers: dict[str, Callable[[Page, Draft], None]] = {
        "result": _result, "steps": _steps, "comments": _comments, "review": reviewpanel.show,
        "files": draftfiles.show,
    }  # fmt: skip
    makers[panel or "result"](page, draft)


def _told(page: Page, draft: Draft) -> None:
    say, state, room = page.say, editorstate.of(draft.id), page.city.planning
    if state.error is not None:
        _explain(page, state.error)
    if state.notice:
        st.info(say(state.notice))
    if room.behind(draft):
        st.warning(say("Another plan has been put in force since this draft was begun."))
        if room.may_edit(page.actor, draft) and st.button(say("Bring the draft up to it"), key="draft.rebase"):
            with refusals.caught(page):
                done = room.rebase(page.actor, draft)
                left = [(one.step, why) for one, why in done.left]
                editorstate.change(draft.id, picks=(), error=None, notice="")
                if left:
                    st.session_state["draft.left"] = left
                st.rerun(scope="fragment")
    for step, why in st.session_state.pop("draft.left", []):
        st.warning(
            plain(say("Step {step} does not fit the plan in force and was left behind: {why}", step=step, why=why))
        )


def _explain(page: Page, error: Exception) -> None:
    say = page.say
    if isinstance(error, OvertakenError):
        st.warning(
            say(
                "Somebody else saved first. What you drew is kept as step {step}: look at theirs, then take yours up "
                "again under “Steps”, or leave it.",
                step=error.step,
            )
        )
        for one in error.since:
            kind = say(terms.TOOLS.get(one.kind, one.kind))
            st.caption(plain(f"{one.step}. {kind} · {page.person(one.by)} · {say.time(one.at)}"))
        return
    if isinstance(error, GridmapError):
        refusals.show(page, error)
    if isinstance(error, Refusal) and error.place:
        st.caption(say("The map shows the place; the pin stands on it."))


def _result(page: Page, draft: Draft) -> None:
    """Each grid that changes with its households, reports and hours, before and after; evenness of the townships."""
    say, room = page.say, page.city.planning
    if not draft.head:
        st.text(say("Nothing is drawn yet: the draft is the plan in force. Choose a tool over the map."))
        return
    end = page.city.today - timedelta(days=1)
    period = Selection(end - timedelta(days=YEAR_DAYS - 1), end, page.city.code)
    found = room.effect(draft, period)
    counts = found["state"].value_counts()
    told = [f"{say(terms.DIFFERENCES[state])} {counts[state]}" for state in terms.DIFFERENCES if state in counts.index]
    st.markdown(f"**{plain(say.listing(told))}**")
    st.caption(say("Reports and hours of work of the past year, had these grids been in force."))
    shown = pd.DataFrame(
        {
            "code": found["code"],
            "what": [say(terms.DIFFERENCES[state]) for state in found["state"]],
            "grid": [named(page, *row) for row in zip(found["name"], found["name_before"], found["code"], strict=True)],
            **{name: _both(page, found, name) for name in ("households", "reports", "hours")},
        }
    )
    columns = {
        "what": tables.text(say("What"), width="small"),
        "grid": tables.text(say("Grid")),
        "households": tables.text(say("Households")),
        "reports": tables.text(say("Reports")),
        "hours": tables.text(say("Hours")),
    }
    look: Callable[[dict[str, object]], None] = lambda row: _look(page, draft, int(str(row["code"])))  # noqa: E731
    tables.show(shown, columns, key="draft.effect", say=say, on_pick=look, offer=False)
    charts.offer(found, key="draft.effect", say=say)
    _even(page, draft)
    _notes(page, draft)


def named(page: Page, name: object, before: object, code: int) -> str:
    """A grid's name in the page's language with the last digits of its code."""
    told = str(name if isinstance(name, str) else before)
    return f"{english_name(told) if page.lang == 'en' else told} · {code % 1000:03d}"


def _both(page: Page, found: pd.DataFrame, name: str) -> list[str]:
    """Before → after, one of them where there is only one."""
    pairs = zip(found[f"{name}_before"].tolist(), found[name].tolist(), strict=True)
    return [" → ".join(NONE if pd.isna(one) else page.say.exact(one) for one in pair) for pair in pairs]


def _look(page: Page, draft: Draft, code: int) -> None:
    """Let the map go to a grid of the draft or of its base."""
    room = page.city.planning
    plan = room.plan(draft) if code in room.plan(draft).codes else room.base(draft)
    point = plan.grid(code).shape.representative_point()
    editorstate.change(draft.id, place=(float(point.x), float(point.y)))


def _even(page: Page, draft: Draft) -> None:
    say = page.say
    table = page.city.planning.evenness(draft)
    st.caption(say("How even the households of the basic grids are, in the townships touched; beside it the base."))
    columns = {
        "place": tables.text(say("Township")),
        "grids": tables.text(say("Grids")),
        "largest": tables.text(say("Largest ÷ mean")),
        "gini": tables.text(say("Gini")),
    }
    shown = pd.DataFrame({"place": [page.name(code) for code in table["township"].tolist()]})
    for name, digits in (("grids", 0), ("largest", 2), ("gini", 3)):
        shown[name] = [
            f"{one:.{digits}f} → {other:.{digits}f}"
            for one, other in zip(table[f"{name}_before"], table[name], strict=True)
        ]
    tables.show(shown, columns, key="draft.even", say=say)


def _notes(page: Page, draft: Draft) -> None:
    steps = page.city.planning.steps(draft)
    if steps.loc[steps["done"], "kind"].isin({"split", "split_even", "transfer", "reshape", "carve"}).any():
        st.caption(
            page.say("Households were shared out by area, the largest remainder first: there is no layer of buildings.")
        )


def _steps(page: Page, draft: Draft) -> None:
    """The tree of steps: where the draft stands, branches left, what was kept beside."""
    say, room = page.say, page.city.planning
    table = room.steps(draft)
    if table.empty:
        st.text(say("Nothing is drawn yet."))
        return
    edits = room.may_edit(page.actor, draft)
    for row in table.iloc[::-1].to_dict("records"):
        kind = say(terms.TOOLS.get(str(row["kind"]), str(row["kind"])))
        state = (
            say("now")
            if row["step"] == draft.head
            else ""
            if row["done"]
            else say("kept beside")
            if row["aside"]
            else say("another branch")
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            told = [
                f"{row['step']}. {kind}",
                page.person(int(row["by"])) or say("command line"),
                say.time(int(row["at"])),
                state,
            ]
            st.markdown(plain(" · ".join(part for part in told if part)))
            if edits and row["step"] != draft.head and not row["aside"]:
                st.button(
                    say("Stand here"), key=f"draft.step.{row['step']}", type="tertiary", on_click=_do,
                    args=(page, draft, room.go_to, int(row["step"])),
                )  # fmt: skip
            if edits and not row["done"]:
                st.button(
                    say("Take it up"), key=f"draft.take.{row['step']}", type="tertiary", on_click=_do,
                    args=(page, draft, room.take_up, int(row["step"])),
                )  # fmt: skip
    held = room.locks(draft)
    for name, until in sorted(
        {(page.person(int(by)), int(until)) for by, until in zip(held["by"], held["until"], strict=True)}
    ):
        st.caption(plain(say("{name} is working on grids here until {time}.", name=name, time=say.time(until))))
    if edits and (held["by"] == page.actor.user).any():
        st.button(
            say("Give up my grids for others"),
            key="draft.release",
            type="tertiary",
            on_click=room.release,
            args=(page.actor, draft),
        )


def _do(page: Page, draft: Draft, act: Callable[..., object], step: int) -> None:
    try:
        act(page.actor, draft, step)
        editorstate.change(draft.id, picks=(), error=None, notice="")
    except GridmapError as error:
        editorstate.change(draft.id, error=error)


def _comments(page: Page, draft: Draft) -> None:
    say, room, state = page.say, page.city.planning, editorstate.of(draft.id)
    table = room.comments(draft.id)
    if table.empty:
        st.text(say("Nobody has said anything yet."))
    for row in table.to_dict("records"):
        _comment(page, draft, row)
    if draft.state in {store_drafts.PUBLISHED, store_drafts.DROPPED}:
        return
    placed = st.toggle(say("Pin it to a place: click the map"), key="draft.commenting")
    if placed and state.comment_at is None:
        st.caption(say("Click the map where the comment belongs."))
    with st.form("draft.comment", border=False, clear_on_submit=True):
        words = st.text_area(say("Comment"), max_chars=1000, height=80)
        if st.form_submit_button(say("Say it")):
            lon, lat = state.comment_at if placed and state.comment_at else (None, None)
            with refusals.caught(page):
                room.comment(page.actor, draft.id, words, lon=lon, lat=lat)
                editorstate.change(draft.id, comment_at=None)
                st.rerun(scope="fragment")


def _comment(page: Page, draft: Draft, row: dict[Any, Any]) -> None:
    say, room, number = page.say, page.city.planning, int(str(row["id"]))
    with st.container(border=True, gap=None):
        st.caption(
            plain(f"{page.person(int(str(row['by']))) or say('command line')} · {say.time(int(str(row['at'])))}")
        )
        st.text(str(row["words"]))
        with st.container(horizontal=True):
            if pd.notna(row["lon"]):
                place = (float(str(row["lon"])), float(str(row["lat"])))
                st.button(
                    say("Show the place"), key=f"draft.place.{number}", type="tertiary", on_click=editorstate.change,
                    args=(draft.id,), kwargs={"place": place},
                )  # fmt: skip
            if row["resolved_at"]:
                st.caption(say("settled"))
            elif room.may_read(page.actor):
                st.button(
                    say("Settled"), key=f"draft.resolve.{number}", type="tertiary", on_click=room.resolve,
                    args=(page.actor, draft.id, number),
                )  # fmt: skip
