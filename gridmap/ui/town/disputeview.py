"""One dispute: how it stands, what can be done with it, its journal; and the form that
entrusts a new one.
"""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from gridmap.cases.disputes import DISPUTE, SOURCES, STATES, SUBJECTS, Dispute
from gridmap.ui import refusals, session, signin
from gridmap.ui.frame import Page
from gridmap.ui.records import form, timeline
from gridmap.ui.records.form import Asking
from gridmap.ui.town.mediationwords import parties, reason
from gridmap.words import mark, plain

PROPOSED = 8


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
        dispute = room.get(page.actor, number)
        st.markdown(
            f"**{number}** · {plain(say(SUBJECTS[dispute.kind]))} · "
            f"{plain(say(STATES[dispute.state]))}"
        )
        place = page.city.places.path(dispute.area, page.lang)
        source = say(SOURCES[dispute.source])
        st.text(f"{place}\n{source} · {parties(say, dispute.parties)}")
        if dispute.text:
            st.text(dispute.text)
        _facts(page, dispute)
        form.moves(page, room, dispute, _asking(page))
        timeline.history(page, room, number)


def _facts(page: Page, dispute: Dispute) -> None:
    say = page.say
    facts = [say("Entrusted {time}", time=say.time(dispute.entrusted_at))]
    if dispute.slip:
        facts.append(
            say(
                "Slip {slip}, due back {time}",
                slip=dispute.slip,
                time=say.time(dispute.return_due_at),
            )
        )
    if dispute.returned_at:
        back = say("went back {time}", time=say.time(dispute.returned_at))
        facts.append(f"{back} · {say('late')}" if dispute.late else back)
    if dispute.follow_up_at and not dispute.visited_at:
        facts.append(say("Visit due {time}", time=say.time(dispute.follow_up_at)))
    if dispute.relapses:
        facts.append(say.plural("{n} relapse", "{n} relapses", dispute.relapses))
    st.caption(plain(" · ".join(facts)))
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


def _asking(page: Page) -> Asking:
    """A mediator is one of those proposed; an agreement is visited after a month."""
    return Asking(
        draws={"mediator": _pick_mediator},
        usual={"follow_up_at": page.city.today + timedelta(days=30)},
    )


def _pick_mediator(page: Page, dispute: Dispute, key: str) -> None:
    """Those proposed, best first, each with the reasons."""
    proposals = [
        proposal
        for proposal in page.city.mediation.propose(dispute.area, dispute.kind)
        if proposal.mediator.id != dispute.mediator
    ]
    names = {
        proposal.mediator.id: (
            f"{signin.person(proposal.mediator.name, page.say)} · {reason(page, proposal)}"
        )
        for proposal in proposals[:PROPOSED]
    }
    if not names:
        st.text(
            page.say(
                "Nobody in office here has room. Add a mediator, or wait until a dispute has ended."
            )
        )
        return
    if st.session_state.get(key) not in names:  # chosen before, and taken meanwhile
        st.session_state.pop(key, None)
    st.selectbox(
        page.say("Proposed mediators, best first"),
        list(names),
        format_func=names.__getitem__,
        key=key,
    )


def begin(area: int, number: str, subject: str) -> None:
    """Open the form for a dispute of `area` that arose from the matter with this case number."""
    st.session_state["mediation.part"] = "entrust"
    form.fill(DISPUTE, matter=number, kind=subject)
    session.change(area=area, dispute=0)
    session.go("pages/mediation.py")


def entrust(page: Page) -> None:
    """The form for a new dispute of the area shown."""
    st.text(
        page.say(
            "A dispute of {place}. To take one in for a village, open the village in the "
            "side bar first.",
            place=page.place,
        )
    )
    asking = Asking(
        draws={"matter": _ask_matter},
        button=mark("Entrust it"),
        says=lambda page, _order, number: page.say(
            "Entrusted under number {number}.", number=number
        ),
    )
    form.add(
        page, page.city.mediation, {"area": page.view.area}, asking, then=_open_entrusted
    )


def _ask_matter(page: Page, _dispute: None, key: str) -> None:
    """A matter is named by its case number."""
    label = DISPUTE.field["matter"].label
    st.text_input(page.say(label), max_chars=60, key=key)


def _open_entrusted(number: int) -> None:
    session.change(dispute=number)
