"""The places that need a look, each with the reason in one sentence; a click opens the place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from gridmap.ui import exports, frame
from gridmap.ui.frame import Page
from gridmap.words import Words, plain

Params = dict[str, Any]

KEY = "page.attention"


def found(page: Page, number: int = 10) -> pd.DataFrame:
    """The worst places of the view: code, path, why (one sentence)."""
    table = page.city.overview.attention(number, page.lang, page.view.selection)
    sentences = [
        why(reason, params, page.say)
        for reason, params in zip(table["reason"], table["params"], strict=True)
    ]
    return table.assign(why=sentences, path=[page.inside(path) for path in table["path"]])


def show(page: Page) -> None:
    """The list, one row a place; a click opens it.

    One choice instead of a button and a text for each row: every widget less on the page is
    time the map above does not wait for.
    """
    table = found(page)
    if table.empty:
        st.text(
            page.say(
                "Nothing stands out in this period: no place departs from what is expected."
            )
        )
        return
    paths = dict(zip(table["code"].tolist(), table["path"], strict=True))
    st.session_state[KEY] = None
    with st.container(key="attention", gap="xxsmall"):
        st.radio(
            page.say("Places that need a look"),
            list(paths),
            format_func=lambda code: plain(paths[code]),
            captions=[plain(reason) for reason in table["why"]],
            key=KEY,
            label_visibility="collapsed",
            on_change=_open,
        )
        named = table[["path", "why"]].set_axis(
            [page.say("Place"), page.say("Why")], axis=1
        )
        exports.links(
            named,
            key=f"attention.{page.view.area}",
            say=page.say,
            labels=exports.CSV,
        )


def _open() -> None:
    """Open the place that was picked."""
    code = st.session_state[KEY]
    if code is not None:
        frame.open_area(int(code))


def why(reason: str, params: Params, say: Words) -> str:
    """What is unusual about a place."""
    return _REASONS[reason](params, say)


def _surge(p: Params, say: Words) -> str:
    return say.plural(
        "{n} report, where {expected} are usual ({ratio} times)",
        "{n} reports, where {expected} are usual ({ratio} times)",
        p["observed"],
        expected=say.exact(p["expected"]),
        ratio=f"{p['ratio']:.1f}",
    )


def _late(p: Params, say: Words) -> str:
    return say(
        "{percent}% closed on time ({late} of {due} late), against {city_percent}% all around",
        percent=f"{p['percent']:.1f}",
        late=say.exact(p["late"]),
        due=say.exact(p["due"]),
        city_percent=f"{p['city_percent']:.1f}",
    )


def _backlog(p: Params, say: Words) -> str:
    return say.plural(
        "{n} open matter past its limit, of {open} open",
        "{n} open matters past their limit, of {open} open",
        p["overdue"],
        open=say.exact(p["open"]),
    )


def _silent(p: Params, say: Words) -> str:
    return say.plural(
        "{n} silent grid of {grids}: {observed} reports in {days} days, where {expected} "
        "are expected",
        "{n} silent grids of {grids}: {observed} reports in {days} days, where {expected} "
        "are expected",
        p["silent"],
        grids=say.exact(p["grids"]),
        observed=say.exact(p["observed"]),
        days=say.exact(p["days"]),
        expected=say.exact(p["expected"]),
    )


def _vacancy(p: Params, say: Words) -> str:
    return say.plural(
        "{n} of {grids} grids has no worker",
        "{n} of {grids} grids have no worker",
        p["without"],
        grids=say.exact(p["grids"]),
    )


def _roles(p: Params, say: Words) -> str:
    return say.plural(
        "{n} of {villages} villages lacks a police officer, a legal adviser or a mediator",
        "{n} of {villages} villages lack a police officer, a legal adviser or a mediator",
        p["lacking"],
        villages=say.exact(p["villages"]),
    )


_REASONS: dict[str, Callable[[Params, Words], str]] = {
    "surge": _surge,
    "late": _late,
    "backlog": _backlog,
    "silent": _silent,
    "vacancy": _vacancy,
    "roles": _roles,
}
