"""Deliberations: what waits for a decision on the map, one of them beside it, the list below."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.deliberations import FORUMS, Deliberation
from gridmap.city.town.figures import DELIBERATED, DELIBERATIONS, UNDECIDED
from gridmap.codes import parent
from gridmap.model import Level
from gridmap.ui import controls, refusals, session, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.records import timeline
from gridmap.ui.town import contractsview, meetingform
from gridmap.ui.town.villagewords import FILTERS, STANDING
from gridmap.words import plain

KEY = "meetings"
MOST_ROWS = 1000
PAGE = "pages/villages.py"


def filters(page: Page) -> None:
    """How a deliberation stands and who deliberates, to narrow the list."""
    say = page.say
    for field, label, named in (
        ("standing", say("State"), {key: say(text) for key, text in FILTERS.items()}),
        (
            "kind",
            say("Kind"),
            {
                "": say("All kinds"),
                **{str(key): say(text) for key, text in FORUMS.items()},
            },
        ),
    ):
        controls.menu(label, named, key=f"{KEY}.{field}", width=190)


def show(page: Page, level: Level) -> None:
    """The map of what is not decided, figures or one deliberation beside it, the list."""
    left, right = st.columns([1.62, 1])
    with left:
        Board(page, KEY).show(UNDECIDED, level, height=contractsview.MAP_HEIGHT)
    with right:
        if page.view.deliberation:
            with st.container(border=True):
                one(page, page.view.deliberation)
        else:
            _figures(page, level)
    _listed(page)


def _figures(page: Page, level: Level) -> None:
    say, area = page.say, contractsview.area_of(page)
    found = page.city.deliberations.list(area)
    if found.empty:
        st.text(
            say(
                "No meeting is recorded here yet. Grid workers, clerks and chiefs record one above."
            )
        )
        return
    title = say.plural(
        "{n} matter without decision",
        "{n} matters without decision",
        int((found["state"] == "adjourned").sum()),
    )
    st.markdown(f"**{title}**")
    st.caption(
        say(
            "A meeting that came to no decision stays on this list until a meeting decides."
        )
    )
    for key, count in (
        found["standing"].value_counts().reindex(list(STANDING)).dropna().items()
    ):
        st.text(f"{say(STANDING[str(key)])}: {say.exact(count)}")
    if page.view.area_level < Level.VILLAGE:
        Board(page, KEY).places(
            DELIBERATED, level, by=UNDECIDED, some=DELIBERATIONS, height=230
        )


def _listed(page: Page) -> None:
    """The deliberations; a row opens one beside the map."""
    say = page.say
    standing, kind = (
        st.session_state.get(f"{KEY}.{field}") or "" for field in ("standing", "kind")
    )
    found = page.city.deliberations.list(
        contractsview.area_of(page), standing=standing, kind=kind
    )
    st.text(say.plural("{n} deliberation", "{n} deliberations", len(found)))
    if found.empty:
        return
    shown = rows(page, found.head(MOST_ROWS))
    columns = {
        "place": tables.text(say("Place"), width="medium"),
        "title": tables.text(say("Talked over"), width="medium"),
        "kind_name": tables.text(say("Kind")),
        "standing_name": tables.text(say("State")),
        "decision": tables.text(say("Decision"), width="medium"),
        "met": tables.moment(say("Last meeting")),
        "next": tables.moment(say("Next day")),
        "meetings": tables.count(say("Meetings")),
        "matters": tables.count(say("Matters")),
    }
    tables.show(shown, columns, key=f"{KEY}.list", say=say, height=360, on_pick=_open)


def rows(page: Page, found: pd.DataFrame) -> pd.DataFrame:
    """`found` with the words of a table."""
    say = page.say
    following = found["resume_at"].where(
        found["resume_at"] > 0,
        found["notice_until"].where(found["standing"] == "notice", found["follow_up_at"]),
    )
    following = following.where(found["standing"] != "done", 0).astype("int64")
    return found.assign(
        place=[
            page.inside(page.city.places.path(code, page.lang))
            for code in found["area"].tolist()
        ],
        kind_name=[say(FORUMS[key]) for key in found["kind"]],
        standing_name=[say(STANDING[key]) for key in found["standing"]],
        met=pd.to_datetime(found["met_at"], unit="s", utc=True),
        next=pd.to_datetime(following.where(following > 0), unit="s", utc=True),
    )


def _open(row: dict[str, Any]) -> None:
    session.change(deliberation=int(row["id"]))


def one(page: Page, number: int) -> None:
    """The deliberation `number`: how it stands, its matters, the moves of who is signed in,
    its record.
    """
    say = page.say
    st.button(
        say("Close"),
        key="deliberation.close",
        type="tertiary",
        on_click=session.change,
        kwargs={"deliberation": 0},
    )
    with refusals.caught(page):
        room = page.city.deliberations
        found, matters = room.get(page.actor, number), room.matters(number)
        st.markdown(f"**{plain(found.title)}** · {plain(say(FORUMS[found.kind]))}")
        st.text(page.city.places.path(found.area, page.lang))
        _standing(page, found)
        if matters:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(say("About the matters:"))
                for matter, name in page.city.deliberations.case_numbers(matters).items():
                    st.button(
                        name,
                        key=f"deliberation.matter.{matter}",
                        type="tertiary",
                        on_click=session.open_matter,
                        args=(matter,),
                    )
        meetingform.moves(page, found, matters)
        timeline.history(page, room, number)


def _standing(page: Page, found: Deliberation) -> None:
    say, now = page.say, page.city.now_s
    if found.decision:
        st.text(say("Decision: {words}", words=found.decision))
        told = [say("On public notice until {time}", time=say.time(found.notice_until))]
        done = say("followed up {time}", time=say.time(found.done_at))
        told.append(
            done
            if found.done_at
            else say("follow-up by {time}", time=say.time(found.follow_up_at))
        )
        st.caption(plain(" · ".join(told)))
        return
    if found.resume_at < now:
        st.warning(
            say(
                "No decision yet; the meeting was to go on {time}.",
                time=say.time(found.resume_at),
            )
        )
    else:
        st.text(
            say(
                "No decision yet; the meeting goes on {time}.",
                time=say.time(found.resume_at),
            )
        )


def of_matter(page: Page, matter: int, number: str, grid: int) -> None:
    """On the page of a matter: the deliberations about it; a click opens one, or begins one
    for who may.
    """
    found, say, village = (
        page.city.deliberations.of_matter(matter),
        page.say,
        parent(grid, Level.VILLAGE),
    )
    if len(found):
        st.subheader(say("Talked over in the village"))
    elif number and page.city.deliberations.may_add(page.actor, village):
        st.button(
            say("Talk it over in the village"),
            key="matter.deliberate",
            type="tertiary",
            icon=":material/groups:",
            on_click=meetingform.begin,
            args=(village, number),
        )
    for row in found.to_dict("records"):
        label = (
            f"{row['title']} · {say(FORUMS[row['kind']])} · "
            f"{say(STANDING[row['standing']])}"
        )
        st.button(
            plain(label),
            key=f"matter.deliberation.{row['id']}",
            type="tertiary",
            icon=":material/groups:",
            on_click=_leave,
            args=(int(row["id"]),),
        )


def _leave(number: int) -> None:
    session.change(deliberation=number)
    st.session_state["villages.next"] = "meetings"
    session.go(PAGE)
