"""The headquarters on a page: the daily clearing of every unit, what is late and with whom, the morning briefing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.calendar import TIME_ZONE
from gridmap.city.headquarters.headquarters import QUEUE
from gridmap.insight.clearing import PARTS
from gridmap.model import Level
from gridmap.reports import briefing as printed
from gridmap.ui import charts, clocks, controls, drill, exports, measures, session, tables
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.ui.session import Key
from gridmap.words import NONE, mark

KEY = "headquarters"
MOST_LATE = 200
MAP_HEIGHT = "max(22rem, calc(100vh - 17rem))"
LATE_WITH = f"{KEY}.late_with"
PART_NAMES = {
    "carried_in": mark("Carried in"),
    "new": mark("New"),
    "closed": mark("Done with"),
    "passed_on": mark("of these passed on"),
    "carried_out": mark("Carried out"),
}
KINDS = {**terms.OFFICE_KINDS, QUEUE: mark("Dispatcher's queue")}


def parts(page: Page) -> str:
    """Which part of the page is open; beside it, the way to the wall."""
    say = page.say
    names = {"clearing": say("Daily clearing"), "late": say("What is late"), "briefing": say("Morning briefing")}
    with st.container(horizontal=True, vertical_alignment="center", key="parts"):
        part = st.segmented_control(
            say("Part of the page"), list(names), default="clearing", required=True, format_func=names.__getitem__,
            key=f"{KEY}.part", label_visibility="collapsed", persist_state="page",
        )  # fmt: skip
        st.space("stretch")
        st.button(
            say("Full screen"),
            icon=":material/fullscreen:",
            type="tertiary",
            on_click=session.change,
            kwargs={"screen": "wall"},
        )
    return str(part)


def show(page: Page, part: str) -> None:
    """The part chosen."""
    {"clearing": clearing, "late": late, "briefing": briefing}[part](page)


# daily clearing


def clearing(page: Page) -> None:
    """The units of the place on a day, the two weeks up to it, and the matters behind a number."""
    say, rooms, area = page.say, page.city.headquarters, page.view.area
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        day = _day(page)
        kind = _kind(page)
    table = rooms.clearing(area, day, page.lang)
    table = table if kind == "" else table[table["kind"] == kind].reset_index(drop=True)
    left, right = st.columns([2.2, 1])
    with left:
        if table.empty:
            st.text(say("No unit held a matter on this day. Choose another day, or a larger place in the side bar."))
        else:
            _units(page, table, day)
    with right:
        _course(page, rooms.days(area, day), day)
    if not table.empty:
        _behind(page, table, day)


def _day(page: Page) -> date:
    today = page.city.today
    first = page.city.first_day or today
    found = st.date_input(
        page.say("Day"), value=today, min_value=min(first, today), max_value=today, key=f"{KEY}.day", format="YYYY-MM-DD",
        label_visibility="collapsed", width=150,
    )  # fmt: skip
    return found if isinstance(found, date) else today


def _kind(page: Page) -> str:
    names = {"": page.say("All units"), **{kind: page.say(KINDS[kind]) for kind in page.city.headquarters.kinds()}}
    found = st.selectbox(
        page.say("Kind of unit"), list(names), format_func=names.__getitem__, key=f"{KEY}.kind", width=220,
        label_visibility="collapsed",
    )  # fmt: skip
    return str(found or "")


def _units(page: Page, table: pd.DataFrame, day: date) -> None:
    say = page.say
    shown = table.assign(kind=[say(KINDS[kind]) for kind in table["kind"]], oldest=_times(table["oldest_at"]))
    columns: dict[str, Any] = {
        "name": tables.text(say("Unit"), width=190),
        **{part: tables.count(say(PART_NAMES[part])) for part in PARTS},
        "oldest": tables.moment(say("Oldest of these reported"), width=118),
        "phone": tables.text(say("Duty telephone")),
        "kind": tables.text(say("Kind of unit")),
    }
    tables.show(shown, columns, key=f"{KEY}.units.{day}", say=say, height=430, on_pick=_pick, offer=False)
    exports.offer(page, shown.assign(oldest=shown["oldest"].dt.strftime("%Y-%m-%d %H:%M")), columns, key="clearing")
    st.caption(
        say("Carried in + new − done with = carried out, for every unit and day. A click on a row shows its matters.")
    )


def _pick(row: dict[str, Any]) -> None:
    st.session_state[Key.UNIT] = int(row["unit"])


def _course(page: Page, days: pd.DataFrame, day: date) -> None:
    say = page.say
    last = days.iloc[-1]
    st.text(
        say(
            "The whole of {place} on {day}: {carried_in} carried in, {new} new, {closed} closed, {carried_out} carried out.",
            place=page.place, day=say.day(day), **{part: say.exact(int(last[part])) for part in PARTS},
        )
    )  # fmt: skip
    told = days.melt("day", ["new", "closed", "carried_out"], "part", "value")
    told = told.assign(name=[say(PART_NAMES[part]) if part != "closed" else say("Closed") for part in told["part"]])
    charts.show(
        charts.lines(told, unit=say("matters")), days, key=f"{KEY}.days", say=say,
        alt_text=say("New, closed and carried out on the last 14 days"),
    )  # fmt: skip


def _behind(page: Page, table: pd.DataFrame, day: date) -> None:
    """The matters behind a number of one unit, or of all shown."""
    say = page.say
    names = {
        -1: say("The whole of {place}", place=page.place),
        **dict(zip(table["unit"].tolist(), table["name"], strict=True)),
    }
    chosen = st.session_state.get(Key.UNIT, -1)
    st.session_state[f"{KEY}.unit"] = chosen if chosen in names else -1
    with st.container(horizontal=True, vertical_alignment="center"):
        unit = st.selectbox(
            say("Unit"), list(names), format_func=names.__getitem__, key=f"{KEY}.unit", width=360,
            label_visibility="collapsed", on_change=_take_unit,
        )  # fmt: skip
        part = st.segmented_control(
            say("Which matters"), list(PARTS), default="carried_out", required=True, key=f"{KEY}.which",
            format_func=lambda name: say(PART_NAMES[name]), label_visibility="collapsed",
        )  # fmt: skip
    found = page.city.headquarters.matters(page.view.area, day, part, None if unit == -1 else [int(unit or 0)])
    st.subheader(say.plural("{n} matter", "{n} matters", len(found)))
    if found.empty:
        st.text(say("No matter here. Choose another number of the table."))
        return
    left, right = st.columns([1, 1.9])
    with left:
        level = controls.level(page, usual=Level.TOWNSHIP if page.view.area_level < Level.TOWNSHIP else None, menu=130)
        layer = measures.matters(page, level, found["matter"], title=say(PART_NAMES[part]))
        drill.show_map(page, layer, key=f"{KEY}.behind", height="max(20rem, calc(100vh - 24rem))")
    with right:
        matterlist.show(page, found, key=f"{KEY}.matters.{day}.{unit}.{part}", height=520)


def _take_unit() -> None:
    st.session_state[Key.UNIT] = st.session_state[f"{KEY}.unit"]


# what is late


def late(page: Page) -> None:
    """Where it is late, with whom, and the matters with whom to ring."""
    say, rooms, area = page.say, page.city.headquarters, page.view.area
    units = rooms.late_units(area, page.lang)
    if units.empty:
        st.text(say("Nothing is late in {place}.", place=page.place))
        return
    rows = {(int(row["unit"]), bool(row["verify"])): row for row in units.to_dict("records")}
    chosen = st.session_state.get(LATE_WITH)
    chosen = chosen if chosen in rows else None
    total = int(rows[chosen]["late"] if chosen else units["late"].sum())
    found = rooms.late(area, page.lang, limit=MOST_LATE, unit=chosen)
    left, right = st.columns([1, 1])
    with left:
        level = controls.level(page)
        if chosen:
            layer = measures.matters(page, level, found["matter"], title=say("Late now"))
        else:
            layer = late_layer(page, level)
        drill.show_map(page, layer, key="late", height=MAP_HEIGHT)
    with right:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(say.plural("{n} matter is late", "{n} matters are late", total))
            if chosen:
                st.button(
                    say("Show all units"), key=f"{KEY}.all_units", type="tertiary", on_click=_late_with, args=(None,)
                )
        _late_units(page, units)
    shown = matterlist.shown(page, found).assign(
        unit_name=found["unit_name"],
        person=[page.person(user) or NONE for user in found["responsible"]],
        phone=found["phone"],
    )
    heads = matterlist.columns(page)
    columns = {name: heads[name] for name in ("left", "due", "what", "where", "state")} | {
        "unit_name": tables.text(say("Unit"), width=210),
        "person": tables.text(say("Responsible")),
        "phone": tables.text(say("Duty telephone")),
        "number": heads["number"],
    }
    tables.show(
        shown, columns, key=f"{KEY}.late.{area}", say=say, on_pick=lambda row: session.open_matter(int(row["matter"])), offer=False,
        height=matterlist.HEAD_PX + matterlist.ROW_PX * min(len(shown), 15),
    )  # fmt: skip
    exports.offer(page, shown.assign(due=shown["due"].dt.strftime("%Y-%m-%d %H:%M")), columns, key="late")
    if total > len(found):
        st.caption(say("The first {n} of {total}.", n=len(found), total=say.exact(total)))


def _late_with(row: dict[str, Any] | None) -> None:
    """Whose late matters map and list show: a row of the units, or all."""
    st.session_state[LATE_WITH] = (int(row["unit"]), bool(row["verify"])) if row else None


def late_layer(page: Page, level: Level, *, wall: bool = False) -> MapLayer:
    """Where matters are late now."""
    places = page.city.headquarters.late_places(page.view.area, level)
    return measures.counted(
        page, level, places["code"], places["late"].to_numpy(float), title=page.say("Late now"), unit=page.say("matters"),
        wall=wall,
    )  # fmt: skip


def _late_units(page: Page, units: pd.DataFrame) -> None:
    say, now = page.say, page.city.now_s
    shown = units.assign(
        since=[clocks.left(int(due), now, say) for due in units["oldest_due"]],
        whose=[say("To be verified") if verify else say("With the unit") for verify in units["verify"]],
    )
    columns = {
        "name": tables.text(say("Unit"), width=200),
        "late": tables.count(say("Late")),
        "since": tables.text(say("Longest")),
        "whose": tables.text(say("Whose move")),
        "phone": tables.text(say("Duty telephone")),
    }
    tables.show(shown, columns, key=f"{KEY}.late_units", say=say, height=400, offer=False, on_pick=_late_with)
    exports.offer(page, shown, columns, key="late-units")


# morning briefing


def briefing(page: Page) -> None:
    """The briefing as it will be printed, and the printed page."""
    say = page.say
    told = page.city.briefing.of(page.view.area, page.lang)
    st.download_button(
        say("Print: one page as PDF"), data=lambda: printed.pdf(told, say), file_name=f"gridmap-briefing-{told.day}.pdf",
        mime="application/pdf", key=f"{KEY}.pdf", icon=":material/print:", type="primary", on_click="ignore",
    )  # fmt: skip
    for start in range(0, len(told.lines), 3):
        for column, line in zip(st.columns(3), told.lines[start : start + 3], strict=False):
            change = None if line.before < 0 else say("the day before: {n}", n=say.exact(line.before))
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
            say("More often than usual yesterday: {what}: {count}, usually {usual} a day", what=row["what"],
                count=say.exact(row["count"]), usual=say.exact(row["usual"], 1))
        )  # fmt: skip
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
        lateness=[printed.lateness(row, told.at, say).replace("\n", " · ") for row in told.late.to_dict("records")],
        person=[page.person(user) or NONE for user in told.late["responsible"]],
    )
    columns = {
        "what": tables.text(say("Category"), width=160), "where": tables.text(say("Place"), width=270),
        "lateness": tables.text(say("Late"), width=160), "unit_name": tables.text(say("Unit"), width=190),
        "person": tables.text(say("Responsible"), width=95), "phone": tables.text(say("Duty telephone"), width=100),
        "number": tables.text(say("Case number")),
    }  # fmt: skip
    tables.show(
        rows,
        columns,
        key=f"{KEY}.ten",
        say=say,
        on_pick=lambda row: session.open_matter(int(row["matter"])),
        offer=False,
    )
    exports.offer(page, rows, columns, key="briefing")


def _times(seconds: pd.Series) -> pd.Series:
    return pd.to_datetime(seconds.where(seconds > 0), unit="s", utc=True).dt.tz_convert(TIME_ZONE)
