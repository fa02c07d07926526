"""Interview warnings to lagging units: where, how they stand, and their closing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap.cases.interviews import Act
from gridmap.city.headquarters import figures
from gridmap.insight.lag import MEASURES
from gridmap.ui import clocks, controls, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import rowpick
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking
from gridmap.words import NONE, Words, mark, plain

KEY = "supervision"
MAP_HEIGHT = "max(20rem, calc(100vh - 22rem))"
WARNED = f"{KEY}.warned"
ALL = ""
IS_CLOSED = mark("The warning is closed.")
CLOSING = Asking(says=lambda page, _order, _number: page.say(IS_CLOSED))


def warnings(page: Page) -> None:
    """Every interview warning, and the closing of those that can be closed."""
    say, room = page.say, page.city.interviews
    found = room.list(page.view.area, lang=page.lang)
    if found.empty:
        st.text(say("No unit of {place} has been asked to an interview.", place=page.place))
        return
    shown = found.assign(
        asked=tables.moments(found["asked_at"]),
        stand=[_stand(row, page) for row in found.to_dict("records")],
        by=[page.person(one) for one in found["asked_by"].tolist()],
    )
    columns = {
        "asked": tables.moment(say("Asked on"), width=116),
        "office_name": tables.text(width=190),
        "stand": tables.text(width=140),
        "words": tables.text(say("What is expected"), width=150),
        "answer": tables.text(width=150),
        "verdict": tables.text(width=110),
        "by": tables.text(say("Asked by"), width=85),
    }
    names = {ALL: say("All warnings")} | {
        str(row["id"]): f"{row['office_name']} · {say.day(asked)}"
        for row, asked in zip(found.to_dict("records"), shown["asked"].dt.date, strict=True)
    }
    left, right = st.columns([1, 1.75])
    with right:
        chosen = rowpick.choose(names, WARNED, say("Interview warnings"))
        tables.show(
            shown,
            columns,
            key=f"{KEY}.warnings",
            say=say,
            file="interview-warnings",
            height=400,
            on_pick=lambda row: rowpick.take(WARNED, row["id"]),
        )
    found = found if chosen == ALL else found[found["id"] == int(chosen)]
    with left:
        level = controls.matters_level(page)
        narrow = {"areas": tuple(found["area"])}
        board = Board(page, f"{KEY}.warned", today=True, narrow=narrow)
        board.show(figures.WARNED, level, height=MAP_HEIGHT)
    with right:
        failed = {number for number in found["id"].tolist() if form.failed(room, number)}
        is_shown = (found["closed_at"] == 0) | found["id"].isin(failed)
        for row in found[is_shown].to_dict("records"):
            with st.container(border=True):
                st.markdown(f"**{plain(row['office_name'])}** · {plain(_stand(row, page))}")
                words_of(page, row)
                form.card(page, room, int(row["id"]), Act.CLOSE, CLOSING)


def _stand(row: dict[Any, Any], page: Page) -> str:
    say = page.say
    if row["closed_at"]:
        return say("closed")
    return (
        say("answered, to be judged")
        if row["answered_at"]
        else clocks.left(row["due_at"], page.city.now_s, say)
    )


def words_of(page: Page, row: dict[Any, Any]) -> None:
    """What is expected, by which rule, what was answered, how it was closed."""
    say = page.say
    st.text(row["words"])
    if row["reason"]:
        st.text(_reason(row["reason"], say))
    if row["answer"]:
        st.text(
            say(
                "Answered {time}: {words}",
                time=say.moment(row["answered_at"]),
                words=row["answer"],
            )
        )
    if row["verdict"]:
        st.text(
            say(
                "Closed {time}: {words}",
                time=say.moment(row["closed_at"]),
                words=row["verdict"],
            )
        )


def _reason(reason: dict[str, Any], say: Words) -> str:
    """By which rule, and what was counted."""
    measure = MEASURES.get(str(reason.get("measure")))
    if measure is None:
        return NONE
    rule = say(
        "Rule: {measure}, from {threshold} on, over {days} days",
        measure=say(measure.name),
        threshold=f"{reason['threshold']:g}",
        days=reason["days"],
    )
    if "numerator" not in reason:
        return rule
    counted = say(
        "{numerator} of {denominator}",
        numerator=reason["numerator"],
        denominator=reason["denominator"],
    )
    return say("{rule}; counted: {counted}", rule=rule, counted=counted)
