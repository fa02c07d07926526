"""The moves of a matter as one compact form: choose a move, say what it needs, make it.

What is sent is judged against the state the person saw: when somebody else was faster, the
form tells what happened meanwhile and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.calendar import TIME_ZONE, WORK_HOURS, from_epoch, to_epoch
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.fields import APT
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records.record import Order
from gridmap.cases.texts import LONGEST_TEXT
from gridmap.errors import GridmapError, StaleError
from gridmap.model import Status
from gridmap.ui import frame, notices, refusals, upload
from gridmap.ui.flow import timeline
from gridmap.ui.frame import Page
from gridmap.ui.records.form import REMARK
from gridmap.ui.session import Key
from gridmap.words import mark

RATINGS = {
    1: mark("1 very poor"),
    2: mark("2 poor"),
    3: mark("3 fair"),
    4: mark("4 good"),
    5: mark("5 very good"),
}
WITH_PHOTO = frozenset({Act.ANSWER, Act.NOTE})
EXPECTED = (
    Act.HEED,
    Act.RATE_WHISTLE,
    Act.GRANT_EXTENSION,
    Act.ACCEPT,
    Act.DISPATCH,
    Act.HANDLE,
    Act.ANSWER,
    Act.CLOSE,
    Act.EVALUATE,
    Act.RESUME,
)
"""Moves that lead on: the first of them that is possible is offered first."""


@dataclass
class Attempt:
    """The last move somebody tried on a matter and that failed: what was typed, and why it
    failed.
    """

    matter: int
    move: Act | None = None
    typed: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[int, ...] = ()
    error: GridmapError | None = None


def show(page: Page, dossier: Any, moves: tuple[str, ...], key: str) -> None:
    """The moves the person signed in can make on `dossier` now; after one the page runs
    anew, with a notice.
    """
    say, matter = page.say, dossier.case.matter
    notices.show()
    tried = _attempt(matter)
    if tried.error:
        _explain(page, tried)
    if not moves:
        st.text(say("There is nothing for you to do here now."))
        _typed_words(page, tried)
        return
    names = {str(move): say(terms.MOVES[move]) for move in moves}
    here = f"{key}.{matter}.{dossier.case.version}"
    usual = next((move for move in (tried.move, *EXPECTED) if move in moves), None)
    chosen = st.pills(
        say("Move"),
        list(names),
        default=str(usual) if usual else None,
        format_func=names.__getitem__,
        key=f"{here}.move",
        label_visibility="collapsed",
        wrap=True,
    )
    if chosen is None:
        st.caption(say("Choose what to do."))
        _typed_words(page, tried)
        return
    _form(page, dossier, Act(chosen), f"{here}.{chosen}")


def _form(page: Page, dossier: Any, move: Act, here: str) -> None:
    case, say, needs = dossier.case, page.say, MATTER.table[move].needs
    typed = _attempt(case.matter).typed
    with st.form(here, border=False, enter_to_submit=False):
        for name, draw in _DRAWN.items():
            if name in needs:
                _seed(f"{here}.{name}", typed.get(name))
                draw(page, dossier, move, f"{here}.{name}")
        _seed(f"{here}.reason", typed.get("reason"))
        _reason(page, move, f"{here}.reason", needed="reason" in needs)
        if move in WITH_PHOTO:
            upload.photo(page, f"{here}.photo")
        st.form_submit_button(
            say(terms.MOVES[move.value]),
            type="primary",
            on_click=_make,
            kwargs={
                "matter": case.matter,
                "version": case.version,
                "move": move,
                "here": here,
            },
        )


def _make(*, matter: int, version: int, move: Act, here: str) -> None:
    """Give the order as it was filled in, judged against the `version` of the matter that
    was on the screen.
    """
    page = frame.current()
    before = _attempt(matter)
    tried = Attempt(
        matter,
        move,
        {name: st.session_state.get(f"{here}.{name}") for name in (*_DRAWN, "reason")},
    )
    st.session_state[Key.ATTEMPT] = tried
    try:
        picture = st.session_state.get(f"{here}.photo")
        tried.attachments = (
            (page.city.photos.add(page.actor, picture.getvalue()).id,)
            if picture
            else before.attachments
        )
        page.city.matters.move(page.actor, matter, _order(move, tried), version=version)
    except GridmapError as error:
        tried.error = error
        return
    st.session_state[Key.ATTEMPT] = None
    st.session_state[Key.NOTICE] = page.say(
        "Done: {move}", move=page.say(terms.MOVES[move.value])
    )


def _order(move: Act, tried: Attempt) -> Order:
    typed = tried.typed
    return Order(
        move,
        office=int(typed["office"] or 0),
        person=int(typed["person"] or 0),
        reason=str(typed["reason"] or "").strip(),
        until=_closing(typed["until"]) if typed["until"] else 0,
        rating=int(typed["rating"] or 0),
        apt=typed["apt"],
        parent=int(typed["parent"] or 0),
        attachments=tried.attachments,
    )


def _attempt(matter: int) -> Attempt:
    """The last failed attempt on this matter, or an empty one."""
    found: Attempt | None = st.session_state.get(Key.ATTEMPT)
    return found if found is not None and found.matter == matter else Attempt(matter)


def _explain(page: Page, tried: Attempt) -> None:
    """Why the last attempt failed, and what happened meanwhile."""
    error = tried.error
    if error is None:
        return
    refusals.show(page, error)
    if isinstance(error, StaleError) and error.since:
        st.text(page.say("Meanwhile:"))
        timeline.lines(page, error.since)
    if tried.attachments:
        st.caption(page.say("The photo is kept and goes with the next try."))


def _typed_words(page: Page, tried: Attempt) -> None:
    """What somebody had written where there is no field for it any more, to be copied."""
    if tried.typed.get("reason"):
        st.caption(page.say("You had written:"))
        st.text(tried.typed["reason"])


def _seed(key: str, value: Any) -> None:
    """Give a field what was typed before, when it has nothing yet."""
    if value is not None and key not in st.session_state:
        st.session_state[key] = value


def _office(page: Page, dossier: Any, move: Act, key: str) -> None:
    table = page.city.people.targets(dossier.case, move)
    names = dict(
        zip(
            table["id"].tolist(),
            table["name" if page.lang == "zh" else "name_en"],
            strict=True,
        )
    )
    if key in st.session_state and st.session_state[key] not in names:
        del st.session_state[key]
    usual = page.city.people.department_of(dossier.case.grid, dossier.case.department)
    if move is Act.DISPATCH and usual in names:
        _seed(key, usual)
    if move is Act.WHISTLE and names:
        _seed(key, next(iter(names)))
    st.selectbox(
        page.say("To which office"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=key,
        placeholder=page.say("Choose an office"),
    )


def _person(page: Page, dossier: Any, _move: Act, key: str) -> None:
    table = page.city.people.members(dossier.case.office or page.actor.office)
    names = {
        int(number): f"{page.person(int(number))} · {page.say(terms.USER_ROLES[role])}"
        for number, role in zip(table["id"], table["role"], strict=True)
    }
    if key in st.session_state and st.session_state[key] not in names:
        del st.session_state[key]
    st.selectbox(
        page.say("To whom"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=key,
        placeholder=page.say("Choose a person"),
    )


def _until(page: Page, dossier: Any, _move: Act, key: str) -> None:
    due: date = from_epoch(dossier.case.due_at or page.city.now_s).date()
    first = max(due, page.city.today) + timedelta(days=1)
    if key in st.session_state and st.session_state[key] < first:
        del st.session_state[key]
    _seed(key, first)
    st.date_input(
        page.say("New limit, end of"), min_value=first, format="YYYY-MM-DD", key=key
    )


def _closing(day: date) -> int:
    """When offices close on `day`."""
    return to_epoch(
        datetime(day.year, day.month, day.day, tzinfo=TIME_ZONE)
        + timedelta(hours=WORK_HOURS[-1][1])
    )


def _rating(page: Page, _dossier: Any, _move: Act, key: str) -> None:
    say = page.say
    st.segmented_control(
        say("Rating"),
        list(RATINGS),
        format_func=lambda rating: say(RATINGS[rating]),
        key=key,
    )


def _apt(page: Page, _dossier: Any, _move: Act, key: str) -> None:
    say = page.say
    words = {True: say(APT.yes), False: say(APT.no)}
    st.radio(
        say("Was the whistle apt?"),
        list(words),
        index=None,
        format_func=words.__getitem__,
        key=key,
    )


def _parent(page: Page, dossier: Any, _move: Act, key: str) -> None:
    case, say = dossier.case, page.say
    table = page.city.matters.duplicates(
        dossier.category_code,
        dossier.lon,
        dossier.lat,
        at=case.reported_at,
        exclude=case.matter,
    )
    names = {
        int(row["matter"]): say(
            "{number}, {distance} m away, {status}",
            number=row["number"],
            distance=say.number(row["distance_m"]),
            status=say(terms.STATUSES[Status(int(row["status"])).name.lower()]),
        )
        for row in table.to_dict("records")
    }
    if key in st.session_state and st.session_state[key] not in names:
        del st.session_state[key]
    if not names:
        st.text(say("No matter of this kind is known near by."))
    st.selectbox(
        say("Which matter it repeats"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=key,
        placeholder=say("Choose a matter"),
    )


def _reason(page: Page, move: Act, key: str, *, needed: bool) -> None:
    label = MATTER.table[move].asks if needed else REMARK
    st.text_area(page.say(label), max_chars=LONGEST_TEXT, height=80, key=key)


_DRAWN: dict[str, Callable[[Page, Any, Act, str], None]] = {
    "office": _office,
    "person": _person,
    "until": _until,
    "rating": _rating,
    "apt": _apt,
    "parent": _parent,
}
"""The fields a move may need, beside the reason, in the order they are asked for."""
