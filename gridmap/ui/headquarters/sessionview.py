"""One session: its minutes, the matters judged together, orders given, and how it ends."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
import streamlit as st

from gridmap.cases.records.record import Order
from gridmap.cases.sessions import MATTER, MATTERS, STATES, Act, Session, State
from gridmap.city.flow.matters import MatterFilter
from gridmap.city.headquarters.sessions import Minutes
from gridmap.reports import minutes
from gridmap.ui import session, tables
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import sessionorders
from gridmap.ui.records import form
from gridmap.ui.records.form import Asking
from gridmap.words import mark, plain

KEY = "sessions"
OFFERED = 100
"""Matters offered for a list: the late ones and those under supervision."""


def show(page: Page, record: Minutes) -> None:
    """One session: head, minutes, list, orders, and what its leader can do."""
    head, rooms = record.head, page.city.sessions
    left, right = st.columns([2.2, 1])
    with left:
        _head(page, head)
    with right:
        _minutes(page, record)
    possible = rooms.possible(page.actor, head.id)
    form.explain(page, rooms, head, possible)
    _judged(page, record, possible)
    _given(page, record)
    if Act.CLOSE in possible:
        closing, adjourning = st.columns([1.4, 1])
        with closing:
            form.move(page, rooms, head, Act.CLOSE, PLAIN)
        with adjourning:
            form.move(page, rooms, head, Act.ADJOURN, PLAIN)
    if Act.RESUME in possible:
        form.move(page, rooms, head, Act.RESUME, PLAIN)
    _lines(page, record)


def _head(page: Page, head: Session) -> None:
    """What it is about, how it stands, and what was decided."""
    say = page.say
    st.markdown(f"**{plain(head.title)}**")
    stands = say(
        "{state} · opened {time} by {person} · present: {roles}",
        state=say(STATES[head.state]),
        time=say.moment(head.opened_at),
        person=page.person(head.opened_by),
        roles=say.listing(list(head.roles)),
    )
    st.caption(plain(stands))
    if head.state is State.ADJOURNED:
        st.text(say("Goes on at {time}.", time=say.moment(head.resumes_at)))
    if head.decision:
        st.text(say("Decision: {words}", words=head.decision))


def _minutes(page: Page, record: Minutes) -> None:
    """The minutes, to be printed."""
    head = record.head
    ends = [head.opened_by, head.closed_by]
    people = page.city.people.names(
        [*ends, *record.lines["by"], *record.tasks["answered_by"]]
    )
    place = page.name(head.area)
    st.download_button(
        page.say("Minutes as PDF"),
        data=lambda: minutes.pdf(record, page.say, people=people, place=place),
        file_name=f"gridmap-minutes-{head.id}.pdf",
        mime="application/pdf",
        key=f"{KEY}.minutes",
        icon=":material/print:",
        on_click="ignore",
    )


def _lines(page: Page, record: Minutes) -> None:
    """The record of session and orders, line by line."""
    say = page.say
    matters = record.matters
    numbers = dict(zip(matters["matter"].tolist(), matters["number"], strict=True))
    with st.expander(say("Record, line by line")):
        for row in record.lines.to_dict("records"):
            what = say(minutes.line(row["kind"]))
            words = minutes.line_words(row["data"], numbers, say)
            person = page.person(row["by"])
            st.text(f"{say.time(row['at'])}  {person}  {what}  {words}")


def _judged(page: Page, record: Minutes, possible: Collection[str]) -> None:
    """The list with its judgements; who leads puts matters on it, judges and gives orders."""
    say, head = page.say, record.head
    st.subheader(say("Matters judged together"))
    if record.matters.empty:
        st.text(say("No matter is on the list yet."))
    else:
        found = page.city.matters.find(
            MatterFilter(ids=tuple(record.matters["matter"].tolist())), limit=200
        )
        shown = matterlist.shown(page, found).merge(
            record.matters[["matter", "judgement"]], on="matter"
        )
        heads = matterlist.columns(page)
        columns = {
            name: heads[name]
            for name in ("number", "what", "where", "state", "left", "whose")
        }
        columns |= {"judgement": tables.text(width=260)}
        tables.show(
            shown,
            columns,
            key=f"{KEY}.matters.{head.id}",
            say=say,
            offer=False,
            on_pick=lambda row: session.open_matter(int(row["matter"])),
            height=matterlist.HEAD_PX + matterlist.ROW_PX * len(shown),
        )
    picking, judging = st.columns(2)
    if Act.PICK in possible:
        with picking:
            _put_on(page, record)
    if Act.JUDGE in possible:
        with judging:
            _judge(page, record)
    if Act.GIVE in possible:
        sessionorders.give(page, record)


def _put_on(page: Page, record: Minutes) -> None:
    head = record.head
    late = page.city.matters.find(MatterFilter(area=head.area, overdue=True), limit=OFFERED)
    pressed = page.city.matters.find(
        MatterFilter(area=head.area, supervised=True, open_only=True), limit=OFFERED
    )
    offered = pd.concat([late, pressed]).drop_duplicates("matter")
    offered = offered[~offered["matter"].isin(record.matters["matter"])].reset_index(
        drop=True
    )
    shown = matterlist.shown(page, offered)
    names = {
        row["matter"]: " · ".join([row["number"], row["what"], row["left"]])
        for row in shown.to_dict("records")
    }

    def draw(page: Page, _session: Session, key: str) -> None:
        # What was chosen before may have come on the list meanwhile.
        st.session_state[key] = [
            matter for matter in st.session_state.get(key, ()) if matter in names
        ]
        st.multiselect(
            page.say(MATTERS.label),
            list(names),
            format_func=names.__getitem__,
            key=key,
            placeholder=page.say("Choose matters"),
        )

    asking = Asking(draws={"matters": draw}, says=_done)
    form.move(page, page.city.sessions, head, Act.PICK, asking)


def _judge(page: Page, record: Minutes) -> None:
    names = record.numbers

    def draw(page: Page, _session: Session, key: str) -> None:
        st.selectbox(
            page.say(MATTER.label), list(names), format_func=names.__getitem__, key=key
        )

    asking = Asking(draws={"matter": draw}, says=_done)
    form.move(page, page.city.sessions, record.head, Act.JUDGE, asking)


def _given(page: Page, record: Minutes) -> None:
    say = page.say
    st.subheader(say("Tasks given"))
    if record.tasks.empty:
        st.text(say("No task was given."))
        return
    numbers = record.numbers
    sessionorders.listed(page, record.tasks, numbers, key=f"{KEY}.given.{record.head.id}")


def _done(page: Page, order: Order, _number: int) -> str:
    return page.say(DONE[Act(order.act)])


DONE = {
    Act.PICK: mark("Put on the list."),
    Act.JUDGE: mark("The judgement has been noted."),
    Act.CLOSE: mark("The session is closed; its minutes can be printed."),
    Act.ADJOURN: mark("The session is adjourned; nothing of it is lost."),
    Act.RESUME: mark("The session goes on."),
}
PLAIN = Asking(says=_done)
