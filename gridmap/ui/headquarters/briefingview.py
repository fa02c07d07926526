"""The morning briefing as it will be printed, and the printed page."""

from __future__ import annotations

import streamlit as st

from gridmap.reports import briefing as printed
from gridmap.ui import session, tables
from gridmap.ui.frame import Page
from gridmap.words import NONE

KEY = "headquarters"


def briefing(page: Page) -> None:
    """The briefing as it will be printed, and the printed page."""
    say = page.say
    told = page.city.briefing.of(page.view.area, page.lang)
    st.download_button(
        say("Print: one page as PDF"),
        data=lambda: printed.pdf(told, say),
        file_name=f"gridmap-briefing-{told.day}.pdf",
        mime="application/pdf",
        key=f"{KEY}.pdf",
        icon=":material/print:",
        type="primary",
        on_click="ignore",
    )
    for start in range(0, len(told.lines), 3):
        for column, line in zip(st.columns(3), told.lines[start : start + 3], strict=False):
            change = (
                None
                if line.before < 0
                else say("the day before: {n}", n=say.exact(line.before))
            )
            column.metric(
                say(printed.LABELS[line.key]),
                say.exact(line.value),
                change,
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
            )
    for row in told.rises.to_dict("records"):
        st.text(
            say(
                "More often than usual yesterday: {what}: {count}, usually {usual} a day",
                what=row["what"],
                count=say.exact(row["count"]),
                usual=say.exact(row["usual"], 1),
            )
        )
    st.subheader(
        say(
            "{shown} of {total} late matters, the longest late first",
            shown=len(told.late),
            total=told.late_count,
        )
    )
    if told.late.empty:
        st.text(say("Nothing is late."))
        return
    rows = told.late.assign(
        lateness=[
            printed.lateness(row, told.at, say).replace("\n", " · ")
            for row in told.late.to_dict("records")
        ],
        person=[page.person(user) or NONE for user in told.late["responsible"]],
    )
    columns = {
        "what": tables.text(width=160),
        "where": tables.text(width=270),
        "lateness": tables.text(say("Late"), width=160),
        "unit_name": tables.text(width=190),
        "person": tables.text(say("Responsible"), width=95),
        "phone": tables.text(width=100),
        "number": tables.text(),
    }
    tables.show(
        rows,
        columns,
        key=f"{KEY}.ten",
        say=say,
        on_pick=lambda row: session.open_matter(int(row["matter"])),
        file="briefing",
    )
