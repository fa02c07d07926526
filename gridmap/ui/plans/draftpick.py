"""Choosing a draft to work on, making one, naming and sharing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.store.plans import drafts as store_drafts
from gridmap.store.plans.drafts import Draft
from gridmap.ui import refusals, session, upload
from gridmap.ui.frame import Page

MENU_WIDTH = 420


def refused(page: Page) -> None:
    """Say politely whose page this is."""
    say = page.say
    st.info(
        say(
            "This page is for grid planners, and for chiefs, commanders and leaders who "
            "review their drafts."
        )
    )
    if page.user is None:
        st.text(say("Sign in as one of them in the side bar."))


def show(page: Page) -> Draft | None:
    """The row in which a draft is chosen or made; the one chosen, or the one changed last."""
    say, city = page.say, page.city
    table = city.drafts.listed(page.actor, closed=True)
    # What can be drawn on comes first for who draws, what waits for a decision for who decides.
    draws = city.drafts.may_draw(page.actor)
    first = store_drafts.OPEN if draws else (store_drafts.SUBMITTED,)
    table = table.sort_values(
        "state", key=lambda states: ~states.isin(first), kind="stable"
    )
    names = {int(row["id"]): _line(page, row) for row in table.to_dict("records")}
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        if names:
            chosen = page.view.draft if page.view.draft in names else next(iter(names))
            st.selectbox(
                say("Draft"),
                list(names),
                format_func=names.__getitem__,
                key="planning.draft",
                on_change=session.bound("planning.draft", "draft", chosen),
                label_visibility="collapsed",
                width=MENU_WIDTH,
            )
        if draws:
            _new(page)
        if not names:
            return None
        draft = city.drafts.get(chosen)
        if city.drafts.may_edit(page.actor, draft):
            _settings(page, draft)
    return draft


def nothing(page: Page) -> None:
    """Say what to do where there is no draft yet."""
    st.text(
        page.say(
            "There is no draft yet. A planner makes one with “New draft”; it begins as the "
            "plan in force."
        )
    )


def _line(page: Page, row: dict[Any, Any]) -> str:
    state = page.say(terms.DRAFT_STATES[str(row["state"])])
    return f"{row['name']} · {state} · {page.person(int(row['owner'])) or page.say('command line')}"


def _new(page: Page) -> None:
    if st.button(page.say("New draft"), icon=":material/add:", key="planning.add"):
        st.dialog(page.say("New draft"))(_make)(page)


def _make(page: Page) -> None:
    """A name, or a layer edited in QGIS, becomes a draft."""
    say = page.say
    with st.form("planning.new", border=False):
        name = st.text_input(say("Name of the draft"), max_chars=60)
        shared = st.checkbox(say("Other planners may edit it"), value=True)
        if st.form_submit_button(say("Make it"), type="primary"):
            with refusals.caught(page):
                made = page.city.drafts.make(page.actor, name, shared=shared)
                session.change(draft=made.id)
                st.rerun()
    given = upload.layer(page, "planning.file")
    if given is None or not st.button(
        say("Check it and make a draft"), key="planning.import"
    ):
        return
    with (
        refusals.caught(page),
        upload.kept(given) as path,
        st.spinner(say("Checking the layer …")),
    ):
        made_of = page.city.planfiles.import_layer(
            page.actor, path, name=Path(given.name).stem[:60]
        )
        session.change(draft=made_of.draft.id)
        st.rerun()


def _settings(page: Page, draft: Draft) -> None:
    if st.button(
        page.say("Name and sharing"),
        icon=":material/edit:",
        key="planning.settings",
        type="tertiary",
    ):
        st.dialog(page.say("Name and sharing"))(_rename)(page, draft)


def _rename(page: Page, draft: Draft) -> None:
    say, city = page.say, page.city
    with st.form("planning.name", border=False):
        name = st.text_input(say("Name of the draft"), value=draft.name, max_chars=60)
        shared = st.checkbox(say("Other planners may edit it"), value=draft.shared)
        if st.form_submit_button(say("Save"), type="primary"):
            with refusals.caught(page):
                city.drafts.rename(page.actor, draft, name, shared=shared)
                st.rerun()
    if st.button(say("Drop this draft"), key="planning.drop", type="tertiary"):
        with refusals.caught(page):
            city.drafts.drop(page.actor, draft)
            session.change(draft=0)
            st.rerun()
