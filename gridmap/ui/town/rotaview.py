"""The rota of a centre on a page: today's windows by platform, presence by a click, the
week, the plan.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.store.town.windows import ROTATING
from gridmap.ui import editing, refusals, signin, tables
from gridmap.ui.frame import Page
from gridmap.words import Words, mark, plain

HERE, MISSING, AWAY, COMING = "✓", "▲", "—", "○"
"""Marks of a window: manned, without its unit, not on duty, on duty later; each stands
beside its words.
"""
WEEKDAYS = {
    1: mark("Monday"),
    2: mark("Tuesday"),
    3: mark("Wednesday"),
    4: mark("Thursday"),
    5: mark("Friday"),
    6: mark("Saturday"),
    7: mark("Sunday"),
}
COLUMNS_OF_PLATFORMS = 4


def today(page: Page, office: int) -> None:
    """Today's windows of a centre, a box a platform; who may notes presence by a click."""
    say, city = page.say, page.city
    table = city.windows.rota(office, city.today, page.lang)
    if table.empty:
        st.text(say("No windows are planned for this centre yet."))
        return
    st.markdown(
        plain(sentence(table, say))
        if not table["missing"].any()
        else f"**{plain(sentence(table, say))}**"
    )
    may, usual = city.windows.may_note(page.actor, office), city.windows.usual(office)
    st.html("<style>[class*='st-key-rota-window-'] { flex-wrap: nowrap; }</style>")
    columns, filled = st.columns(COLUMNS_OF_PLATFORMS), [0] * COLUMNS_OF_PLATFORMS
    for platform, rows in table.groupby("platform", sort=False):
        emptiest = filled.index(min(filled))
        filled[emptiest] += len(rows) + 1
        with columns[emptiest], st.container(border=True, gap="xxsmall"):
            st.markdown(f"**{plain(str(platform))}**")
            for row in rows.to_dict("records"):
                _window(page, row, may=may, usual=usual.get(int(row["window"]), ""))
    if may:
        _put_right(page, table)


def sentence(table: pd.DataFrame, say: Words) -> str:
    """How a centre is manned, in one sentence; `table` as `city.windows.rota`."""
    on_duty, lacking = int(table["on_duty"].sum()), int(table["missing"].sum())
    present = int((table["on_duty"] & (table["person"] != "")).sum())
    told = say(
        "{present} of {on_duty} windows on duty today are manned",
        present=present,
        on_duty=on_duty,
    )
    if not lacking:
        return told
    return told + say(
        "; without their unit: {units}",
        units=say.listing(table.loc[table["missing"], "unit"].astype(str).tolist()),
    )


def state(row: dict[Any, Any], say: Words) -> str:
    """Mark and words of a window."""
    if row["person"]:
        return say(
            "{mark} here since {time}: {person}",
            mark=HERE,
            time=_hour(row["present_at"], say),
            person=signin.person(row["person"], say),
        )
    if row["missing"]:
        return say("{mark} the unit is missing", mark=MISSING)
    return (
        say("{mark} expected", mark=COMING)
        if row["on_duty"]
        else say("{mark} not on duty", mark=AWAY)
    )


def _hour(seconds: int, say: Words) -> str:
    return say.time(seconds)[-5:]


def _window(page: Page, row: dict[Any, Any], *, may: bool, usual: str) -> None:
    say, number = page.say, int(row["window"])
    unit = plain(row["unit"])
    if row["kind"] == ROTATING:
        unit += f" · {plain(say(terms.WINDOW_KINDS[ROTATING]))}"
    told = (unit, plain(state(row, say)))
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        key=f"rota.window.{number}",
    ):
        st.markdown(
            "  \n".join(f"**{line}**" if row["missing"] else line for line in told),
            width="stretch",
        )
        with refusals.caught(page):
            if (
                may
                and row["on_duty"]
                and not row["person"]
                and st.button(say("Is here"), key=f"rota.here.{number}")
            ):
                page.city.windows.note_presence(
                    page.actor, number, usual or str(row["unit"])
                )
                st.rerun()
            if (
                may
                and row["person"]
                and st.button(say("Take back"), key=f"rota.back.{number}", type="tertiary")
            ):
                page.city.windows.withdraw_presence(page.actor, number)
                st.rerun()


