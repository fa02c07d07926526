"""Indicators on a page: the table of shares, one of them in words and by place, and the
matters behind it.
"""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from gridmap.codes import level_of
from gridmap.insight.definitions import DEFINITIONS, VALUES, Definition, Part
from gridmap.model import UserRole
from gridmap.ui import controls, session, signin, tables
from gridmap.ui.board import Board
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page, counted_by
from gridmap.words import NONE, Words, mark

MOST_MATTERS = 200
PART_NAMES: dict[Part, str] = {
    "numerator": mark("Counted"),
    "difference": mark("Not counted"),
    "denominator": mark("All of them"),
}


def table(page: Page) -> None:
    """Every indicator with its counts and the change since the period before; a row chooses one."""
    say, view = page.say, page.view
    chosen = view.selection
    figures = page.city.figures
    whole = figures.whole(DEFINITIONS, chosen)
    before = figures.whole(DEFINITIONS, chosen.previous())["value"]
    left_out = [page.city.indicators.left_out(key, chosen) for key in DEFINITIONS]
    rows = whole.assign(
        name=[say(one.name) for one in DEFINITIONS.values()],
        percent=whole["value"],
        change=[
            _change(now, then, say)
            for now, then in zip(whole["value"], before, strict=True)
        ],
        excluded=left_out,
        counts=[one.formula(say) for one in DEFINITIONS.values()],
        basis=[_basis(one, say) for one in DEFINITIONS.values()],
    )
    tables.show(
        rows,
        {
            "name": tables.text(say("Indicator")),
            "percent": _bar(say("Share")),
            "numerator": tables.count(say("Counted")),
            "denominator": tables.count(say("Of")),
            "change": tables.text(
                say("Change in points"),
                help=say("Against the period of the same length before."),
            ),
            "excluded": tables.count(
                say("Left out"), help=say("Matters the definition leaves out.")
            ),
            "counts": tables.text(say("What is counted"), width="large"),
            "basis": tables.text(say("Counted over")),
        },
        key=f"indicators.{view.area}",
        say=say,
        on_pick=lambda row: session.change(indicator=str(row["key"]), sheet=0),
    )
    known, reported = page.city.indicators.with_journal(view.selection)
    st.caption(
        say(
            "{known} of the {reported} matters reported in the period have a journal.",
            known=say.exact(known),
            reported=say.exact(reported),
        )
    )


def chosen(page: Page) -> Definition:
    """The indicator looked at, and the control that chooses it."""
    names = {key: page.say(one.name) for key, one in DEFINITIONS.items()}
    return DEFINITIONS[
        controls.choose(page, "indicator", names, label=page.say("Indicator"), menu=300)
    ]


def words(page: Page, one: Definition) -> None:
    """What the indicator is: its two parts, what is left out, over which matters it is counted."""
    say = page.say
    told = {
        say("Counted"): say(one.numerator, **VALUES),
        say("Of"): say(one.denominator, **VALUES),
        say("Left out"): say(one.excluded, **VALUES) if one.excluded else say("nothing"),
        say("Counted over"): _basis(one, say),
        say("Grids"): counted_by(page),
        say("Good is"): say("a high share") if one.better == "high" else say("a low share"),
    }
    for name, text in told.items():
        with st.container(horizontal=True, gap="small"):
            st.markdown(f"**{name}**")
            st.text(text)


def places(page: Page, one: Definition) -> None:
    """The places below, highest first, each with its interval; a click opens one."""
    level = level_of(page.view.area).below  # of a grid: itself
    Board(page, "indicators").bars(
        page.city.figures.get(one.key),
        level,
        key="places",
        nothing=page.say(
            "Nothing to count here in this period. Choose a longer one, or a larger place."
        ),
    )


def matters(page: Page, one: Definition) -> None:
    """The matters behind the indicator, the latest first; a row opens one."""
    say, view = page.say, page.view
    st.subheader(say("The matters behind it"))
    if page.user is None or page.user.role is UserRole.PUBLIC:
        signin.ask(page.city, say=say)
        return
    names: dict[str, str] = {part: say(name) for part, name in PART_NAMES.items()}
    part: Any = controls.choose(page, "part", names, label=say("Which matters"))
    total = len(page.city.indicators.ids(one.key, part, view.selection))
    if not total:
        st.text(say("No matter belongs here."))
        return
    sheet = controls.sheet(page, total, rows=MOST_MATTERS)
    found = page.city.indicators.matters(
        one.key, part, view.selection, limit=MOST_MATTERS, offset=sheet * MOST_MATTERS
    )
    matterlist.show(page, found, key=f"members.{one.key}.{part}.{sheet}")


def _bar(label: str) -> Any:
    return st.column_config.ProgressColumn(
        label, format="%.1f%%", min_value=0, max_value=100
    )


def _change(now: float, before: float, say: Words) -> str:
    if not math.isfinite(now) or not math.isfinite(before):
        return NONE
    points = f"{now - before:+.1f}"
    sign = {"+": "▲ ", "-": "▼ "}[points[0]] if points[1:].strip("0.") else ""
    return say("{points} pt", points=f"{sign}{points}" if sign else points[1:])


def _basis(one: Definition, say: Words) -> str:
    return say("matters with a journal") if one.journal else say("all matters")
