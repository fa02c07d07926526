"""The places of a level as bars, with intervals and their median."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.base.figure import Figure
from gridmap.model import Level
from gridmap.ui import charts, drill
from gridmap.ui.board.asking import Asking
from gridmap.words import Words, mark

MOST_BARS = 22
SHRUNKEN = mark(
    "Bar: share drawn towards the mean of all, the more the less was counted; beside it as "
    "counted."
)
INTERVAL = mark(
    "Thin line: 95% interval. Places whose lines overlap much can hardly be told apart."
)


def draw(
    asking: Asking,
    figure: Figure,
    level: Level,
    *,
    key: str,
    nothing: str,
    median: bool,
) -> None:
    """The places of `level`, the highest first; a click opens one; `nothing` is said when
    there is none.
    """
    page, say = asking.page, asking.page.say
    level = min(level, figure.finest)
    table = page.city.figures.per_place(
        figure.key, asking.asked(), level, lang=page.lang, **asking.narrow
    )
    shrunken = "rate" in table
    drawn = "rate" if shrunken else "value"
    ranked = table[np.isfinite(table["value"])].sort_values(
        [drawn, "code"], ascending=[False, True], ignore_index=True
    )
    if ranked.empty:
        st.text(nothing)
        return
    what = say(terms.LEVELS[level])
    st.text(_shown(say, what, len(ranked)))
    charts.show(
        _chart(asking, figure, ranked, drawn=drawn, median=median),
        ranked,
        key=f"{key}.{figure.key}.{page.view.area}",
        say=say,
        alt_text=f"{say(figure.name)}, {what}",
        on_pick=drill.opener(),
    )
    if shrunken:
        st.caption(say(SHRUNKEN))
    st.caption(say(INTERVAL))


def _chart(
    asking: Asking, figure: Figure, ranked: pd.DataFrame, *, drawn: str, median: bool
) -> charts.Drawing:
    """Bars of the column `drawn`; beside each what was counted."""
    page, say = asking.page, asking.page.say
    top = ranked.head(MOST_BARS)
    labels = [_label(say, figure, row) for row in top.to_dict("records")]
    middle = float(ranked["value"].median()) if median else None
    named = "" if middle is None else say.exact(middle, figure.decimals)
    return charts.ranked(
        top.assign(value=top[drawn], label=labels),
        say=say,
        unit=say(figure.shown_unit),
        median=middle,
        median_label=say("median of {place}: {value}", place=page.place, value=named),
    )


def _label(say: Words, figure: Figure, row: dict[Any, Any]) -> str:
    if figure.shows == "share":
        return say.share(row["numerator"], row["denominator"])
    return say.exact(row["value"], figure.decimals)


def _shown(say: Words, what: str, number: int) -> str:
    """Which places are shown, and of how many."""
    if number <= MOST_BARS:
        return say("{places}, highest first", places=what)
    every = say.exact(number)
    return say("{places}: the {n} highest of {all}", places=what, n=MOST_BARS, all=every)
