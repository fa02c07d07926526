"""One dispute: how it stands, what can be done with it, its journal; and the form that
entrusts a new one.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import streamlit as st

from gridmap.calendar import TIME_ZONE, to_epoch
from gridmap.cases.mediation import RULES, Act, Dispute, Kind, Order, Source
from gridmap.city.town.newdispute import NewDispute
from gridmap.ui import notices, refusals, session, signin
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.ui.town.mediationwords import (
    ACTS,
    ASKED,
    KINDS,
    PARTIES,
    SOURCES,
    STATES,
    parties,
    reason,
)
from gridmap.words import plain

PROPOSED = 8
END_OF_DAY_S = 86_399


def show(page: Page, number: int) -> None:
    """The dispute `number` in short, and the moves of who is signed in."""
    say, room = page.say, page.city.mediation
    st.button(
        say("Close"),
        key="dispute.close",
        type="tertiary",
        on_click=session.change,
        kwargs={"dispute": 0},
    )
    with refusals.caught(page):
        dispute, roles, text = room.get(page.actor, number)
        st.markdown(
            f"**{number}** · {plain(say(KINDS[dispute.kind]))} · "
            f"{plain(say(STATES[dispute.state]))}"
        )
        place = page.city.places.path(dispute.area, page.lang)
        st.text(f"{place}\n{say(SOURCES[dispute.source])} · {parties(say, roles)}")
        if text:
            st.text(text)
        _facts(page, dispute)
        _moves(page, dispute)
        with st.expander(say("What happened so far")):
            _journal(page, number)


def _facts(page: Page, dispute: Dispute) -> None:
    say = page.say
    told = [say("Entrusted {time}", time=say.time(dispute.entrusted_at))]
    if dispute.slip:
        told.append(
            say(
                "Slip {slip}, due back {time}",
                slip=dispute.slip,
                time=say.time(dispute.return_due_at),
            )
        )
    if dispute.returned_at:
        back = say("went back {time}", time=say.time(dispute.returned_at))
        told.append(f"{back} · {say('late')}" if dispute.late else back)
    if dispute.follow_up_at and not dispute.visited_at:
        told.append(say("Visit due {time}", time=say.time(dispute.follow_up_at)))
    if dispute.relapses:
        told.append(say.plural("{n} relapse", "{n} relapses", dispute.relapses))
    st.caption(plain(" · ".join(told)))
    if dispute.late and not dispute.explained:
        st.warning(say("The slip went back late. Say why, so that the court can be told."))
    if dispute.matter:
        st.button(
            say("Open its matter"),
            key="dispute.matter",
            type="tertiary",
            on_click=session.open_matter,
            args=(dispute.matter,),
        )


def _moves(page: Page, dispute: Dispute) -> None:
    acts = page.city.mediation.possible(page.actor, dispute.id)
    if not acts:
        st.text(page.say("There is nothing for you to do here now."))
        return
    here = f"dispute.{dispute.id}.{dispute.version}"
    names = {str(act): page.say(ACTS[act]) for act in acts}
    chosen = st.pills(
        page.say("What to do"),
        list(names),
        default=next(iter(names)),
        required=True,
        format_func=names.__getitem__,
        key=f"{here}.act",
        label_visibility="collapsed",
    )
    _form(page, dispute, Act(chosen or next(iter(names))), here)


def _form(page: Page, dispute: Dispute, act: Act, here: str) -> None:
    say, needs = page.say, RULES[act].needs
    mediator, until, words = 0, 0, ""
    with st.form(f"{here}.{act}", border=False, enter_to_submit=False):
        if "mediator" in needs:
            mediator = _pick_mediator(page, dispute, here)
        if "words" in needs or act is Act.RETURN:
            words = st.text_area(
                say(ASKED.get(act, "Reason")),
                key=f"{here}.{act}.words",
                max_chars=2000,
                height=80,
            )
        if "until" in needs:
            day = st.date_input(
                say("Day of the follow-up visit"),
                value=page.city.today + timedelta(days=30),
                min_value=page.city.today + timedelta(days=1),
                key=f"{here}.{act}.until",
                format="YYYY-MM-DD",
            )
            until = _noon(day) if isinstance(day, date) else 0
        sent = st.form_submit_button(say(ACTS[act]), type="primary")
    if sent:
        with refusals.caught(page):
            order = Order(act, mediator=mediator, words=words or "", until=until)
            page.city.mediation.act(page.actor, dispute.id, order, version=dispute.version)
            notices.done(say("Done: {what}", what=say(ACTS[act])))


def _pick_mediator(page: Page, dispute: Dispute, here: str) -> int:
    """Those proposed, best first, each with the reasons."""
    found = [
        one
        for one in page.city.mediation.propose(dispute.area, str(dispute.kind))
        if one.mediator.id != dispute.mediator
    ]
    names = {
        one.mediator.id: f"{signin.person(one.mediator.name, page.say)} · {reason(page, one)}"
        for one in found[:PROPOSED]
    }
    if not names:
        st.text(
            page.say(
                "Nobody in office here has room. Add a mediator, or wait until a dispute has ended."
            )
        )
        return 0
    return int(
        st.selectbox(
            page.say("Proposed mediators, best first"),
            list(names),
            format_func=names.__getitem__,
            key=f"{here}.m",
        )
        or 0
    )


def _journal(page: Page, number: int) -> None:
    say = page.say
    for row in page.city.mediation.journal(page.actor, number).to_dict("records"):
        who, what = signin.person(row["actor_name"], say), ACTS[row["act"]]
        st.caption(
            plain(
                " · ".join(part for part in (say.time(row["at"]), say(what), who) if part)
            )
        )
        if row["words"]:
            st.text(row["words"])


def begin(area: int, number: str, kind: str) -> None:
    """Open the form for a dispute of `area` that arose from the matter with this case number."""
    turn = st.session_state.get(Key.ROUND, 0)
    st.session_state["mediation.part"] = "entrust"
    st.session_state[f"entrust.{turn}.matter"] = number
    st.session_state[f"entrust.{turn}.kind"] = kind
    session.change(area=area, dispute=0)
    session.go("pages/mediation.py")


def entrust(page: Page) -> None:
    """The form for a new dispute of the area shown."""
    say = page.say
    st.text(
        say(
            "A dispute of {place}. To take one in for a village, open the village in the "
            "side bar first.",
            place=page.place,
        )
    )
    turn = st.session_state.get(Key.ROUND, 0)
    with st.form(f"entrust.{turn}", enter_to_submit=False):
        left, right = st.columns(2)
        sources = {str(key): say(words) for key, words in SOURCES.items()}
        kinds = {str(key): say(words) for key, words in KINDS.items()}
        roles = {key: say(words) for key, words in PARTIES.items()}
        source = left.selectbox(
            say("Source"),
            list(sources),
            format_func=sources.__getitem__,
            key=f"entrust.{turn}.source",
        )
        kind = right.selectbox(
            say("Kind"),
            list(kinds),
            format_func=kinds.__getitem__,
            key=f"entrust.{turn}.kind",
        )
        named = st.multiselect(
            say("Parties by their roles (no names)"),
            list(roles),
            format_func=roles.__getitem__,
            key=f"entrust.{turn}.parties",
            placeholder=say("At least two"),
        )
        text = st.text_area(
            say("What it is about, without names"),
            key=f"entrust.{turn}.text",
            max_chars=2000,
            height=80,
        )
        slip = left.text_input(
            say("Referral slip (court)"), key=f"entrust.{turn}.slip", max_chars=60
        )
        back = right.date_input(
            say("Due back"), value=None, key=f"entrust.{turn}.back", format="YYYY-MM-DD"
        )
        matter = left.text_input(
            say("Case number of the matter it arose from, if any"),
            key=f"entrust.{turn}.matter",
            max_chars=60,
        )
        sent = st.form_submit_button(say("Entrust it"), type="primary")
    if not sent:
        return
    client = st.session_state.setdefault(f"entrust.{turn}.client", uuid.uuid4().hex)
    with refusals.caught(page):
        new = NewDispute(
            area=page.view.area,
            source=source or str(Source.PETITION),
            kind=kind or str(Kind.NEIGHBOURS),
            parties=tuple(named),
            text=text or "",
            case_number=matter or "",
            slip=slip or "",
            client_id=client,
            return_due_at=_noon(back) + END_OF_DAY_S // 2 if isinstance(back, date) else 0,
        )
        number = page.city.mediation.entrust(page.actor, new)
        st.session_state[Key.ROUND] = turn + 1
        session.change(dispute=number)
        notices.done(say("Entrusted under number {number}.", number=number))


def _noon(day: date) -> int:
    return to_epoch(datetime(day.year, day.month, day.day, 12, tzinfo=TIME_ZONE))
