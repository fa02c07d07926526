"""The page of a one-stop centre: its queue with the moves of a matter beside, a matter
taken in for a person, the rota.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.city.flow.matters import MatterFilter
from gridmap.model import Channel, OfficeKind, UserRole
from gridmap.ui import clocks, controls, refusals, session, tables
from gridmap.ui.flow import matterlist, moveform, reportform, timeline
from gridmap.ui.frame import Page
from gridmap.ui.town import rotamap, rotaview
from gridmap.words import plain

KEY = "window"
DESKS = (OfficeKind.VILLAGE, OfficeKind.TOWNSHIP, OfficeKind.COUNTY, OfficeKind.CITY)
LEADS = frozenset(
    {
        UserRole.DISPATCHER,
        UserRole.CHIEF,
        UserRole.COMMANDER,
        UserRole.LEADER,
        UserRole.ADMIN,
    }
)
MOST = 200
LAST_LINES = 6
QUEUE_COLUMNS = (
    "what",
    "left",
    "state",
    "where",
    "words",
    "signs",
    "due",
    "reported",
    "number",
)


def office(page: Page) -> int:
    """The centre whose window this is: one's own, or for who leads an area the one chosen;
    0: none.
    """
    people, own = page.city.people, page.actor.office
    chosen = page.view.office
    if page.actor.role in LEADS and chosen and _leads(page, chosen):
        return chosen
    if own and people.office(own).kind in DESKS:
        return own
    if page.actor.role in LEADS:
        desks = (
            people.desk_of(area, kind)
            for area in page.actor.areas
            for kind in reversed(DESKS)
        )
        return next((desk for desk in desks if desk), 0)
    return 0


def _leads(page: Page, number: int) -> bool:
    return number in page.city.people.directory.offices and page.actor.covers(
        page.city.people.office(number).area
    )


def refused(page: Page) -> None:
    """Say politely whose page this is."""
    say = page.say
    st.info(say("This page is for the windows of the one-stop centres."))
    if page.user is None:
        st.text(
            say(
                "Sign in as a desk clerk, or as somebody who leads a centre, in the side bar."
            )
        )
    else:
        st.text(say("Your office has no window. Your own matters are in the inbox."))
    st.text(
        say(
            "To report something yourself, open the page “Report a matter”: it needs no sign-in."
        )
    )


def show(page: Page, centre: int) -> None:
    """The parts of the page of `centre`."""
    say = page.say
    choose(page, centre)
    names = {"queue": say("Queue"), "rota": say("Rota")}
    if page.actor.role is UserRole.CLERK and page.actor.office == centre:
        names = {
            "queue": names["queue"],
            "intake": say("Take a matter in"),
            "rota": names["rota"],
        }
    part = controls.part(page, names, key=f"{KEY}.part", usual="queue")
    if part == "intake":
        reportform.show(page, KEY, actor=page.actor, channel=Channel.CENTRE)
    elif part == "rota":
        rota(page, centre)
    else:
        queue(page, centre)


def choose(page: Page, centre: int) -> None:
    """For who leads an area: which of its centres is shown."""
    if page.actor.role not in LEADS:
        return
    people, column = page.city.people, "name" if page.lang == "zh" else "name_en"
    frames = [
        people.offices(area=area, kind=kind)
        for area in page.actor.areas
        for kind in reversed(DESKS)
    ]
    found = pd.concat(frames).drop_duplicates("id")
    names = dict(zip(found["id"].tolist(), found[column], strict=True))
    if len(names) < 2:
        return
    st.selectbox(
        page.say("Centre"),
        list(names),
        format_func=names.__getitem__,
        key=f"{KEY}.centre",
        width=420,
        on_change=session.bound(f"{KEY}.centre", "office", centre, int),
    )


def queue(page: Page, centre: int) -> None:
    """The open matters of the centre, the most urgent first; the one chosen beside, with
    what can be done.
    """
    say = page.say
    found = page.city.matters.find(MatterFilter(office=centre, open_only=True), limit=MOST)
    chosen = _chosen(page)
    left, right = st.columns([1.45, 1]) if chosen else (st.container(), None)
    with left:
        st.text(
            say.plural(
                "{n} open matter at this desk", "{n} open matters at this desk", len(found)
            )
        )
        if found.empty:
            st.text(
                say(
                    "Nothing waits here. A matter taken in, dispatched or whistled to this "
                    "desk appears at once."
                )
            )
        else:
            columns = matterlist.columns(page)
            tables.show(
                matterlist.shown(page, found),
                {name: columns[name] for name in QUEUE_COLUMNS},
                key=f"{KEY}.queue.{centre}",
                say=say,
                height=matterlist.HEAD_PX + matterlist.ROW_PX * min(len(found), 16),
                on_pick=_pick,
            )
    if right is not None:
        with right, st.container(border=True):
            matter(page, chosen)


def _pick(row: dict[str, Any]) -> None:
    session.change(matter=int(row["matter"]))


def _chosen(page: Page) -> int:
    return int(page.view.matter)


def matter(page: Page, number: int) -> None:
    """One matter in short, its last lines, and the moves the person signed in can make."""
    say, city = page.say, page.city
    with refusals.caught(page):
        dossier = city.matters.get(page.actor, number)
        case = dossier.case
        names = city.category_paths(page.lang).get(
            dossier.category_code, (dossier.category_code,)
        )
        st.markdown(f"**{plain(dossier.number)}** · {plain(names[-1])}")
        st.text(city.places.path(case.grid, page.lang))
        if dossier.address:
            st.text(dossier.address)
        if dossier.text:
            st.text(dossier.text)
        if dossier.contact:
            st.text(say("Contact: {contact}", contact=dossier.contact))
        due = clocks.next_due(case.step_due_at, case.due_at)
        whose = clocks.whose_move(page, case.status, case.office, case.person)
        st.caption(
            plain(
                f"{say('Whose move it is')}: {whose} · {clocks.left(due, city.now_s, say)}"
            )
        )
        moveform.show(page, dossier, city.matters.possible(page.actor, number), KEY)
        with st.expander(say("What happened so far")):
            timeline.show(page, city.matters.journal(number).tail(LAST_LINES))
        if st.button(say("Open the whole matter"), key=f"{KEY}.open", type="tertiary"):
            session.open_matter(number)
            st.rerun()


def rota(page: Page, centre: int) -> None:
    """Today's windows, the week, the count for who answers for more than this centre, the plan."""
    city = page.city
    rotaview.today(page, centre)
    rotaview.week(page, centre)
    area = city.people.office(centre).area
    if len(str(area)) <= 6 or page.actor.role in LEADS:
        rotamap.counted(page, area)
    rotaview.plan(page, centre)
