"""Joint-judgement sessions on a page: held matter by matter, tasks followed up, minutes to print, the working groups."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.calendar import TIME_ZONE, WORK_HOURS, to_epoch
from gridmap.city.flow.matters import MatterFilter
from gridmap.city.headquarters.sessions import Record
from gridmap.model import Level
from gridmap.reports import minutes
from gridmap.store.sessions import ADJOURNED, OPEN
from gridmap.ui import clocks, controls, drill, exports, measures, refusals, session, tables
from gridmap.ui.flow import matterlist, moveform
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import grouptasks
from gridmap.ui.session import Key
from gridmap.words import plain

KEY = "sessions"
OFFERED = 100
"""Matters offered for a list: the late ones and those under supervision."""
LONGEST = 2_000
MAP_HEIGHT = "max(20rem, calc(100vh - 24rem))"
MAPPED = f"{KEY}.mapped"


def show(page: Page) -> None:
    """The sessions, the one chosen, the tasks that are not done, the groups."""
    say = page.say
    moveform.notice(page)
    names = {"sessions": say("Sessions"), "tasks": say("Follow up"), "groups": say("Working groups")}
    part = st.segmented_control(
        say("Part of the page"), list(names), default="sessions", required=True, format_func=names.__getitem__, key=f"{KEY}.part",
        label_visibility="collapsed", persist_state="page",
    )  # fmt: skip
    {"tasks": tasks, "groups": grouptasks.show}.get(str(part), sessions)(page)


def sessions(page: Page) -> None:
    """Where the matters of the sessions lie, the list, and the session chosen of it."""
    say, rooms = page.say, page.city.sessions
    listed = rooms.listed(page.view.area)
    if rooms.may_lead(page.actor, page.view.area):
        with st.expander(say("Begin a session"), icon=":material/add:", key=f"{KEY}.new"):
            _begin(page)
    if listed.empty:
        st.text(say("No session has been held for {place} yet.", place=page.place))
        return
    chosen = st.session_state.get(Key.SESSION)
    known = listed["id"].tolist()
    record = rooms.get(int(chosen or 0) if chosen in known else int(known[0]), page.lang)
    left, right = st.columns([1, 1.6])
    with left:
        _map(page, known, record.head.id)
    with right:
        _list(page, listed)
    with st.container(border=True):
        one(page, record)


def _map(page: Page, listed: list[int], chosen: int) -> None:
    """The matters on the lists of all sessions listed, or of the one chosen; a click narrows the list to a place."""
    say = page.say
    names = {"all": say("All sessions"), "one": say("The session chosen")}
    with st.container(horizontal=True, vertical_alignment="center"):
        mapped = st.segmented_control(
            say("Matters of"), list(names), default="all", required=True, format_func=names.__getitem__, key=MAPPED,
            label_visibility="collapsed", persist_state="page",
        )  # fmt: skip
        level = _level(page)
    numbers = page.city.sessions.on_lists([chosen] if mapped == "one" else listed)
    layer = measures.matters(page, level, numbers, title=say("Matters judged together"))
    drill.show_map(page, layer, key=KEY, height=MAP_HEIGHT)


def _level(page: Page) -> Level:
    return controls.level(page, usual=Level.TOWNSHIP if page.view.area_level < Level.TOWNSHIP else None, menu=130)


def _begin(page: Page) -> None:
    say = page.say
    with st.form(f"{KEY}.begin", border=False):
        title = st.text_input(say("What it is about"), max_chars=200, key=f"{KEY}.title")
        roles = st.text_area(say("Who is present, by role, a line each"), key=f"{KEY}.roles", height=110)
        sent = st.form_submit_button(say("Begin"), type="primary")
    if sent:
        with refusals.caught(page):
            number = page.city.sessions.open(page.actor, title=title, area=page.view.area, roles=roles.splitlines())
            _done(page, say("The session is open."), session_number=number)


def _list(page: Page, listed: pd.DataFrame) -> None:
    say = page.say
    shown = listed.assign(
        stand=[say(minutes.STATES[state]) for state in listed["state"]],
        opened=_times(listed["opened_at"]),
        by=[page.person(user) for user in listed["opened_by"].tolist()],
    )
    columns = {
        "opened": tables.moment(say("Opened"), width=116), "title": tables.text(say("What it is about"), width=170),
        "stand": tables.text(say("State"), width=95), "matters": tables.count(say("Matters"), width=60),
        "tasks": tables.count(say("Tasks"), width=52), "undone": tables.count(say("not done"), width=64),
        "by": tables.text(say("Held by"), width=85),
    }  # fmt: skip
    tables.show(shown, columns, key=f"{KEY}.list", say=say, offer=False, on_pick=_pick, height=400)
    exports.offer(page, shown.assign(opened=shown["opened"].dt.strftime("%Y-%m-%d %H:%M")), columns, key=KEY)


def _pick(row: dict[str, Any]) -> None:
    st.session_state[Key.SESSION] = int(row["id"])
    st.session_state[MAPPED] = "one"


def one(page: Page, record: Record) -> None:
    """One session: head, minutes, list, tasks, and what its leader can do."""
    say, head = page.say, record.head
    leads = page.city.sessions.may_lead(page.actor, head.area)
    left, right = st.columns([2.2, 1])
    with left:
        st.markdown(f"**{plain(head.title)}**")
        st.caption(
            plain(
                say("{state} · opened {time} by {person} · present: {roles}", state=say(minutes.STATES[head.state]),
                    time=say.moment(head.opened_at), person=page.person(head.opened_by), roles=say.listing(list(head.roles)))
            )
        )  # fmt: skip
        if head.state == ADJOURNED:
            st.text(say("Goes on at {time}.", time=say.moment(head.resumes_at)))
        if head.decision:
            st.text(say("Decision: {words}", words=head.decision))
    with right:
        people = page.city.people.names(
            [head.opened_by, head.closed_by, *record.lines["by"], *record.tasks["answered_by"]]
        )
        st.download_button(
            say("Minutes as PDF"), data=lambda: minutes.pdf(record, say, people=people, place=page.name(head.area)),
            file_name=f"gridmap-minutes-{head.id}.pdf", mime="application/pdf", key=f"{KEY}.minutes", icon=":material/print:", on_click="ignore",
        )  # fmt: skip
    _judged(page, record, leads=leads and head.state == OPEN)
    _given(page, record)
    if leads and head.state == OPEN:
        _end(page, record)
    if leads and head.state == ADJOURNED and st.button(say("Resume"), key=f"{KEY}.resume", type="primary"):
        with refusals.caught(page):
            page.city.sessions.resume(page.actor, head.id)
            _done(page, say("The session goes on."))
    with st.expander(say("Record, line by line")):
        numbers = dict(zip(record.matters["matter"].tolist(), record.matters["number"], strict=True))
        for row in record.lines.to_dict("records"):
            words = minutes.told(row["data"], numbers, say)
            st.text(
                f"{say.time(row['at'])}  {page.person(row['by'])}  {say(minutes.LINES.get(row['kind'], row['kind']))}  {words}"
            )


def _judged(page: Page, record: Record, *, leads: bool) -> None:
    """The list with its judgements; who leads puts matters on it, judges and gives tasks."""
    say, head = page.say, record.head
    st.subheader(say("Matters judged together"))
    if record.matters.empty:
        st.text(say("No matter is on the list yet."))
    else:
        found = page.city.matters.find(MatterFilter(ids=tuple(record.matters["matter"].tolist())), limit=200)
        shown = matterlist.shown(page, found).merge(record.matters[["matter", "judgement"]], on="matter")
        heads = matterlist.columns(page)
        columns = {name: heads[name] for name in ("number", "what", "where", "state", "left", "whose")}
        columns |= {"judgement": tables.text(say("Judgement"), width=260)}
        tables.show(
            shown, columns, key=f"{KEY}.matters.{head.id}", say=say, offer=False, on_pick=lambda row: session.open_matter(int(row["matter"])),
            height=matterlist.HEAD_PX + matterlist.ROW_PX * len(shown),
        )  # fmt: skip
    if not leads:
        return
    picking, judging = st.columns(2)
    with picking:
        _put_on(page, record)
    if not record.matters.empty:
        with judging:
            _judge(page, record)
        _assign(page, record)


def _put_on(page: Page, record: Record) -> None:
    say, head = page.say, record.head
    late = page.city.matters.find(MatterFilter(area=head.area, overdue=True), limit=OFFERED)
    pressed = page.city.matters.find(MatterFilter(area=head.area, supervised=True, open_only=True), limit=OFFERED)
    offered = pd.concat([late, pressed]).drop_duplicates("matter")
    offered = offered[~offered["matter"].isin(record.matters["matter"])].reset_index(drop=True)
    shown = matterlist.shown(page, offered)
    names = {row["matter"]: " · ".join([row["number"], row["what"], row["left"]]) for row in shown.to_dict("records")}
    with st.form(f"{KEY}.pick.{head.id}", border=False):
        chosen = st.multiselect(
            say("Late or supervised matters"), list(names), format_func=names.__getitem__, key=f"{KEY}.picked.{head.id}",
            placeholder=say("Choose matters"),
        )  # fmt: skip
        number = st.text_input(say("or a case number"), key=f"{KEY}.number.{head.id}", max_chars=60)
        if st.form_submit_button(say("Put on the list")):
            with refusals.caught(page):
                also = (
                    page.city.matters.find(MatterFilter(text=number.strip()), limit=2)["matter"].tolist()
                    if number.strip()
                    else []
                )
                page.city.sessions.pick(page.actor, head.id, [*chosen, *(also if len(also) == 1 else [])])
                _done(page, say("Put on the list."))


def _judge(page: Page, record: Record) -> None:
    say, head = page.say, record.head
    names = _numbers(record)
    with st.form(f"{KEY}.judge.{head.id}", border=False):
        matter = st.selectbox(say("Matter"), list(names), format_func=names.__getitem__, key=f"{KEY}.judged.{head.id}")
        words = st.text_area(say("Judgement"), max_chars=LONGEST, height=90, key=f"{KEY}.words.{head.id}")
        if st.form_submit_button(say("Note the judgement")):
            with refusals.caught(page):
                page.city.sessions.judge(page.actor, head.id, int(matter or 0), words)
                _done(page, say("The judgement has been noted."))


def _assign(page: Page, record: Record) -> None:
    """A group first, then the unit: its departments over the place of the matter, or any unit there."""
    say, head, rooms = page.say, record.head, page.city.sessions
    st.subheader(say("Give a task"))
    names = _numbers(record)
    table = rooms.groups(page.lang)
    every = {0: say("no group"), **dict(zip(table["id"].tolist(), table["name"], strict=True))}
    first, second, third = st.columns(3)
    matter = first.selectbox(say("About"), list(names), format_func=names.__getitem__, key=f"{KEY}.about.{head.id}")
    group = second.selectbox(
        say("Working group"), list(every), format_func=every.__getitem__, key=f"{KEY}.group.{head.id}"
    )
    units = rooms.units_for(int(matter or 0), page.lang)
    if group:
        departments = set(table.set_index("id").loc[group, "departments"])
        offices = page.city.people.directory.offices
        units = {number: name for number, name in units.items() if offices[number].department in departments} or units
    office = third.selectbox(
        say("Unit"), list(units), format_func=units.__getitem__, key=f"{KEY}.unit.{head.id}.{matter}.{group}"
    )
    with st.form(f"{KEY}.assign.{head.id}", border=False):
        task = st.text_area(say("What is to be done"), max_chars=LONGEST, height=70, key=f"{KEY}.task.{head.id}")
        due = _moment(page, say("Due"), f"{KEY}.due.{head.id}")
        if st.form_submit_button(say("Give the task"), type="primary"):
            with refusals.caught(page):
                rooms.assign(
                    page.actor,
                    head.id,
                    int(matter or 0),
                    office=int(office or 0),
                    task=task,
                    due_at=due,
                    group=int(group or 0),
                )
                _done(page, say("The task has been given; the unit finds it under Supervision."))


def _given(page: Page, record: Record) -> None:
    say = page.say
    st.subheader(say("Tasks given"))
    if record.tasks.empty:
        st.text(say("No task was given."))
        return
    numbers = _numbers(record)
    _tasks(page, record.tasks, numbers, key=f"{KEY}.given.{record.head.id}")


def _tasks(page: Page, found: pd.DataFrame, numbers: dict[int, str], *, key: str) -> None:
    say, now = page.say, page.city.now_s

    def stand(row: dict[str, Any]) -> str:
        if row["done_at"]:
            return say("done {time}", time=say.time(row["done_at"]))
        return say("answered, to be judged") if row["answered_at"] else clocks.left(row["due_at"], now, say)

    rows = [{str(name): value for name, value in row.items()} for row in found.to_dict("records")]
    shown = found.assign(
        number=[numbers.get(one) or str(one) for one in found["matter"].tolist()],
        stand=[stand(row) for row in rows],
        due=_times(found["due_at"]),
    )
    columns = {
        "office_name": tables.text(say("Unit"), width=170), "task": tables.text(say("What is to be done"), width=180),
        "due": tables.moment(say("Due"), width=116), "stand": tables.text(say("How it stands"), width=130),
        "answer": tables.text(say("Answer of the unit"), width=180), "group_name": tables.text(say("Working group"), width=130),
        "number": tables.text(say("Case number"), width=180),
    }  # fmt: skip
    tables.show(
        shown, columns, key=key, say=say, offer=False, height=matterlist.HEAD_PX + matterlist.ROW_PX * min(len(shown), 12),
        on_pick=lambda row: session.open_matter(int(row["matter"])),
    )  # fmt: skip
    exports.offer(
        page, shown.assign(due=shown["due"].dt.strftime("%Y-%m-%d %H:%M")), columns, key=key.replace(".", "-")
    )


def _end(page: Page, record: Record) -> None:
    """Close with a decision, or adjourn."""
    say, head, rooms = page.say, record.head, page.city.sessions
    closing, adjourning = st.columns([1.4, 1])
    with closing, st.form(f"{KEY}.close.{head.id}", border=False):
        decision = st.text_area(say("Decision"), max_chars=LONGEST, height=90, key=f"{KEY}.decision.{head.id}")
        if st.form_submit_button(say("Close the session"), type="primary"):
            with refusals.caught(page):
                rooms.close(page.actor, head.id, decision=decision)
                _done(page, say("The session is closed; its minutes can be printed."))
    with adjourning, st.form(f"{KEY}.adjourn.{head.id}", border=False):
        until = _moment(page, say("Goes on at"), f"{KEY}.until.{head.id}")
        reason = st.text_input(say("Reason"), max_chars=200, key=f"{KEY}.why.{head.id}")
        if st.form_submit_button(say("Adjourn")):
            with refusals.caught(page):
                rooms.adjourn(page.actor, head.id, resumes_at=until, reason=reason)
                _done(page, say("The session is adjourned; nothing of it is lost."))


def tasks(page: Page) -> None:
    """What sessions have given and is not done; the leader judges answers."""
    say, rooms = page.say, page.city.sessions
    found = rooms.undone(page.view.area, page.lang)
    if found.empty:
        st.text(say("Every task given by a session is done."))
        return
    listed = page.city.matters.find(MatterFilter(ids=tuple(found["matter"].tolist())), limit=1000)
    numbers = dict(zip(listed["matter"].tolist(), listed["number"], strict=True))
    left, right = st.columns([1, 1.6])
    with left:
        layer = measures.matters(page, _level(page), numbers, title=say("Matters with a task that is not done"))
        drill.show_map(page, layer, key=f"{KEY}.tasks", height=MAP_HEIGHT)
    with right:
        _tasks(page, found, numbers, key=f"{KEY}.undone")
        _to_judge(page, found)


def _to_judge(page: Page, found: pd.DataFrame) -> None:
    """What was answered, for who judges it."""
    say, rooms = page.say, page.city.sessions
    for row in found[found["answered_at"] > 0].to_dict("records"):
        if not rooms.may_lead(page.actor, page.view.area):
            break
        with st.container(border=True):
            st.text(f"{row['office_name']} · {row['task']}")
            st.text(row["answer"])
            again = st.text_input(say("What is still missing"), max_chars=LONGEST, key=f"{KEY}.again.{row['id']}")
            with st.container(horizontal=True), refusals.caught(page):
                if st.button(say("Done"), key=f"{KEY}.accept.{row['id']}", type="primary"):
                    rooms.accept(page.actor, int(row["id"]))
                    _done(page, say("The task is done."))
                if st.button(say("Ask again"), key=f"{KEY}.reject.{row['id']}"):
                    rooms.reject(page.actor, int(row["id"]), again)
                    _done(page, say("The unit has been asked again."))


def _numbers(record: Record) -> dict[int, str]:
    return {row["matter"]: row["number"] or str(row["matter"]) for row in record.matters.to_dict("records")}


def _moment(page: Page, label: str, key: str) -> int:
    """A day and an hour to come, as Unix seconds; by default the end of the next day's office hours."""
    opens = datetime(2000, 1, 1, tzinfo=TIME_ZONE) + timedelta(hours=WORK_HOURS[-1][1])
    day, hour = st.columns(2)
    chosen = day.date_input(
        label,
        value=page.city.today + timedelta(days=1),
        min_value=page.city.today,
        key=f"{key}.day",
        format="YYYY-MM-DD",
    )
    at = hour.time_input(page.say("Time"), value=opens.time(), key=f"{key}.time")
    return to_epoch(datetime.combine(chosen, at, TIME_ZONE)) if chosen and at else 0


def _done(page: Page, words: str, *, session_number: int = 0) -> None:  # noqa: ARG001
    if session_number:
        st.session_state[Key.SESSION] = session_number
    st.session_state[Key.NOTICE] = words
    st.rerun()


def _times(seconds: pd.Series) -> pd.Series:
    return pd.to_datetime(seconds.where(seconds > 0), unit="s", utc=True).dt.tz_convert(TIME_ZONE)
