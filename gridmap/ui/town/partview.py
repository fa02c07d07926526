"""A task grid by grid: what was answered, doing a part at the desk, a hazard made a matter,
the task taken back.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.flow.newmatter import NewMatter
from gridmap.city.town.tasks import DOERS
from gridmap.errors import GridmapError
from gridmap.store.town.tasks import Answer, Task
from gridmap.ui import categorypick, notices, refusals, session, signin, tables
from gridmap.ui.frame import Page
from gridmap.words import plain

KEY = "part"
PICKED = f"{KEY}.picked"
MOST_ROWS = 2000


def show(page: Page, task: Task) -> None:
    """The parts in the area shown, and what who is signed in can do."""
    say = page.say
    parts = page.city.tasks.parts(task.id, page.view.area)
    shown = parts.head(MOST_ROWS).copy()
    shown["place"] = [
        page.inside(page.city.places.path(code, page.lang) or str(code))
        for code in shown["grid"].tolist()
    ]
    shown["person"] = [signin.person(name, say) for name in shown["worker_name"]]
    shown["is_done"] = shown["done_at"] > 0
    shown["pictures"] = [len(photos) for photos in shown["photos"]]
    shown["no"] = [
        say.listing(
            [
                question
                for question, yes in zip(task.checklist, answers, strict=False)
                if not yes
            ]
        )
        for answers in shown["answers"]
    ]
    columns = {
        "place": tables.text(say("Grid"), width=180),
        "person": tables.text(say("Grid worker"), width=85),
        "is_done": tables.flag(say("Done")),
        "pictures": tables.count(say("Photos"), width=55),
        "no": tables.text(say("Answered no"), width="medium"),
        "text": tables.text(say("Words")),
    }
    tables.show(shown, columns, key=f"{KEY}.list", say=say, height=230, on_pick=_pick)
    _one(page, task, shown)
    matters = page.city.tasks.findings(task.id, page.view.area)
    if matters:
        with st.container(horizontal=True):
            st.text(say("Matters found:"))
            for number in matters[:12]:
                st.button(
                    str(number),
                    key=f"{KEY}.matter.{number}",
                    type="tertiary",
                    on_click=session.open_matter,
                    args=(number,),
                )
    if page.actor.role in DOERS and not task.withdrawn_at:
        _do(page, task, parts)
    if (
        all(page.city.tasks.may_make(page.actor, area) for area in task.areas)
        and not task.withdrawn_at
    ):
        _withdraw(page, task)


def _pick(row: dict[str, Any]) -> None:
    st.session_state[PICKED] = int(row["grid"])


def _one(page: Page, task: Task, shown: pd.DataFrame) -> None:
    """The part of the row picked: who did it and when, each answer, its photos for who
    answers for the grid.
    """
    say = page.say
    rows = shown[
        (shown["grid"] == st.session_state.get(PICKED)) & shown["is_done"]
    ].to_dict("records")
    for row in rows:
        with st.container(border=True, gap="small"):
            who = [
                row["place"],
                say("done {time}", time=say.time(row["done_at"])),
                signin.person(row["doer"], say),
            ]
            st.text(" · ".join(part for part in who if part))
            for question, yes in zip(task.checklist, row["answers"], strict=False):
                st.caption(plain(f"{question} — {say('Yes') if yes else say('No')}"))
            if row["photos"] and not page.actor.covers(int(row["grid"])):
                st.caption(say("Its photos are shown to who answers for the grid."))
            elif row["photos"]:
                for column, number in zip(st.columns(3) * 3, row["photos"], strict=False):
                    with column:
                        try:
                            st.image(
                                page.city.tasks.photo(
                                    page.actor, task.id, int(row["grid"]), int(number)
                                )
                            )
                        except GridmapError:
                            st.caption(say("This photo cannot be shown."))


def _do(page: Page, task: Task, parts: Any) -> None:
    """The checklist of one open grid, filled in at a desk; a hazard becomes a matter in the
    same step.
    """
    say = page.say
    mine = [
        code
        for code in parts.loc[parts["done_at"] == 0, "grid"].tolist()
        if page.actor.covers(code)
    ]
    if not mine:
        return
    names = {code: page.inside(page.city.places.path(code, page.lang)) for code in mine}
    with st.expander(say("Fill in for a grid")):
        grid = st.selectbox(
            say("Grid"),
            list(names),
            format_func=names.__getitem__,
            key=f"{KEY}.{task.id}.grid",
        )
        answers = [
            st.segmented_control(
                question,
                [True, False],
                format_func=lambda yes: say("Yes") if yes else say("No"),
                key=f"{KEY}.{task.id}.{grid}.{turn}",
            )
            for turn, question in enumerate(task.checklist)
        ]
        words = st.text_input(
            say("Words"), key=f"{KEY}.{task.id}.{grid}.words", max_chars=2000
        )
        category = ""
        if st.checkbox(
            say("A hazard was found: make it a matter"),
            key=f"{KEY}.{task.id}.{grid}.hazard",
        ):
            category = categorypick.show(page, f"{KEY}.{task.id}.{grid}")
        sent = st.button(
            say("Done"),
            type="primary",
            key=f"{KEY}.{task.id}.{grid}.send",
            disabled=None in answers,
        )
    if sent and grid:
        with refusals.caught(page):
            lon, lat = page.city.places.middle(int(grid))
            found = NewMatter(category, lon, lat, text=words or "") if category else None
            done = page.city.tasks.complete(
                page.actor,
                task.id,
                int(grid),
                Answer(tuple(bool(yes) for yes in answers), words or ""),
                found=found,
                client_id=f"{task.id}/{grid}",
            )
            notices.done(
                say("Done; the hazard is matter {number}.", number=done.receipt.number)
                if done.receipt
                else say("Done.")
            )


def _withdraw(page: Page, task: Task) -> None:
    say = page.say
    with (
        st.expander(say("Take the task back")),
        st.form(f"{KEY}.{task.id}.withdraw", border=False),
    ):
        why = st.text_input(say("Reason"), key=f"{KEY}.{task.id}.why", max_chars=2000)
        sent = st.form_submit_button(say("Take it back"))
    if sent:
        with refusals.caught(page):
            page.city.tasks.withdraw(page.actor, task.id, why or "")
            notices.done(say("The task has been taken back; what was done stays."))
