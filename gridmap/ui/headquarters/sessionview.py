"""One session: its minutes, the matters judged together, tasks given, and how it ends."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap.city.flow.matters import MatterFilter
from gridmap.city.headquarters.sessionrecords import Record
from gridmap.reports import minutes
from gridmap.store.headquarters.sessions import ADJOURNED, OPEN
from gridmap.ui import notices, refusals, session, tables
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import sessiontasks
from gridmap.words import plain

KEY = "sessions"
OFFERED = 100
"""Matters offered for a list: the late ones and those under supervision."""
LONGEST = 2_000


def one(page: Page, record: Record) -> None:
    """One session: head, minutes, list, tasks, and what its leader can do."""
    say, head = page.say, record.head
    leads = page.city.sessions.may_lead(page.actor, head.area)
    left, right = st.columns([2.2, 1])
    with left:
        st.markdown(f"**{plain(head.title)}**")
        st.caption(
            plain(
                say(
                    "{state} · opened {time} by {person} · present: {roles}",
                    state=say(minutes.STATES[head.state]),
                    time=say.moment(head.opened_at),
                    person=page.person(head.opened_by),
                    roles=say.listing(list(head.roles)),
                )
            )
        )
        if head.state == ADJOURNED:
            st.text(say("Goes on at {time}.", time=say.moment(head.resumes_at)))
        if head.decision:
            st.text(say("Decision: {words}", words=head.decision))
    with right:
        people = page.city.people.names(
            [
                head.opened_by,
                head.closed_by,
                *record.lines["by"],
                *record.tasks["answered_by"],
            ]
        )
        st.download_button(
            say("Minutes as PDF"),
            data=lambda: minutes.pdf(
                record, say, people=people, place=page.name(head.area)
            ),
            file_name=f"gridmap-minutes-{head.id}.pdf",
            mime="application/pdf",
            key=f"{KEY}.minutes",
            icon=":material/print:",
            on_click="ignore",
        )
    _judged(page, record, leads=leads and head.state == OPEN)
    _given(page, record)
    if leads and head.state == OPEN:
        _end(page, record)
    if (
        leads
        and head.state == ADJOURNED
        and st.button(say("Resume"), key=f"{KEY}.resume", type="primary")
    ):
        with refusals.caught(page):
            page.city.sessions.resume(page.actor, head.id)
            notices.done(say("The session goes on."))
    with st.expander(say("Record, line by line")):
        numbers = dict(
            zip(record.matters["matter"].tolist(), record.matters["number"], strict=True)
        )
        for row in record.lines.to_dict("records"):
            words = minutes.line_words(row["data"], numbers, say)
            st.text(
                f"{say.time(row['at'])}  {page.person(row['by'])}  "
                f"{say(minutes.LINES.get(row['kind'], row['kind']))}  {words}"
            )


def _judged(page: Page, record: Record, *, leads: bool) -> None:
    """The list with its judgements; who leads puts matters on it, judges and gives tasks."""
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
    if not leads:
        return
    picking, judging = st.columns(2)
    with picking:
        _put_on(page, record)
    if not record.matters.empty:
        with judging:
            _judge(page, record)
        sessiontasks.assign(page, record)


def _put_on(page: Page, record: Record) -> None:
    say, head = page.say, record.head
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
    with st.form(f"{KEY}.pick.{head.id}", border=False):
        chosen = st.multiselect(
            say("Late or supervised matters"),
            list(names),
            format_func=names.__getitem__,
            key=f"{KEY}.picked.{head.id}",
            placeholder=say("Choose matters"),
        )
        number = st.text_input(
            say("or a case number"), key=f"{KEY}.number.{head.id}", max_chars=60
        )
        if st.form_submit_button(say("Put on the list")):
            with refusals.caught(page):
                page.city.sessions.pick(page.actor, head.id, chosen, number=number)
                notices.done(say("Put on the list."))


def _judge(page: Page, record: Record) -> None:
    say, head = page.say, record.head
    names = record.numbers
    shown = dict(
        zip(
            record.matters["matter"].tolist(),
            record.matters["judgement"].tolist(),
            strict=True,
        )
    )
    kept = f"{KEY}.seen.{head.id}"
    seen = st.session_state.get(
        kept, shown
    )  # what stood on the page when the form was filled in
    st.session_state[kept] = shown
    with st.form(f"{KEY}.judge.{head.id}", border=False):
        matter = st.selectbox(
            say("Matter"),
            list(names),
            format_func=names.__getitem__,
            key=f"{KEY}.judged.{head.id}",
        )
        words = st.text_area(
            page.field("judgement"),
            max_chars=LONGEST,
            height=90,
            key=f"{KEY}.words.{head.id}",
        )
        if st.form_submit_button(say("Note the judgement")):
            with refusals.caught(page):
                page.city.sessions.judge(
                    page.actor, head.id, int(matter or 0), words, seen=seen.get(matter, "")
                )
                notices.done(say("The judgement has been noted."))


def _given(page: Page, record: Record) -> None:
    say = page.say
    st.subheader(say("Tasks given"))
    if record.tasks.empty:
        st.text(say("No task was given."))
        return
    numbers = record.numbers
    sessiontasks.listed(page, record.tasks, numbers, key=f"{KEY}.given.{record.head.id}")


def _end(page: Page, record: Record) -> None:
    """Close with a decision, or adjourn."""
    say, head, rooms = page.say, record.head, page.city.sessions
    closing, adjourning = st.columns([1.4, 1])
    with closing, st.form(f"{KEY}.close.{head.id}", border=False):
        decision = st.text_area(
            page.field("decision"),
            max_chars=LONGEST,
            height=90,
            key=f"{KEY}.decision.{head.id}",
        )
        if st.form_submit_button(say("Close the session"), type="primary"):
            with refusals.caught(page):
                rooms.close(page.actor, head.id, decision=decision)
                notices.done(say("The session is closed; its minutes can be printed."))
    with adjourning, st.form(f"{KEY}.adjourn.{head.id}", border=False):
        until = sessiontasks.moment(page, say("Goes on at"), f"{KEY}.until.{head.id}")
        reason = st.text_input(
            page.field("reason"), max_chars=200, key=f"{KEY}.why.{head.id}"
        )
        if st.form_submit_button(say("Adjourn")):
            with refusals.caught(page):
                rooms.adjourn(page.actor, head.id, resumes_at=until, reason=reason)
                notices.done(say("The session is adjourned; nothing of it is lost."))
