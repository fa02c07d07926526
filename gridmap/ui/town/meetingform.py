"""The forms of deliberations: a first meeting, the next one, an objection, the follow-up,
matters linked.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import streamlit as st

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.cases.deliberations import Act, Deliberation, Kind, Order
from gridmap.city.town.newmeeting import NewMeeting
from gridmap.ui import notices, refusals, session, signin
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.ui.town.villagewords import MEETING_ACTS, MEETING_KINDS, PRESENT
from gridmap.words import mark

KEY = "meeting"
WORDS = {
    Act.OBJECT: mark("What is objected"),
    Act.FOLLOW_UP: mark("What came of the decision"),
}


def first(page: Page) -> None:
    """The form for the first meeting on something, held in the place shown."""
    say, turn = page.say, st.session_state.get(Key.ROUND, 0)
    st.text(
        say(
            "A meeting held in {place}. For another village or grid, open it in the side "
            "bar first.",
            place=page.place,
        )
    )
    kinds = {str(key): say(words) for key, words in MEETING_KINDS.items()}
    with st.form(f"{KEY}.{turn}", enter_to_submit=False):
        left, right = st.columns(2)
        title = left.text_input(
            say("What is talked over (no names of persons)"),
            key=f"{KEY}.{turn}.title",
            max_chars=200,
        )
        kind = right.selectbox(
            say("Who deliberates"),
            list(kinds),
            format_func=kinds.__getitem__,
            key=f"{KEY}.{turn}.kind",
        )
        matters = left.text_input(
            say("Case numbers of matters it is about, separated by commas"),
            key=f"{KEY}.{turn}.matters",
        )
        order = _meeting(page, f"{KEY}.{turn}", across=4)
        sent = st.form_submit_button(say("Record the meeting"), type="primary")
    if not sent:
        return
    client = st.session_state.setdefault(f"{KEY}.{turn}.client", uuid.uuid4().hex)
    with refusals.caught(page):
        new = NewMeeting(
            page.view.area,
            kind or str(Kind.COUNCIL),
            title or "",
            order,
            matters=page.city.deliberations.named(matters or "", page.view.area),
            client_id=client,
        )
        number = page.city.deliberations.hold(page.actor, new)
        st.session_state[Key.ROUND] = turn + 1
        session.change(deliberation=number)
        st.session_state["villages.next"] = "meetings"
        notices.done(_outcome(page, order))


def _meeting(page: Page, here: str, *, across: int) -> Order:
    """Who is present (`across` fields a row), what is proposed, what it came to."""
    say, today = page.say, page.city.today
    names = {key: say(words) for key, words in PRESENT.items()}
    roles: dict[str, int] = {}
    with st.expander(say("Who is present, by role"), expanded=True):
        columns = st.columns(across)
        for place, (role, name) in enumerate(names.items()):
            count = columns[place % across].number_input(
                name, min_value=0, value=0, step=1, key=f"{here}.role.{role}"
            )
            roles[role] = int(count)
    proposals = st.text_area(
        say("Proposals, one a line"), key=f"{here}.proposals", height=80
    )
    decision = st.text_area(
        say("Decision; empty: none, the meeting is adjourned"),
        key=f"{here}.decision",
        max_chars=2000,
        height=68,
    )
    one, two, three = st.columns(3)
    notice = one.number_input(
        say("Days on public notice"), value=7, step=1, key=f"{here}.notice"
    )
    follow = two.date_input(
        say("Follow-up by"),
        value=today + timedelta(days=30),
        key=f"{here}.follow",
        format="YYYY-MM-DD",
    )
    resume = three.date_input(
        say("Without decision: goes on"),
        value=None,
        key=f"{here}.resume",
        format="YYYY-MM-DD",
    )
    words = st.text_input(say("Note"), key=f"{here}.words", max_chars=200)
    return Order(
        Act.MEET,
        roles=roles,
        proposals=tuple((proposals or "").splitlines()),
        decision=decision or "",
        notice_days=int(notice),
        follow_up_at=_evening(follow),
        resume_at=_evening(resume),
        words=words or "",
    )


def _outcome(page: Page, order: Order) -> str:
    if order.decision.strip():
        return page.say("The decision is recorded and on public notice.")
    return page.say(
        "The meeting is recorded as adjourned; it stays on the open list until a meeting decides."
    )


def moves(page: Page, found: Deliberation, matters: list[int]) -> None:
    """What who is signed in can do with a deliberation about `matters`."""
    say = page.say
    if page.user is None:
        signin.ask(page.city, say=say)
        return
    acts = [
        act
        for act in page.city.deliberations.possible(page.actor, found.id)
        if act is not Act.UNLINK or matters
    ]
    if not acts:
        st.text(say("There is nothing for you to do here now."))
        return
    here = f"deliberation.{found.id}.{found.version}"
    names = {str(act): say(MEETING_ACTS[act]) for act in acts}
    chosen = st.pills(
        say("What to do"),
        list(names),
        default=next(iter(names)),
        required=True,
        format_func=names.__getitem__,
        key=f"{here}.act",
        label_visibility="collapsed",
    )
    act = Act(chosen or next(iter(names)))
    with st.form(f"{here}.{act}", border=False, enter_to_submit=False):
        order = _order(page, act, here, matters)
        sent = st.form_submit_button(say(MEETING_ACTS[act]), type="primary")
    if sent:
        with refusals.caught(page):
            if act is Act.LINK:
                order = _linking(page, found.area, here)
            page.city.deliberations.act(page.actor, found.id, order, version=found.version)
            told = (
                _outcome(page, order)
                if act is Act.MEET
                else say("Done: {what}", what=say(MEETING_ACTS[act]))
            )
            notices.done(told)


def _order(page: Page, act: Act, here: str, matters: list[int]) -> Order:
    say = page.say
    if act is Act.MEET:
        return _meeting(page, here, across=2)
    if act is Act.LINK:
        st.text_input(say("Case number of the matter"), key=f"{here}.link", max_chars=60)
        return Order(act)
    if act is Act.UNLINK:
        names = page.city.deliberations.case_numbers(matters)
        chosen = st.selectbox(
            say("Case number of the matter"),
            matters,
            format_func=names.__getitem__,
            key=f"{here}.unlink",
        )
        return Order(act, matter=int(chosen or 0))
    words = st.text_area(
        say(WORDS[act]), key=f"{here}.{act}.words", max_chars=2000, height=80
    )
    resume = None
    if act is Act.OBJECT:
        resume = st.date_input(
            say("The meeting goes on"),
            value=page.city.today + timedelta(days=7),
            key=f"{here}.again",
            format="YYYY-MM-DD",
        )
    return Order(act, words=words or "", resume_at=_evening(resume))


def _linking(page: Page, area: int, here: str) -> Order:
    """The order that links the one matter named."""
    named = page.city.deliberations.named(st.session_state.get(f"{here}.link") or "", area)
    return Order(Act.LINK, matter=next(iter(named), 0))


def begin(village: int, case_number: str) -> None:
    """Open the form for a first meeting about the matter `case_number` of a village."""
    turn = st.session_state.get(Key.ROUND, 0)
    st.session_state[f"{KEY}.{turn}.matters"] = case_number
    st.session_state["villages.next"] = "record"
    session.change(area=village)
    session.go("pages/villages.py")


def _evening(day: object) -> int:
    return (
        to_epoch(datetime(day.year, day.month, day.day, 18, tzinfo=TIME_ZONE))
        if isinstance(day, date)
        else 0
    )
