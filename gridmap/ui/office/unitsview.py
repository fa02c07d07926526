"""Units: renamed, or merged into another; what happened to each stands below."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap.ui import editing, refusals
from gridmap.ui.frame import Page
from gridmap.ui.office import userpick
from gridmap.words import mark

KEY = "units"
KINDS = {"renamed": mark("Renamed"), "merged": mark("Merged")}


def show(page: Page) -> None:
    """Choose a unit; rename it, or merge it into another; read what happened to it."""
    say, people = page.say, page.city.people
    table = people.offices(area=userpick.area(page))
    names = dict(
        zip(
            table["id"].tolist(),
            table["name" if page.lang == "zh" else "name_en"],
            strict=True,
        )
    )
    st.text(
        say(
            "A unit keeps its number: what it has done stays its own under a new name, and "
            "is told when it becomes part of another."
        )
    )
    chosen = st.selectbox(
        page.field("unit"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=f"{KEY}.unit",
        placeholder=say("Type a name"),
        width=420,
    )
    if not chosen:
        return
    office = people.office(int(chosen))
    left, right = st.columns(2)
    with left, st.form(f"{KEY}.rename.{office.id}"):
        name = st.text_input(
            page.field("name"),
            value=office.name,
            max_chars=60,
            key=f"{KEY}.name.{office.id}",
        )
        english = st.text_input(
            say("English name"),
            value=office.name_en,
            max_chars=60,
            key=f"{KEY}.english.{office.id}",
        )
        if st.form_submit_button(say("Rename")):
            with refusals.caught(page):
                page.city.mergers.rename(page.actor, office.id, name=name, name_en=english)
                editing.saved(say("The unit has its new name."))
    with right, st.form(f"{KEY}.merge.{office.id}"):
        others = {number: told for number, told in names.items() if number != office.id}
        target = st.selectbox(
            say("Becomes part of"),
            list(others),
            index=None,
            format_func=others.__getitem__,
            key=f"{KEY}.target.{office.id}",
            placeholder=say("Type a name"),
        )
        reason = st.text_input(
            page.field("reason"), max_chars=200, key=f"{KEY}.reason.{office.id}"
        )
        if st.form_submit_button(say("Merge now"), type="primary"):
            with refusals.caught(page):
                done = page.city.mergers.merge(
                    page.actor,
                    source=office.id,
                    target=int(target or office.id),
                    reason=reason,
                )
                editing.saved(
                    say(
                        "Merged: {matters} open matters, {users} users, {windows} windows, "
                        "{rules} rules passed over.",
                        matters=done.matters,
                        users=done.users,
                        windows=done.windows,
                        rules=done.rules,
                    )
                )
    for row in page.city.mergers.history(office.id).to_dict("records"):
        st.text(
            f"{say.time(row['at'])}  {page.person(row['by'])}  {say(KINDS[row['kind']])}  "
            f"{_told(page, row['kind'], row['data'])}"
        )


def _told(page: Page, kind: str, data: dict[str, Any]) -> str:
    say, people = page.say, page.city.people
    if kind == "renamed":
        which = 0 if page.lang == "zh" else 1
        return say(
            "{before} → {after}", before=data["before"][which], after=data["after"][which]
        )
    other = people.office_name(int(data.get("into") or data["taken"]), page.lang)
    return (
        say("into {unit}: {reason}", unit=other, reason=data["reason"])
        if "into" in data
        else say("took {unit}: {reason}", unit=other, reason=data["reason"])
    )
