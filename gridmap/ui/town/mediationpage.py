"""The page of mediation: success on a map and by source and kind, the disputes behind it,
one of them, its mediators.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.disputes import IN_HAND, SOURCES, STATES, SUBJECTS
from gridmap.city.town.figures import MEDIATED
from gridmap.model import Level, UserRole
from gridmap.ui import controls, notices, session, signin, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.town import disputeview, mediatormap, mediatorview
from gridmap.ui.town.mediationwords import STANDING, parties

KEY = "mediation"
SPAN = f"{KEY}.span"
MOST_ROWS = 1000
MAP_HEIGHT = "max(24rem, calc(100vh - 26rem))"


def in_period() -> bool:
    """Whether only disputes entrusted in the period of the side bar are counted."""
    return bool(st.session_state.get(SPAN) == "period")


def show(page: Page) -> None:
    """The part chosen."""
    say = page.say
    names = {"disputes": say("Disputes"), "mediators": say("Mediators")}
    if page.city.mediation.may_add(page.actor, page.view.area):
        names["entrust"] = say("Entrust a dispute")
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        part = controls.part(page, names, key=f"{KEY}.part", usual="disputes")
        st.space("stretch")
        level = _controls(page, part)
    notices.show()
    if part == "mediators":
        mediatorview.show(page, level)
    elif part == "entrust" and part in names:
        disputeview.entrust(page)
    else:
        disputes(page, level)


def _controls(page: Page, part: str) -> Level:
    """What a part is narrowed by, and the level its map is coloured at."""
    if part == "entrust":
        return Level.TOWNSHIP
    if part == "mediators":
        mediatormap.measure(page)
    else:
        _filters(page)
    return controls.level(
        page, usual=min(Level.TOWNSHIP, page.view.area_level.below), menu=130
    )


def _filters(page: Page) -> None:
    say = page.say
    spans = {"all": say("Since the beginning"), "period": say("In the period")}
    st.segmented_control(
        say("Entrusted"),
        list(spans),
        default="all",
        required=True,
        format_func=spans.__getitem__,
        key=SPAN,
        label_visibility="collapsed",
        persist_state="page",
    )
    for field, label, words, every in (
        ("source", say("Source"), SOURCES, say("All sources")),
        ("kind", say("Kind"), SUBJECTS, say("All kinds")),
    ):
        named = {"": every, **{str(key): say(text) for key, text in words.items()}}
        controls.menu(label, named, key=f"{KEY}.{field}", width=170)


def _chosen() -> dict[str, Any]:
    return {
        field: st.session_state.get(f"{KEY}.{field}") or "" for field in ("source", "kind")
    }


def _span(page: Page) -> dict[str, Any]:
    return {"first": page.view.start, "last": page.view.end} if in_period() else {}


def disputes(page: Page, level: Level) -> None:
    """The map of success, the share by source and kind or one dispute beside it, the list below."""
    left, right = st.columns([1.62, 1])
    with left:
        board = Board(page, KEY, narrow={**_chosen(), **_span(page)})
        board.show(MEDIATED, level, height=MAP_HEIGHT)
    with right:
        if page.view.dispute and page.user is not None:
            with st.container(border=True):
                disputeview.show(page, page.view.dispute)
        else:
            _success(page)
    _listed(page)


def _success(page: Page) -> None:
    """Mediated of entrusted, in all and by source and kind; a click narrows the list to
    that row.
    """
    say, span = page.say, _span(page)
    (total,) = page.city.mediation.success(page.view.area, **span).to_dict("records")
    title = say("Mediated of those entrusted")
    st.markdown(f"**{title}**")
    st.text(say.share(total["mediated"], total["entrusted"]))
    st.caption(
        say(
            "An agreement in force counts; one that relapsed does not, until there is a new one."
        )
    )
    table = page.city.mediation.success(page.view.area, ("source", "kind"), **span)
    if table.empty:
        st.text(
            say(
                "No dispute has been entrusted here. Who answers for the place entrusts one above."
            )
        )
        return
    columns = {
        "source_name": tables.text(say("Source"), width=82),
        "kind_name": tables.text(say("Kind"), width=118),
        "entrusted": tables.count(say("Entrusted"), width=70),
        "mediated": tables.count(say("Mediated"), width=70),
        "share": tables.share(say("Share"), width=62),
    }
    named = table.assign(
        source_name=[say(SOURCES[key]) for key in table["source"]],
        kind_name=[say(SUBJECTS[key]) for key in table["kind"]],
    )
    tables.show(named, columns, key=f"{KEY}.success", say=say, height=330, on_pick=_narrow)


def _narrow(row: dict[str, Any]) -> None:
    for field in ("source", "kind"):
        st.session_state[f"{KEY}.{field}"] = row[field]


def _listed(page: Page) -> None:
    """The disputes themselves, for who is signed in; a row opens its dispute."""
    say = page.say
    if page.user is None or page.actor.role is UserRole.PUBLIC:
        signin.ask(page.city, say=say)
        return
    names = {key: say(words) for key, words in STANDING.items()}
    with st.container(horizontal=True, vertical_alignment="center"):
        state = controls.menu(say("State"), names, key=f"{KEY}.state", width=220)
        found = page.city.mediation.list(
            page.view.area, state=state, **_chosen(), **_span(page)
        )
        st.text(say.plural("{n} dispute", "{n} disputes", len(found)))
    if found.empty:
        st.text(say("No dispute like this here. Choose another state, or a larger place."))
        return
    shown, columns = _rows(page, found.head(MOST_ROWS)), _columns(page)
    tables.show(shown, columns, key=f"{KEY}.list", say=say, height=360, on_pick=_open)


def _open(row: dict[str, Any]) -> None:
    session.change(dispute=int(row["id"]))


def _rows(page: Page, found: pd.DataFrame) -> pd.DataFrame:
    say = page.say
    return found.assign(
        place=[
            page.inside(page.city.places.path(code, page.lang))
            for code in found["area"].tolist()
        ],
        source_name=[say(SOURCES[key]) for key in found["source"]],
        kind_name=[say(SUBJECTS[key]) for key in found["kind"]],
        parties_named=[parties(say, roles) for roles in found["parties"]],
        state_name=[say(STATES[key]) for key in found["state"]],
        mediator_named=[signin.person(name, say) for name in found["mediator_name"]],
        entrusted=tables.moments(found["entrusted_at"]),
        due_back=tables.moments(found["return_due_at"]),
        sign=[
            say("late") if late else say("mediator has left") if stranded else ""
            for late, stranded in zip(found["late"], _left(page, found), strict=True)
        ],
    )


def _left(page: Page, found: pd.DataFrame) -> list[bool]:
    return [
        day is not None and day < page.city.today and state in IN_HAND
        for day, state in zip(found["mediator_to"], found["state"], strict=True)
    ]


def _columns(page: Page) -> dict[str, Any]:
    say = page.say
    return {
        "id": tables.text(say("Number"), width=58),
        "place": tables.text(say("Place"), width=170),
        "source_name": tables.text(say("Source"), width=88),
        "kind_name": tables.text(say("Kind"), width=125),
        "parties_named": tables.text(say("Parties"), width=140),
        "state_name": tables.text(say("State"), width=110),
        "mediator_named": tables.text(say("Mediator"), width=88),
        "entrusted": tables.moment(say("Entrusted"), width=116),
        "due_back": tables.moment(say("Slip due back"), width=116),
        "sign": tables.text(say("Signs"), width=90),
    }
