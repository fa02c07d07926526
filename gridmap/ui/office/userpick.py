"""Choosing a user of an area: by name, role and office, typed or picked."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.ui.frame import Page

MOST = 1500
"""Users a menu offers; of more, the place in the side bar narrows it."""


def area(page: Page) -> int:
    """The place administered: the area of the view where it lies in one's own, else the
    first of one's own.
    """
    return page.view.area if page.actor.covers(page.view.area) else page.actor.areas[0]


def names(page: Page, table: pd.DataFrame) -> dict[int, str]:
    """What each user of `table` (as `city.people.users`) is called in a menu."""
    rows = table.head(MOST).to_dict("records")
    roles = {key: page.say(words) for key, words in terms.USER_ROLES.items()}
    return {
        int(row["id"]): " · ".join(
            part
            for part in (
                page.person(int(row["id"])),
                roles[row["role"]],
                row["office_name"],
                row["area_name"] if row["area_name"] not in row["office_name"] else "",
            )
            if part
        )
        for row in rows
    }


def show(
    page: Page,
    label: str,
    *,
    key: str,
    fits: Callable[[pd.DataFrame], pd.Series] | None = None,
    active: bool = True,
) -> int:
    """A menu of the users of the place administered; `fits` narrows it; 0 while nobody is
    chosen.
    """
    table = page.city.people.users(area(page), lang=page.lang)
    if active:
        table = table[table["active"]]
    if fits is not None:
        table = table[fits(table)]
    options = names(page, table)
    found = st.selectbox(
        label,
        list(options),
        index=None,
        format_func=options.__getitem__,
        key=key,
        placeholder=page.say("Type a name, a role or an office"),
    )
    if len(table) > MOST:
        st.caption(
            page.say(
                "Only the first {n} are offered; choose a smaller place in the side bar.",
                n=MOST,
            )
        )
    return int(found or 0)
