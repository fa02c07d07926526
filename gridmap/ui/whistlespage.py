"""The whistle ladder on a page: where matters are solved, how long they travel up, ratings, hand-offs that go wrong."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.calendar import TIME_ZONE
from gridmap.city.ladder import BYS as BYS_OF_ROOM
from gridmap.city.ladder import By
from gridmap.insight.ladder import LEVELS
from gridmap.model import Level
from gridmap.ui import charts, controls, drill, exports, matterlist, measures, session, tables
from gridmap.ui.frame import Page
from gridmap.words import NONE, Words, mark

KEY = "whistles"
NAMES = {
    "village": mark("Village level"), "township": mark("Township level"), "county": mark("County level"), "city": mark("City level"),
}  # fmt: skip
BYS = {"": mark("All together"), "county": mark("By county"), "category": mark("By category")}
HOUR_S = 3600.0


def parts(page: Page) -> str:
    """Which part of the page is open."""
    say = page.say
    names = {"ladder": say("Ladder"), "pingpong": say("Back and forth"), "unclocked": say("Without a clock")}
    return str(
        st.segmented_control(
            say("Part of the page"), list(names), default="ladder", required=True, format_func=names.__getitem__,
            key=f"{KEY}.part", label_visibility="collapsed", persist_state="page",
        )
    )  # fmt: skip


def show(page: Page, part: str) -> None:
    """The part chosen."""
    {"ladder": ladder, "pingpong": pingpong, "unclocked": unclocked}[part](page)


def ladder(page: Page) -> None:
    """Shares solved at each level, times up each rung, what lies behind a row."""
    say, rooms, chosen = page.say, page.city.ladder, page.view.selection
    names = {key: say(words) for key, words in BYS.items()}
    chosen_by = st.segmented_control(
        say("Grouped"), list(names), default="", required=True, format_func=names.__getitem__, key=f"{KEY}.by",
        label_visibility="collapsed", persist_state="page",
    )  # fmt: skip
    by: By = next((one for one in BYS_OF_ROOM if one == chosen_by), "")
    levels, rungs = rooms.levels(chosen, by, page.lang), rooms.rungs(chosen, by, page.lang)
    if levels.empty and rungs.empty:
        st.text(say("Nothing was closed and nobody whistled in this period. Choose a longer one, or a larger place."))
        return
    left, right = st.columns([1.15, 1])
    with left:
        level = controls.level(page, usual=Level.TOWNSHIP if page.view.area_level < Level.TOWNSHIP else None)
        places = rooms.by_place(chosen, level)
        layer = measures.counted(
            page, level, places["code"], places["whistles"].to_numpy(float), title=say("Whistles"), unit=say("whistles")
        )
        drill.show_map(page, layer, key=KEY, height="max(20rem, calc(100vh - 20rem))")
    with right:
        st.subheader(say("Solved at each level"))
        _levels(page, levels, grouped=bool(by))
        _ratings(page)
    st.subheader(say("Time up each rung"))
    _rungs(page, rungs, grouped=bool(by))
    _distribution(page)


def _levels(page: Page, table: pd.DataFrame, *, grouped: bool) -> None:
    say = page.say
    if table.empty:
        st.text(say("Nothing was closed in this period."))
        return
    shares = {f"{level}_share": 100.0 * table[level] / table["closed"] for level in LEVELS}
    columns: dict[str, Any] = {"name": tables.text(say("Group"))} if grouped else {}
    for level in LEVELS:
        columns |= {level: tables.count(say(NAMES[level])), f"{level}_share": tables.share(say("Share"))}
    columns["closed"] = tables.count(say("Closed"))
    shown = table.assign(**shares)
    if not grouped:  # one group reads better downwards
        shown = pd.DataFrame(
            {
                "level": list(LEVELS), "name": [say(NAMES[level]) for level in LEVELS],
                "closed": [int(table[level].iloc[0]) for level in LEVELS],
                "share": [float(shares[f"{level}_share"].iloc[0]) for level in LEVELS],
            }
        )  # fmt: skip
        columns = {
            "name": tables.text(say("Level")),
            "closed": tables.count(say("Closed")),
            "share": tables.share(say("Share")),
        }
    on_pick = None if grouped else lambda row: _pick("level", str(row["level"]))
    tables.show(shown, columns, key=f"{KEY}.levels.{grouped}", say=say, on_pick=on_pick, offer=False)
    exports.offer(page, shown, columns, key="levels")
    picked = st.session_state.get(f"{KEY}.picked")
    if not grouped and picked and picked[0] == "level":
        _behind(page, page.city.ladder.solved_at(page.view.selection, picked[1]), say(NAMES[picked[1]]))


def _ratings(page: Page) -> None:
    say = page.say
    counts = page.city.ladder.ratings(page.view.selection)
    rated = sum(counts.values())
    if rated:
        told = [say("{stars} of 5: {n}", stars=stars, n=say.exact(n)) for stars, n in reversed(counts.items())]
        st.text(say("{n} answers rated by who had whistled. {list}", n=say.exact(rated), list=say.listing(told)))


def _rungs(page: Page, table: pd.DataFrame, *, grouped: bool) -> None:
    say = page.say
    if table.empty:
        st.text(say("Nobody whistled in this period."))
        return
    shown = table.assign(
        rung=[rung(row["lower"], row["upper"], say) for row in table.to_dict("records")],
        on_time=[say.share(a, b) for a, b in zip(table["in_time"], table["due"], strict=True)],
        fit=[say.share(a, b) for a, b in zip(table["apt"], table["judged"], strict=True)],
        stars=[
            NONE if math.isnan(mean) else f"{mean:.1f} ({n})"
            for mean, n in zip(table["rating"], table["rated"], strict=True)
        ],
        **{name.removesuffix("_s") + "_h": table[name] / HOUR_S for name in table.columns if name.endswith("_s")},
    )
    columns: dict[str, Any] = {"name": tables.text(say("Group"))} if grouped else {}
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
    on_pick = lambda row: _pick("rung", f"{row['lower']}>{row['upper']}")  # noqa: E731
    tables.show(shown, columns, key=f"{KEY}.rungs.{grouped}", say=say, on_pick=on_pick, offer=False)
    exports.offer(page, shown, columns, key="rungs")
    st.caption(
        say(
            "Hours of the clock on the wall. Half took at most the median, nine of ten at most the 90 %. A click on a row shows its matters."
        )
    )
    picked = st.session_state.get(f"{KEY}.picked")
    if picked and picked[0] == "rung":
        lower, upper = picked[1].split(">")
        _behind(page, page.city.ladder.whistled(page.view.selection, lower, upper), rung(lower, upper, say))


def _pick(kind: str, what: str) -> None:
    st.session_state[f"{KEY}.picked"] = (kind, what)


def _behind(page: Page, found: pd.DataFrame, name: str) -> None:
    st.text(page.say.plural("{name}: {n} matter", "{name}: {n} matters", len(found), name=name))
    if not found.empty:
        matterlist.show(page, found, key=f"{KEY}.behind", height=320)


def _distribution(page: Page) -> None:
    """How the times up each rung are spread."""
    say = page.say
    times = page.city.ladder.times(page.view.selection)
    if times.empty:
        return
    told = times.assign(
        hours=times["travel_s"] / HOUR_S,
        rung=[rung(lower, upper, say) for lower, upper in zip(times["lower"], times["upper"], strict=True)],
    )
    charts.show(
        charts.spread(told, unit=say("hours from the coming to the lower desk to the answer of the upper one"), say=say),
        told[["rung", "travel_s", "answer_s"]], key=f"{KEY}.times", say=say, alt_text=say("How the times up each rung are spread"),
    )  # fmt: skip


def rung(lower: str, upper: str, say: Words) -> str:
    """A rung in words."""
    return say("{lower} → {upper}", lower=say(NAMES[lower]), upper=say(NAMES[upper]))


def pingpong(page: Page) -> None:
    """Matters that went back and forth between two desks."""
    say = page.say
    names = {1: say("at least once"), 2: say("at least twice"), 3: say("at least three times")}
    fewest = st.segmented_control(
        say("Came back"), list(names), default=1, required=True, format_func=names.__getitem__, key=f"{KEY}.fewest", persist_state="page",
    )  # fmt: skip
    found = page.city.ladder.pingpong(page.view.selection, page.lang, fewest=int(fewest or 1))
    if found.empty:
        st.text(say("No matter handed on in this period came back so often between two desks."))
        return
    st.text(say.plural("{n} matter came back between two desks", "{n} matters came back between two desks", len(found)))
    shown = found.assign(last=_times(found["last_at"]))
    columns = {
        "number": tables.text(say("Case number")), "returns": tables.count(say("Returns")),
        "office_name": tables.text(say("One desk"), width=260), "other_name": tables.text(say("Other desk"), width=260),
        "last": tables.moment(say("Last return")),
    }  # fmt: skip
    tables.show(shown, columns, key=f"{KEY}.pingpong", say=say, on_pick=_open, offer=False)
    exports.offer(page, shown.assign(last=shown["last"].dt.strftime("%Y-%m-%d %H:%M")), columns, key="back-and-forth")
    st.caption(
        say(
            "A matter sent on that comes back to the desk that sent it has returned once. A click on a row opens its matter."
        )
    )


def unclocked(page: Page) -> None:
    """Hand-offs after which no limit ran."""
    say = page.say
    found = page.city.ladder.unclocked(page.view.selection, page.lang)
    if found.empty:
        st.text(say("After every hand-off of this period a limit ran."))
        st.caption(
            say(
                "A hand-off lacks a clock where neither the step nor the category has a limit; limits are set under Administration."
            )
        )
        return
    shown = found.assign(
        at=_times(found["since"]),
        still=[say("lies there still") if not until else say("gone on") for until in found["until"]],
    )
    columns = {
        "number": tables.text(say("Case number")), "from_name": tables.text(say("Handed on by"), width=260),
        "office_name": tables.text(say("Came to"), width=260), "at": tables.moment(say("When")), "still": tables.text(say("Now")),
    }  # fmt: skip
    tables.show(shown, columns, key=f"{KEY}.unclocked", say=say, on_pick=_open, offer=False)
    exports.offer(page, shown.assign(at=shown["at"].dt.strftime("%Y-%m-%d %H:%M")), columns, key="without-a-clock")


def _open(row: dict[str, Any]) -> None:
    session.open_matter(int(row["matter"]))


def _times(seconds: pd.Series) -> pd.Series:
    return pd.to_datetime(seconds, unit="s", utc=True).dt.tz_convert(TIME_ZONE)
