"""The whistle ladder: shares solved at each level, times up each rung, ratings, what lies
behind a row.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.headquarters.figures import WHISTLES
from gridmap.city.headquarters.ladder import BYS as BYS_OF_ROOM
from gridmap.city.headquarters.ladder import By
from gridmap.insight.ladder import LEVELS
from gridmap.ui import charts, controls, exports, frame, tables
from gridmap.ui.board import Board, show_matters
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.words import NONE, Words, mark

KEY = "whistles"
PICKED = f"{KEY}.picked"
MAP_HEIGHT = "max(20rem, calc(100vh - 20rem))"
NAMES = {
    "village": mark("Village level"),
    "township": mark("Township level"),
    "county": mark("County level"),
    "city": mark("City level"),
}
BYS = {
    "": mark("All together"),
    "county": mark("By county"),
    "category": mark("By category"),
}
HOUR_S = 3600.0


def ladder(page: Page) -> None:
    """Shares solved at each level, times up each rung, what lies behind a row."""
    say, rooms, chosen = page.say, page.city.ladder, page.view.selection
    names = {key: say(words) for key, words in BYS.items()}
    chosen_by = st.segmented_control(
        say("Grouped"),
        list(names),
        default="",
        required=True,
        format_func=names.__getitem__,
        key=f"{KEY}.by",
        label_visibility="collapsed",
        persist_state="page",
    )
    by: By = next((one for one in BYS_OF_ROOM if one == chosen_by), "")
    levels, rungs = rooms.levels(chosen, by, page.lang), rooms.rungs(chosen, by, page.lang)
    if levels.empty and rungs.empty:
        st.text(
            say(
                "Nothing was closed and nobody whistled in this period. Choose a longer "
                "one, or a larger place."
            )
        )
        return
    picked = st.session_state.get(PICKED)
    if picked and picked[1] != by:
        picked = None
    behind, name = _picked(page, picked) if picked else (None, "")
    left, right = st.columns([1, 1.1] if by else [1.15, 1])
    with left:
        _map(page, behind, name)
    with right:
        st.subheader(say("Solved at each level"))
        _levels(page, levels, by)
        _ratings(page)
    st.subheader(say("Time up each rung"))
    _rungs(page, rungs, by)
    if behind is not None:
        st.text(
            say.plural("{name}: {n} matter", "{name}: {n} matters", len(behind), name=name)
        )
        if not behind.empty:
            matterlist.show(page, behind, key=f"{KEY}.behind", height=320)
    _distribution(page)


def _map(page: Page, behind: pd.DataFrame | None, name: str) -> None:
    """Where whistles were blown, or where the matters of the row picked lie."""
    say = page.say
    with st.container(horizontal=True, vertical_alignment="center"):
        level = controls.matters_level(page)
        if behind is not None:
            st.button(
                say("Show all whistles"),
                key=f"{KEY}.all",
                type="tertiary",
                on_click=_pick,
                args=(None,),
            )
    if behind is None:
        Board(page, KEY).show(WHISTLES, level, height=MAP_HEIGHT)
        return
    show_matters(page, behind["matter"], level, key=KEY, title=name, height=MAP_HEIGHT)


def _picked(page: Page, picked: tuple[Any, ...]) -> tuple[pd.DataFrame, str]:
    """The matters behind a row: closed at a level, or whistled up a rung in one group; and
    what to call them.
    """
    say, rooms, chosen = page.say, page.city.ladder, page.view.selection
    if len(picked) == 3:
        return rooms.solved_at(chosen, picked[2]), say(NAMES[picked[2]])
    _, by, lower, upper, group, named = picked
    name = " · ".join(part for part in (rung(lower, upper, say), named) if part)
    return rooms.whistled(chosen, lower, upper, by=by, group=group), name


def _levels(page: Page, table: pd.DataFrame, by: By) -> None:
    say = page.say
    if table.empty:
        st.text(say("Nothing was closed in this period."))
        return
    shares = {f"{level}_share": 100.0 * table[level] / table["closed"] for level in LEVELS}
    columns: dict[str, Any] = {
        "name": tables.text(say("Group"), width=120),
        "closed": tables.count(say("Closed"), width=62),
    }
    columns |= {
        f"{level}_share": tables.share(say(NAMES[level]), width=90) for level in LEVELS
    }
    shown = table.assign(**shares)
    told = {
        **columns,
        **{level: say("{level}, closed", level=say(NAMES[level])) for level in LEVELS},
    }
    if not by:  # one group reads better downwards
        shown = pd.DataFrame(
            {
                "level": list(LEVELS),
                "name": [say(NAMES[level]) for level in LEVELS],
                "closed": [int(table[level].iloc[0]) for level in LEVELS],
                "share": [float(shares[f"{level}_share"].iloc[0]) for level in LEVELS],
            }
        )
        columns = {
            "name": tables.text(say("Level")),
            "closed": tables.count(say("Closed")),
            "share": tables.share(),
        }
        told = columns

    def take(row: dict[str, Any]) -> None:
        if by == "county":
            frame.open_area(int(row["group"]))
        elif not by:
            _pick(("level", by, str(row["level"])))

    on_pick = None if by == "category" else take
    tables.show(
        shown, columns, key=f"{KEY}.levels.{by}", say=say, on_pick=on_pick, offer=False
    )
    exports.links(exports.under_headings(shown, told), key="levels", say=say)


def _ratings(page: Page) -> None:
    say = page.say
    counts = page.city.ladder.ratings(page.view.selection)
    rated = sum(counts.values())
    if rated:
        told = [
            say("{stars} of 5: {n}", stars=stars, n=say.exact(n))
            for stars, n in reversed(counts.items())
        ]
        st.text(
            say(
                "{n} answers rated by who had whistled. {list}",
                n=say.exact(rated),
                list=say.listing(told),
            )
        )


def _rungs(page: Page, table: pd.DataFrame, by: By) -> None:
    say = page.say
    if table.empty:
        st.text(say("Nobody whistled in this period."))
        return
    shown = table.assign(
        rung=[rung(row["lower"], row["upper"], say) for row in table.to_dict("records")],
        on_time=[
            say.share(a, b) for a, b in zip(table["in_time"], table["due"], strict=True)
        ],
        fit=[say.share(a, b) for a, b in zip(table["apt"], table["judged"], strict=True)],
        stars=[
            NONE if math.isnan(mean) else f"{mean:.1f} ({n})"
            for mean, n in zip(table["rating"], table["rated"], strict=True)
        ],
        **{
            name.removesuffix("_s") + "_h": table[name] / HOUR_S
            for name in table.columns
            if name.endswith("_s")
        },
    )
    columns: dict[str, Any] = {"name": tables.text(say("Group"))} if by else {}
    columns |= {
        "rung": tables.text(say("Rung"), width=200),
        "whistles": tables.count(say("Whistles")),
        "answered": tables.count(say("Answered")),
        "travel_median_h": tables.count(
            say("Travel, median, h"),
            digits=2,
            help=say("From the coming to the lower desk to the answer of the upper one."),
        ),
        "travel_p90_h": tables.count(say("Travel, 90 %, h"), digits=2),
        "answer_median_h": tables.count(
            say("Answer, median, h"), digits=2, help=say("From the whistle to the answer.")
        ),
        "answer_p90_h": tables.count(say("Answer, 90 %, h"), digits=2),
        "on_time": tables.text(say("Answered in time")),
        "fit": tables.text(say("Judged apt")),
        "stars": tables.text(say("Mean rating of 5 (rated)")),
    }

    def take(row: dict[str, Any]) -> None:
        _pick(("rung", by, row["lower"], row["upper"], row["group"], row["name"]))

    tables.show(
        shown, columns, key=f"{KEY}.rungs.{by}", say=say, on_pick=take, file="rungs"
    )
    st.caption(
        say(
            "Hours of the clock on the wall. Half took at most the median, nine of ten at "
            "most the 90 %. A click on a row shows its matters."
        )
    )


def _pick(row: tuple[Any, ...] | None) -> None:
    st.session_state[PICKED] = row


def _distribution(page: Page) -> None:
    """How the times up each rung are spread."""
    say = page.say
    times = page.city.ladder.times(page.view.selection)
    if times.empty:
        return
    told = times.assign(
        hours=times["travel_s"] / HOUR_S,
        rung=[
            rung(lower, upper, say)
            for lower, upper in zip(times["lower"], times["upper"], strict=True)
        ],
    )
    charts.show(
        charts.spread(
            told,
            unit=say(
                "hours from the coming to the lower desk to the answer of the upper one"
            ),
            say=say,
        ),
        told[["rung", "travel_s", "answer_s"]],
        key=f"{KEY}.times",
        say=say,
        alt_text=say("How the times up each rung are spread"),
    )


def rung(lower: str, upper: str, say: Words) -> str:
    """A rung in words."""
    return say("{lower} → {upper}", lower=say(NAMES[lower]), upper=say(NAMES[upper]))
