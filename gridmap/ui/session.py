"""The view of a person, held in the session and told by the URL, changed in one place.

Every session key that more than one module uses is named here; the key of a widget, or of what
one module keeps for itself, is spelled in that module alone. The view survives page changes
because widgets are given it anew at each run instead of owning it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

import streamlit as st

from gridmap.ui.view import View, from_url, period_of, to_url

MATTER_PAGE = "pages/matter.py"
INBOX_PAGE = "pages/inbox.py"
_NOT_FILTERS = {
    "sheet",
    "matter",
    "box",
    "lang",
    "dispute",
    "task",
    "meeting",
    "contract",
    "deliberation",
    "record",
}


class Key(StrEnum):
    """What the pages keep in `st.session_state` and share between modules."""

    VIEW = "gridmap.view"
    URLS = "gridmap.urls"
    IGNORED = "gridmap.ignored"
    RETURN_TO = "gridmap.return_to"
    LAST_GOOD = "gridmap.last_good"
    GO = "gridmap.go"
    FRAME = "gridmap.frame"
    PLAYING = "gridmap.playing"
    IMPORT = "gridmap.import"
    DRAFTS = "gridmap.drafts"
    ROUND = "gridmap.round"
    SEEN = "gridmap.seen"
    NEW_KEY = "gridmap.new_key"
    TRIED = "gridmap.tried"
    TRIED_RESULT = "gridmap.tried_result"
    LANGUAGE = "side.language"
    SEARCH = "side.search"
    PERIOD = "side.period"
    DATES = "side.dates"
    CATEGORIES = "side.categories"
    STATUSES = "side.statuses"
    PLAN = "side.plan"
    USER = "gridmap.user"
    INSTEAD_OF = "gridmap.instead_of"
    SIGN_IN = "side.sign_in"
    STAND_IN = "side.stand_in"
    NOTICE = "gridmap.notice"
    ATTEMPT = "gridmap.attempt"
    FOCUS = "gridmap.focus"
    FAULTS = "gridmap.faults"
    FAULT = "gridmap.fault"
    UNIT = "gridmap.unit"
    SESSION = "gridmap.session"
    EDITOR = "gridmap.editor"
    PROPOSALS = "gridmap.proposals"
    PANEL = "draft.panel"
    COMMENTING = "draft.commenting"
    MEDIATION_PART = "mediation.part"
    VILLAGES_PART = "villages.part"
    VILLAGES_NEXT = "villages.next"
    DRAWING = "gridmap.drawing"


def begin(
    usual: View, *, today: date, areas: Callable[[int], bool], categories: Iterable[str]
) -> View:
    """The view of this run: the session's, or the URL's where somebody came by a link.

    A URL this session wrote itself says nothing new; any other one that says something is followed.
    """
    url = dict(st.query_params)
    view = st.session_state.get(Key.VIEW)
    if view is None or (url and url not in st.session_state.get(Key.URLS, [])):
        url.pop("embed", None)
        view, ignored = from_url(
            url, view or usual, today=today, areas=areas, categories=categories
        )
        st.session_state[Key.IGNORED] = ignored
    if view.period != "custom":
        start, end = period_of(view.period, today)
        view = replace(view, start=start, end=end)
    st.session_state[Key.VIEW] = view
    return view


def tell() -> None:
    """Write the view into the URL, remembering what was written."""
    url = to_url(now())
    written: list[dict[str, str]] = st.session_state.setdefault(Key.URLS, [])
    if url not in written:
        written.append(url)
        del written[:-64]
    if dict(st.query_params) != url:
        st.query_params.from_dict(url)


def now() -> View:
    """The view as it stands."""
    view: View = st.session_state[Key.VIEW]
    return view


def change(**changes: Any) -> None:
    """Change parts of the view; the next run shows it. A list that is filtered anew begins
    on its first sheet.
    """
    if not changes.keys() <= _NOT_FILTERS:
        changes.setdefault("sheet", 0)
    st.session_state[Key.VIEW] = replace(now(), **changes)


def go(page: str) -> None:
    """Open `page` (its path) as soon as the run may switch."""
    st.session_state[Key.GO] = page


def open_matter(matter: int) -> None:
    """Open one matter."""
    change(matter=int(matter))
    go(MATTER_PAGE)


def bound(
    key: str, field: str, value: Any, read: Callable[[Any], Any] = lambda value: value
) -> Callable[[], None]:
    """Give the widget `key` its `value` for this run; return the callback that takes what a
    person picks into `field`.

    A widget emptied by a click on what was picked already changes nothing.
    """
    if field not in {known.name for known in fields(View)}:
        raise KeyError(field)
    st.session_state[key] = value

    def take() -> None:
        picked = st.session_state[key]
        if picked is not None:
            change(**{field: read(picked)})

    return take
