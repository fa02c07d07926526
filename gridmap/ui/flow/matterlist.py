"""A list of matters, the same on every page: what, where, state, limit with what is left of
it, whose move; a click opens one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.model import Status
from gridmap.ui import clocks, session, tables
from gridmap.ui.frame import PATH, Page
from gridmap.words import NONE

ROW_PX, HEAD_PX = tables.ROW_PX, tables.HEAD_PX
FEW = 15
"""Rows that fit the smallest screen."""


def show(
    page: Page,
    found: pd.DataFrame,
    *,
    key: str,
    offer: bool = True,
    height: int | None = None,
) -> None:
    """Show `found` (columns of `city.matters.find`); a row that is picked opens its matter.

    `offer` adds the quiet link to the same rows as CSV. Without a `height` a short list is
    as high as its rows, a long one fills the screen.
    """
    tall = height is None and len(found) > FEW
    table = shown(page, found)
    heads = columns(page)
    if not table["signs"].any():
        del heads["signs"]
    tables.show(
        table,
        heads,
        key=key,
        say=page.say,
        height="stretch" if tall else height or HEAD_PX + ROW_PX * max(len(found), 1),
        on_pick=_open,
        offer=offer,
    )
    st.caption(
        page.say("A click on a row opens its matter. Times are those of Asia/Shanghai.")
    )


def shown(page: Page, found: pd.DataFrame) -> pd.DataFrame:
    """`found` in the page's words.

    matter, number, what, where, state, due (time or NaT), left, whose, reported (time),
    signs (whistled, supervised, repeated), words (of the report, as written).
    """
    say, city, now = page.say, page.city, page.city.now_s
    paths = city.category_paths(page.lang)
    states = [Status(int(number)) for number in found["status"]]
    dues = [
        clocks.next_due(int(step), int(due)) if state.is_open else 0
        for step, due, state in zip(
            found["step_due_at"], found["due_at"], states, strict=True
        )
    ]
    holders = zip(states, found["office"].tolist(), found["person"].tolist(), strict=True)
    return pd.DataFrame(
        {
            "matter": found["matter"].to_numpy(),
            "number": [number or NONE for number in found["number"]],
            "what": [
                paths[code][-1] if code in paths else str(code)
                for code in found["category"]
            ],
            "where": _places(page, found["grid"]),
            "state": [say(terms.STATUSES[state.name.lower()]) for state in states],
            "due": tables.moments(pd.Series(dues, dtype="int64")),
            "left": [clocks.left(due, now, say) for due in dues],
            "whose": [
                clocks.whose_move(page, state, int(office), int(person))
                for state, office, person in holders
            ],
            "reported": tables.moments(found["reported_at"].reset_index(drop=True)),
            "signs": [_signs(page, row) for row in found.to_dict("records")],
            "words": found["text"].fillna("").to_numpy(),
        }
    )


def columns(page: Page) -> dict[str, Any]:
    """The columns of `shown` with their headings."""
    say = page.say
    columns = {
        "left": tables.text(say("Left")),
        "due": tables.moment(say("Limit")),
        "what": tables.text(width=172),
        "where": tables.text(width=262),
        "state": tables.text(),
        "whose": tables.text(width=190),
        "signs": tables.text(say("Marks"), width=90),
        "words": tables.text(say("Words of the report, as written"), width="large"),
        "reported": tables.moment(),
        "number": tables.text(),
    }
    return tables.named(columns, say)


def _places(page: Page, grids: pd.Series) -> list[str]:
    """Where the matters lie, without the county when it is the same for all."""
    paths = [
        path.split(PATH)
        for path in (page.city.places.path(int(grid), page.lang) for grid in grids)
    ]
    first = 1 if len({path[0] for path in paths}) == 1 else 0
    return [PATH.join(path[first:]) for path in paths]


def _signs(page: Page, row: dict[Any, Any]) -> str:
    say = page.say
    signs = [
        say("whistle open") if row["whistled_at"] else "",
        say("supervised") if row["supervised"] else "",
        say("repeats another") if row["parent"] else "",
    ]
    return say.listing([sign for sign in signs if sign])


def _open(row: dict[str, Any]) -> None:
    session.open_matter(int(row["matter"]))