def _put_right(page: Page, table: pd.DataFrame) -> None:
    say = page.say
    names = {
        int(row["window"]): f"{row['platform']} · {row['unit']}"
        for row in table.to_dict("records")
    }
    with (
        st.form("rota.name", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        window = st.selectbox(
            say("Window"),
            list(names),
            format_func=names.__getitem__,
            key="rota.name.window",
        )
        person = st.text_input(say("Who is there"), max_chars=40, key="rota.name.person")
        sent = st.form_submit_button(say("Note the name"))
    if sent and window:
        with refusals.caught(page):
            page.city.windows.note_presence(page.actor, int(window), person)
            st.rerun()


def week(page: Page, office: int) -> None:
    """The week of today as a calendar: a row a window, a column a day, each with mark and words."""
    say, city = page.say, page.city
    found = city.windows.week(office, city.today, page.lang)
    if found.empty:
        return
    days = sorted(set(found["day"]))
    found["told"] = [_in_week(row, city.today, say) for row in found.to_dict("records")]
    table = found.pivot_table(
        index="window", columns="day", values="told", aggfunc="first", sort=False
    )
    names = found.drop_duplicates("window").set_index("window")
    table.insert(0, "platform", names["platform"])
    table.insert(1, "unit", names["unit"])
    table.insert(2, "kind", [say(terms.WINDOW_KINDS[kind]) for kind in names["kind"]])
    table.columns = [
        column.isoformat() if isinstance(column, date) else column
        for column in table.columns
    ]
    st.subheader(say("This week"))
    tables.show(
        table.reset_index(drop=True),
        {
            "platform": tables.text(),
            "unit": tables.text(),
            "kind": tables.text(),
            **{
                day.isoformat(): tables.text(
                    f"{say(WEEKDAYS[day.isoweekday()])} {day:%m-%d}"
                )
                for day in days
            },
        },
        key=f"rota.week.{office}",
        say=say,
        height=38 + 35 * min(len(table), 24),
    )


def _in_week(row: dict[Any, Any], today_: date, say: Words) -> str:
    if row["person"]:
        return f"{HERE} {signin.person(row['person'], say)}"
    if not row["on_duty"]:
        return AWAY
    coming = row["day"] >= today_ and not row["missing"]
    words = say("on duty") if coming else say("missing")
    return f"{COMING if coming else MISSING} {words}"


def plan(page: Page, office: int) -> None:
    """The plan of windows, to be changed by who may."""
    say, city = page.say, page.city
    if not city.windows.may_plan(page.actor, office):
        return
    kinds = {kind: say(words) for kind, words in terms.WINDOW_KINDS.items()}
    days = {str(day): say(words) for day, words in WEEKDAYS.items()}
    columns: dict[str, Any] = {
        "platform": st.column_config.TextColumn(required=True),
        "unit": st.column_config.TextColumn(required=True),
        "platform_en": st.column_config.TextColumn(),
        "unit_en": st.column_config.TextColumn(),
        "kind": editing.choice(kinds, required=True),
        "weekdays": editing.choices(days),
    }
    with st.expander(say("Change the plan of windows")):
        seen = editing.begun(page, city.windows.plan(office), key=f"rota.plan.{office}")
        table = seen.copy()
        table["weekdays"] = [[str(day) for day in days] for days in table["weekdays"]]
        edited = editing.table(table, columns, key=f"rota.plan.{office}", height=420)
        if st.button(say("Save the plan"), key="rota.plan.save", type="primary"):
            with refusals.caught(page):
                city.windows.save_plan(page.actor, office, edited, seen=seen)
                editing.saved(say("The plan of windows has been saved."))
