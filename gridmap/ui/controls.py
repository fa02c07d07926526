"""The few controls a page has of its own; each is bound to the view, so that a link carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from gridmap import terms
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.ui import session
from gridmap.ui.frame import Page
from gridmap.ui.view import LEVELS

Parts = Mapping[str, tuple[str, Callable[[Page], None]]]
"""The parts of a page by name: what each is called, and what shows it."""

MAP_HEIGHT = "max(26rem, calc(100vh - 12.5rem))"
MAP_OVER_CHART_HEIGHT = "max(24rem, calc(100vh - 22rem))"
"""Heights that fill the first screen below the head, alone or over a strip of time."""


def choose(
    page: Page,
    field: str,
    options: Mapping[str, str],
    *,
    label: str,
    usual: str = "",
    menu: int = 0,
) -> str:
    """The view's `field` out of `options` (value → words), `usual` when it is none of them:
    a row, or a `menu` px wide.
    """
    asked = getattr(page.view, field)
    current: str = asked if asked in options else (usual or next(iter(options)))
    key = f"page.{field}"
    shared: dict[str, Any] = {
        "format_func": options.__getitem__,
        "key": key,
        "on_change": session.bound(key, field, current),
        "label_visibility": "collapsed",
    }
    if menu:
        st.selectbox(label, list(options), width=menu, **shared)
    else:
        st.segmented_control(label, list(options), required=True, **shared)
    return current


def level(page: Page, *, usual: Level | None = None, menu: int = 0) -> Level:
    """The level of the places that are coloured: any below the area shown; as fine as the
    reports bear, or `usual`.
    """
    shown = level_of(page.view.area)
    options = {
        name: page.say(terms.LEVELS[value])
        for name, value in LEVELS.items()
        if value > shown
    }
    if not options:
        return Level.GRID
    first = (
        page.city.figures.finest(page.view.selection) if usual is None else usual
    ).name.lower()
    return LEVELS[
        choose(page, "level", options, label=page.say("Level"), usual=first, menu=menu)
    ]


def matters_level(page: Page) -> Level:
    """The level of a map of single matters: townships, in a township and below the next
    finer places; a narrow menu.
    """
    return level(
        page,
        usual=Level.TOWNSHIP if page.view.area_level < Level.TOWNSHIP else None,
        menu=130,
    )


def part(page: Page, names: Mapping[str, str], *, key: str, usual: str) -> str:
    """Which of the parts of a page (name → words) is open, in a row above it; `usual` until
    one is chosen.
    """
    chosen = st.segmented_control(
        page.say("Part of the page"),
        list(names),
        default=usual,
        required=True,
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
        persist_state="page",
    )
    return chosen if chosen in names else usual


def parts(
    page: Page, declared: Parts, *, key: str, usual: str = "", **values: object
) -> Callable[[Page], None]:
    """The row of the parts of a page, and what shows the part that is open: the first, or
    `usual`, until one is chosen. `values` fill their words.
    """
    names = {name: page.say(words, **values) for name, (words, _) in declared.items()}
    return declared[part(page, names, key=key, usual=usual or next(iter(names)))][1]


def sheet(page: Page, total: int, *, rows: int) -> int:
    """Which sheet of a list of `total` is open, from 0, with `rows` a sheet; which those
    are, and the way to the sheets beside it.
    """
    say, sheets = page.say, -(-total // rows)
    shown = min(page.view.sheet, sheets - 1)
    with st.container(horizontal=True, vertical_alignment="center", key="pager"):
        st.text(
            say(
                "{first} to {last} of {total}",
                first=say.exact(shown * rows + 1),
                last=say.exact(min((shown + 1) * rows, total)),
                total=say.exact(total),
            )
        )
        if sheets > 1:
            for key, label, target in (
                ("before", say("Back"), shown - 1),
                ("after", say("Next"), shown + 1),
            ):
                st.button(
                    label,
                    key=f"sheet.{key}",
                    type="tertiary",
                    disabled=not 0 <= target < sheets,
                    on_click=session.change,
                    kwargs={"sheet": target},
                )
    return shown


def menu(label: str, names: Mapping[str, str], *, key: str, width: int) -> str:
    """What is chosen of `names` (value → words) in a menu of the page that no link carries;
    the first until then.
    """
    chosen = st.selectbox(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        width=width,
        label_visibility="collapsed",
        persist_state="page",
    )
    return chosen or next(iter(names))
