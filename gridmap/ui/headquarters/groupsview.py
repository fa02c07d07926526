"""The working groups of the headquarters, and the departments of each."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import exports, tables
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page

KEY = "sessions"


def groups(page: Page) -> None:
    """The working groups and the departments of each."""
    say = page.say
    table = page.city.sessions.groups(page.lang)
    if table.empty:
        st.text(say("No working group has been set up yet."))
        return
    names = _departments(page)
    every = {one for row in table["departments"] for one in row}
    st.text(say("{groups} working groups, {departments} departments", groups=len(table), departments=len(every)))
    shown = table.assign(
        members=[say.listing([names.get(one, one) for one in row]) for row in table["departments"]],
        count=[len(row) for row in table["departments"]],
    )
    columns = {
        "name": tables.text(say("Working group"), width=240),
        "members": tables.text(say("Departments"), width=620),
        "count": tables.count(say("Number")),
    }
    if page.lang == "zh":
        columns["duty"] = tables.text(say("Duty"), width=280)
    tables.show(
        shown,
        columns,
        key=f"{KEY}.groups",
        say=say,
        offer=False,
        height=matterlist.HEAD_PX + matterlist.ROW_PX * len(shown),
    )
    exports.offer(page, shown, columns, key="working-groups")


def _departments(page: Page) -> dict[str, str]:
    """Names of departments in the page's language, without their county."""
    if page.lang == "zh":
        return {}
    table = page.city.people.offices()
    table = table[table["department"] != ""].drop_duplicates("department")
    return {
        row["department"]: str(row["name_en"]).removeprefix(f"{page.name(int(row['area']))} ")
        for row in table.to_dict("records")
    }
