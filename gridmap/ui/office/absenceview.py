"""Absences: who is away and who stands in for them; noted, and ended early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.ui import notices, refusals, tables
from gridmap.ui.frame import Page
from gridmap.ui.office import userpick


def show(page: Page) -> None:
    """The list, and the form beside it."""
    left, right = st.columns([1.5, 1])
    with left:
        listed(page)
    with right:
        note(page)


def listed(page: Page) -> None:
    """Present and coming absences; one that is chosen can be ended."""
    say = page.say
    found = page.city.absences.listed(userpick.area(page))
    st.subheader(say("Away now or soon"))
    if found.empty:
        st.text(
            say(
                "Nobody is away. Note an absence on the right; the stand-in then acts with "
                "the same rights."
            )
        )
        return
    found = found.assign(
        person=[page.person(int(user)) for user in found["user"]],
        what=[say(terms.USER_ROLES[role]) for role in found["role"]],
        stands_in=[page.person(int(user)) or say("nobody") for user in found["stand_in"]],
        since=tables.moments(found["starts"]),
        until=tables.moments(found["ends"]),
    )
    tables.show(
        found,
        {
            "person": tables.text(say("Name")),
            "what": tables.text(say("Role")),
            "since": tables.moment(say("Away from")),
            "until": tables.moment(say("Away until")),
            "stands_in": tables.text(say("Stand-in")),
            "reason": tables.text(),
        },
        key="absences",
        say=say,
    )
    names = {
        int(row["id"]): say(
            "{person}, from {time}", person=row["person"], time=say.time(row["starts"])
        )
        for row in found.to_dict("records")
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("Absence"), list(names), format_func=names.__getitem__, key="absences.end"
        )
        ended = st.button(say("End it now"), key="absences.end.do")
    if ended and chosen:
        with refusals.caught(page):
            page.city.absences.end(page.actor, int(chosen))
            notices.done(say("The absence has been ended."))


def note(page: Page) -> None:
    """The form for a new absence."""
    say, city = page.say, page.city
    st.subheader(say("Note an absence"))
    user = userpick.show(page, say("Who is away"), key="absence.user")
    stand_in = userpick.show(
        page, say("Who stands in"), key="absence.stand_in", fits=_fits(page, user)
    )
    with st.form("absence.form", border=False):
        left, right = st.columns(2)
        starts = left.date_input(
            page.field("starts"),
            value=city.today,
            min_value=city.today,
            format="YYYY-MM-DD",
            key="absence.starts",
        )
        ends = right.date_input(
            page.field("ends"),
            value=None,
            min_value=city.today,
            format="YYYY-MM-DD",
            key="absence.ends",
            help=say("Left empty: until further notice."),
        )
        reason = st.text_input(page.field("reason"), max_chars=200, key="absence.reason")
        sent = st.form_submit_button(say("Note the absence"), type="primary")
    if not sent:
        return
    if not user:
        st.error(say("Choose who is away."))
        return
    with refusals.caught(page):
        city.absences.add(
            page.actor,
            user,
            starts=max(_midnight(starts), city.now_s if starts == city.today else 0),
            ends=_midnight(ends + timedelta(days=1)) if ends else 0,
            stand_in=stand_in,
            reason=reason,
        )
        notices.done(say("The absence has been noted."))


def _fits(page: Page, user: int) -> Callable[[pd.DataFrame], pd.Series]:
    def fits(table: pd.DataFrame) -> pd.Series:
        if not user:
            return pd.Series(data=True, index=table.index)
        absent = page.city.people.user(user)
        same_office = (table["office"] == absent.office) & (absent.office != 0)
        return ((table["role"] == absent.role.value) | same_office) & (table["id"] != user)

    return fits


def _midnight(day: date) -> int:
    return to_epoch(datetime(day.year, day.month, day.day, tzinfo=TIME_ZONE))
