"""The moves of a matter as one compact form: choose a move, say what it needs, make it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.calendar import TIME_ZONE, WORK_HOURS, from_epoch, to_epoch
from gridmap.cases.lifecycle import Order
from gridmap.cases.moves import RULES, Move
from gridmap.model import Status
from gridmap.ui import refusals, upload
from gridmap.ui.frame import Page
from gridmap.ui.session import Key
from gridmap.words import mark, plain

LONGEST_REASON = 2000
RATINGS = {
    1: mark("1 very poor"), 2: mark("2 poor"), 3: mark("3 fair"), 4: mark("4 good"), 5: mark("5 very good"),
}  # fmt: skip
REASONS = {
    Move.REJECT: mark("Why it is not accepted"),
    Move.ANSWER: mark("What was done"),
    Move.REWORK: mark("What is still wrong"),
    Move.RETURN: mark("Why it goes back"),
    Move.TRANSFER: mark("Why it goes there"),
    Move.WHISTLE: mark("What cannot be solved here, and what is asked for"),
    Move.ASK_EXTENSION: mark("Why more time is needed"),
    Move.REFUSE_EXTENSION: mark("Why there is no more time"),
    Move.PARK: mark("Why it is parked"),
    Move.VOID: mark("Why it is void"),
    Move.SUPERVISE: mark("What is expected, and by whom"),
    Move.REOPEN: mark("Why it is opened again"),
    Move.NOTE: mark("Note"),
}
"""What is asked for where a move needs words."""
WITH_PHOTO = frozenset({Move.ANSWER, Move.NOTE})


def show(page: Page, dossier: Any, moves: tuple[Move, ...], key: str) -> None:
    """The moves the person signed in can make on `dossier` now; after one the page runs anew, with a notice."""
    say = page.say
    notice(page)
    if not moves:
        st.text(say("There is nothing for you to do here now."))
        return
    names = {move.value: say(terms.MOVES[move.value]) for move in moves}
    here = f"{key}.{dossier.case.matter}.{dossier.case.version}"
    chosen = st.pills(
        say("Move"), list(names), default=moves[0].value, required=True, format_func=names.__getitem__,
        key=f"{here}.move", label_visibility="collapsed",
    )  # fmt: skip
    move = Move(chosen or moves[0].value)
    with st.form(f"{here}.{move.value}", border=False, enter_to_submit=False):
        order, picture = _fields(page, dossier, move, f"{here}.{move.value}")
        made = st.form_submit_button(names[move.value], type="primary")
    if made:
        with refusals.caught(page):
            _make(page, dossier, order, picture)
            st.session_state[Key.NOTICE] = say("Done: {move}", move=names[move.value])
            st.rerun()


def notice(page: Page) -> None:  # noqa: ARG001  (every part of a page is given the page)
    """Say once what was done by the run before."""
    told = st.session_state.pop(Key.NOTICE, "")
    if told:
        st.success(plain(told), icon=":material/check:")


def _fields(page: Page, dossier: Any, move: Move, key: str) -> tuple[Order, Any]:
    """The order as filled in, and a picture."""
    needs = RULES[move].needs
    order = Order(move)
    if "office" in needs:
        order = replace(order, office=_office(page, dossier, move, key))
    if "person" in needs:
        order = replace(order, person=_person(page, dossier, key))
    if "until" in needs:
        order = replace(order, until=_until(page, dossier, key))
    if "rating" in needs:
        order = replace(order, rating=_rating(page, key))
    if "apt" in needs:
        order = replace(order, apt=_apt(page, key))
    if "parent" in needs:
        order = replace(order, parent=_parent(page, dossier, key))
    order = replace(order, reason=_reason(page, move, key, needed="reason" in needs))
    return order, upload.photo(page, f"{key}.photo") if move in WITH_PHOTO else None


def _office(page: Page, dossier: Any, move: Move, key: str) -> int:
    table = page.city.people.targets(dossier.case, move)
    column = "name" if page.lang == "zh" else "name_en"
    names = dict(zip(table["id"].tolist(), table[column], strict=True))
    usual = page.city.people.department_of(dossier.case.grid, dossier.case.department)
    first = list(names).index(usual) if move is Move.DISPATCH and usual in names else None
    if move is Move.WHISTLE and names:
        first = 0
    found = st.selectbox(
        page.say("To which office"), list(names), index=first, format_func=names.__getitem__, key=f"{key}.office",
        placeholder=page.say("Choose an office"),
    )  # fmt: skip
    return int(found or 0)


def _person(page: Page, dossier: Any, key: str) -> int:
    table = page.city.people.members(dossier.case.office or page.actor.office)
    names = {int(number): page.person(int(number)) for number in table["id"]}
    found = st.selectbox(
        page.say("To whom"), list(names), index=None, format_func=names.__getitem__, key=f"{key}.person",
        placeholder=page.say("Choose a person"),
    )  # fmt: skip
    return int(found or 0)


def _until(page: Page, dossier: Any, key: str) -> int:
    due: date = from_epoch(dossier.case.due_at or page.city.now_s).date()
    first = max(due, page.city.today) + timedelta(days=1)
    day = st.date_input(
        page.say("New limit, end of"), value=first, min_value=first, format="YYYY-MM-DD", key=f"{key}.until"
    )
    closing = datetime(day.year, day.month, day.day, tzinfo=TIME_ZONE) + timedelta(hours=WORK_HOURS[-1][1])
    return to_epoch(closing)


def _rating(page: Page, key: str) -> int:
    found = st.segmented_control(
        page.say("Rating"), list(RATINGS), format_func=lambda rating: page.say(RATINGS[rating]), key=f"{key}.rating"
    )
    return int(found or 0)


def _apt(page: Page, key: str) -> bool | None:
    say = page.say
    words = {True: say("Apt: we take it on"), False: say("Not apt: back to who whistled")}
    return st.radio(
        say("Was the whistle apt?"), list(words), index=None, format_func=words.__getitem__, key=f"{key}.apt"
    )


def _parent(page: Page, dossier: Any, key: str) -> int:
    case, say = dossier.case, page.say
    table = page.city.matters.duplicates(
        dossier.category_code, dossier.lon, dossier.lat, at=case.reported_at, exclude=case.matter
    )
    names = {
        int(row.matter): say(
            "{number}, {distance} m away, {status}",
            number=row.number,
            distance=say.number(row.distance_m),
            status=say(terms.STATUSES[Status(row.status).name.lower()]),
        )
        for row in table.itertuples()
    }
    if not names:
        st.text(say("No matter of this kind is known near by."))
    found = st.selectbox(
        say("Which matter it repeats"), list(names), index=None, format_func=names.__getitem__, key=f"{key}.parent",
        placeholder=say("Choose a matter"),
    )  # fmt: skip
    return int(found or 0)


def _reason(page: Page, move: Move, key: str, *, needed: bool) -> str:
    label = page.say(REASONS.get(move, "Reason") if needed else "Remark (optional)")
    words = st.text_area(label, max_chars=LONGEST_REASON, height=80, key=f"{key}.reason")
    return words.strip()


def _make(page: Page, dossier: Any, order: Order, picture: Any) -> None:
    if picture is not None:
        photo = page.city.photos.add(page.actor, picture.getvalue())
        order = replace(order, attachments=(photo.id,))
    page.city.matters.move(page.actor, dossier.case.matter, order, version=dossier.case.version)
