"""Beside the map of a draft: its panels, its steps, what is said about it, review and
publishing, files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.plans.clashes import OvertakenError
from gridmap.errors import GridmapError
from gridmap.planning import EditRefusal
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import Draft
from gridmap.ui import refusals
from gridmap.ui.frame import Page
from gridmap.ui.plans import (
    draftbalance,
    draftfiles,
    draftresult,
    draftsuggest,
    editorstate,
    reviewpanel,
)
from gridmap.ui.session import Key
from gridmap.words import mark, plain


def show(page: Page, draft: Draft) -> None:
    """What was refused or told last, then the panel chosen."""
    say = page.say
    _told(page, draft)
    names = {key: say(words) for key, (words, _) in PANELS.items()}
    waits = draft.state == store_drafts.SUBMITTED and not page.city.review.against_judging(
        page.actor, draft
    )
    panel = st.pills(
        say("Part of the page"),
        list(names),
        format_func=names.__getitem__,
        default="review" if waits else "result",
        required=True,
        key=Key.PANEL,
        label_visibility="collapsed",
    )
    PANELS[panel or "result"][1](page, draft)


def _told(page: Page, draft: Draft) -> None:
    say, state, city = page.say, editorstate.of(draft.id), page.city
    if state.error is not None:
        _explain(page, state.error)
    if state.notice:
        st.info(say(state.notice))
    if city.drawings.behind(draft):
        st.warning(say("Another plan has been put in force since this draft was begun."))
        if city.drafts.may_edit(page.actor, draft) and st.button(
            say("Bring the draft up to it"), key="draft.rebase"
        ):
            with refusals.caught(page):
                done = city.redrawing.rebase(page.actor, draft)
                left = [(one.step, why) for one, why in done.left]
                editorstate.change(draft.id, picks=(), error=None, notice="")
                if left:
                    st.session_state["draft.left"] = left
                st.rerun(scope="fragment")
    for step, why in st.session_state.pop("draft.left", []):
        st.warning(
            plain(
                say(
                    "Step {step} does not fit the plan in force and was left behind: {why}",
                    step=step,
                    why=why,
                )
            )
        )


def _explain(page: Page, error: Exception) -> None:
    say = page.say
    if isinstance(error, OvertakenError):
        st.warning(
            say(
                "Somebody else saved first. What you drew is kept as step {step}: look at "
                "theirs, then take yours up "
                "again under “Steps”, or leave it.",
                step=error.step,
            )
        )
        for one in error.since:
            kind = say(terms.TOOLS.get(one.kind, one.kind))
            st.caption(
                plain(f"{one.step}. {kind} · {page.person(one.by)} · {say.time(one.at)}")
            )
        return
    if isinstance(error, GridmapError):
        refusals.show(page, error)
    if isinstance(error, EditRefusal) and error.place:
        st.caption(say("The map shows the place; the pin stands on it."))


def _steps(page: Page, draft: Draft) -> None:
    """The tree of steps: where the draft stands, branches left, what was kept beside."""
    say, city = page.say, page.city
    table = city.drafts.steps(draft)
    if table.empty:
        st.text(say("Nothing is drawn yet."))
        return
    edits = city.drafts.may_edit(page.actor, draft)
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
                    say("Stand here"),
                    key=f"draft.step.{row['step']}",
                    type="tertiary",
                    on_click=_do,
                    args=(page, draft, city.redrawing.go_to, int(row["step"])),
                )
            if edits and not row["done"]:
                st.button(
                    say("Take it up"),
                    key=f"draft.take.{row['step']}",
                    type="tertiary",
                    on_click=_do,
                    args=(page, draft, city.redrawing.take_up, int(row["step"])),
                )
    held = city.drafts.locks(draft)
    for by, until in held.groupby("by")["until"].max().items():
        name = page.person(int(str(by)))
        st.caption(
            plain(
                say(
                    "{name} is working on grids here until {time}.",
                    name=name,
                    time=say.time(int(until)),
                )
            )
        )
    if edits and (held["by"] == page.actor.user).any():
        st.button(
            say("Give up my grids for others"),
            key="draft.release",
            type="tertiary",
            on_click=city.drafts.release,
            args=(page.actor, draft),
        )


def _do(page: Page, draft: Draft, act: Callable[..., object], step: int) -> None:
    try:
        act(page.actor, draft, step)
        editorstate.change(draft.id, picks=(), error=None, notice="")
    except GridmapError as error:
        editorstate.change(draft.id, error=error)


def _comments(page: Page, draft: Draft) -> None:
    say, city, state = page.say, page.city, editorstate.of(draft.id)
    table = city.comments.listed(draft.id)
    if table.empty:
        st.text(say("Nobody has said anything yet."))
    for row in table.to_dict("records"):
        _comment(page, draft, row)
    if draft.state in {store_drafts.PUBLISHED, store_drafts.DROPPED}:
        return
    placed = st.toggle(say("Pin it to a place: click the map"), key=Key.COMMENTING)
    if placed and state.comment_at is None:
        st.caption(say("Click the map where the comment belongs."))
    with st.form("draft.comment", border=False, clear_on_submit=True):
        words = st.text_area(say("Comment"), max_chars=1000, height=80)
        if st.form_submit_button(say("Say it")):
            lon, lat = state.comment_at if placed and state.comment_at else (None, None)
            with refusals.caught(page):
                city.comments.add(page.actor, draft.id, words, lon=lon, lat=lat)
                editorstate.change(draft.id, comment_at=None)
                st.rerun(scope="fragment")


def _comment(page: Page, draft: Draft, row: dict[Any, Any]) -> None:
    say, city, number = page.say, page.city, int(str(row["id"]))
    with st.container(border=True, gap=None):
        st.caption(
            plain(
                f"{page.person(int(str(row['by']))) or say('command line')} · "
                f"{say.time(int(str(row['at'])))}"
            )
        )
        st.text(str(row["words"]))
        with st.container(horizontal=True):
            if pd.notna(row["lon"]):
                place = (float(str(row["lon"])), float(str(row["lat"])))
                st.button(
                    say("Show the place"),
                    key=f"draft.place.{number}",
                    type="tertiary",
                    on_click=editorstate.change,
                    args=(draft.id,),
                    kwargs={"place": place},
                )
            if row["resolved_at"]:
                st.caption(say("settled"))
            elif city.drafts.may_read(page.actor):
                st.button(
                    say("Settled"),
                    key=f"draft.resolve.{number}",
                    type="tertiary",
                    on_click=city.comments.resolve,
                    args=(page.actor, draft.id, number),
                )


PANELS: dict[str, tuple[str, Callable[[Page, Draft], None]]] = {
    "result": (mark("Result"), draftresult.show),
    "balance": (mark("Balance"), draftbalance.show),
    "suggest": (mark("Suggest"), draftsuggest.show),
    "steps": (mark("Steps"), _steps),
    "comments": (mark("Comments"), _comments),
    "review": (mark("Review"), reviewpanel.show),
    "files": (mark("Files"), draftfiles.show),
}
"""What stands beside a draft's map: what each panel is called, and what shows it."""
