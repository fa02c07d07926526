"""All matters as a list: filters of its own beside those of the side bar, page by page, and
the whole of it as a file.
"""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_number
from gridmap.city.flow.matters import MatterFilter
from gridmap.codes import ancestors, level_of
from gridmap.model import Level, OfficeKind, Status, UserRole
from gridmap.ui import controls, exports, session
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.ui.view import LONGEST_SEARCH, searched
from gridmap.words import Words

ROWS_A_SHEET = 100
MOST_EXPORTED = 50_000
MENU_WIDTH = 200
FIND_KEY = "page.find"
_KINDS_AT: dict[Level, tuple[OfficeKind, ...]] = {
    Level.CITY: (OfficeKind.CITY, OfficeKind.COUNTY, OfficeKind.DEPARTMENT),
    Level.COUNTY: (OfficeKind.COUNTY, OfficeKind.DEPARTMENT, OfficeKind.TOWNSHIP),
}
"""Which offices of a large place are offered; of smaller ones, all."""


def controls_row(page: Page) -> None:
    """What is listed: open ones or those reported in the period, marks, office, words."""
    say = page.say
    with st.container(horizontal=True, vertical_alignment="center", key="controls"):
        which = {"open": say("Open now"), "reported": say("Reported in the period")}
        controls.choose(page, "which", which, label=say("Which matters"))
        flags = {
            "": say("All"),
            **{name: say(words) for name, words in terms.FLAGS.items()},
        }
        controls.choose(page, "flag", flags, label=say("Marks"))
        _office(page)
        _find(say, page.view.find)


def show(page: Page) -> None:
    """The rows of this sheet, how many there are in all, and the file of all of them."""
    say, matters = page.say, page.city.matters
    wanted = filter_of(page)
    total = matters.count(wanted)
    if not total:
        st.text(
            say(
                "No matter fits. Choose fewer filters here or in the side bar, or a larger place."
            )
        )
        return
    sheet = controls.sheet(page, total, rows=ROWS_A_SHEET)
    found = matters.find(wanted, limit=ROWS_A_SHEET, offset=sheet * ROWS_A_SHEET)
    matterlist.show(page, found, key=f"matters.{sheet}", offer=False)
    rows = partial(table, page, wanted)
    with st.container(horizontal=True, gap="medium"):
        exports.links(rows, key="matters", say=say, labels=exports.ALL_ROWS)
        if total > MOST_EXPORTED:
            st.caption(say("A file holds the first {n} rows.", n=say.exact(MOST_EXPORTED)))


def filter_of(page: Page) -> MatterFilter:
    """The question this page and the side bar ask together."""
    view = page.view
    reported = view.which == "reported"
    return MatterFilter(
        area=view.area,
        office=view.office or None,
        # Residents see what they have reported, not what others have.
        reporter=page.actor.user if page.actor.role is UserRole.PUBLIC else None,
        categories=view.categories,
        statuses=tuple(Status[name.upper()] for name in view.statuses),
        open_only=not reported and not view.statuses,
        reported_from=day_number(view.start) * DAY_S - UTC_OFFSET_S if reported else 0,
        reported_to=(day_number(view.end) + 1) * DAY_S - UTC_OFFSET_S if reported else 0,
        text=view.find,
        near_due=view.flag == "near_due",
        overdue=view.flag == "overdue",
        whistled=view.flag == "whistled",
        supervised=view.flag == "supervised",
    )


def table(page: Page, wanted: MatterFilter) -> pd.DataFrame:
    """All rows as they go into a file: the columns of the list under the headings it has."""
    found = page.city.matters.find(wanted, limit=MOST_EXPORTED)
    return exports.under_headings(matterlist.shown(page, found), matterlist.columns(page))


def _office(page: Page) -> None:
    say, people, view = page.say, page.city.people, page.view
    level = level_of(view.area)
    table = people.offices(area=view.area)
    kinds = _KINDS_AT.get(level)
    if kinds:
        table = table[table["kind"].isin([kind.value for kind in kinds])]
    numbers = [int(number) for number in table["id"]]
    # What lies over a small place handles its matters too.
    for area in ancestors(view.area)[1:-1]:
        above = people.offices(area=area)
        numbers += [
            int(number)
            for number, own in zip(above["id"], above["area"], strict=True)
            if own == area
        ]
    names = {
        number: people.office_name(number, page.lang) for number in dict.fromkeys(numbers)
    }
    if view.office and view.office not in names:
        names[view.office] = people.office_name(view.office, page.lang) or str(view.office)
    key = "page.office"
    st.session_state[key] = view.office or None
    st.selectbox(
        say("Office"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=key,
        width=MENU_WIDTH,
        placeholder=say("All offices"),
        label_visibility="collapsed",
        on_change=lambda: session.change(office=int(st.session_state[key] or 0), sheet=0),
    )


def _find(say: Words, shown: str) -> None:
    st.session_state[FIND_KEY] = shown
    st.text_input(
        say("Words or number"),
        key=FIND_KEY,
        placeholder=say("Words or case number"),
        max_chars=LONGEST_SEARCH,
        icon=":material/search:",
        label_visibility="collapsed",
        width=MENU_WIDTH,
        on_change=_take_words,
    )


def _take_words() -> None:
    try:
        words = searched(st.session_state[FIND_KEY])
    except ValueError:
        words = ""
    session.change(find=words, sheet=0)
