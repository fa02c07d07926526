"""Tables of figures: side by side by place, and the cases behind one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.city.base.figure import Column, Figure
from gridmap.model import Level
from gridmap.names import person
from gridmap.ui import drill, tables
from gridmap.ui.board.asking import Asking
from gridmap.ui.frame import Page

MOST_ROWS = 300


def places(
    asking: Asking,
    figures: Iterable[Figure],
    level: Level,
    *,
    by: Figure,
    least_first: bool,
    some: Figure | None,
    height: int,
) -> None:
    """Figures side by side by place, the most (or the least) of `by` on top, places
    without any value before them; only those with `some`. A row opens its place.
    """
    page, listed = asking.page, list(figures)
    table = page.city.figures.table(
        [figure.key for figure in listed],
        asking.asked(),
        max(level, page.view.area_level),
        lang=page.lang,
        **asking.narrow,
    )
    if some is not None:
        table = table[table[some.key] > 0]
    table = table.sort_values(
        [by.key, "code"],
        ascending=[least_first, True],
        na_position="first",
        ignore_index=True,
    )
    tables.show(
        table,
        {"name": tables.text(page.say("Place"), width=150)}
        | {figure.key: _column(page, figure) for figure in listed},
        key=f"{asking.key}.places",
        say=page.say,
        height=height,
        on_pick=drill.opener(),
    )


def _column(page: Page, figure: Figure) -> Any:
    """The column of a figure, with its whole name for help where its head is short."""
    say = page.say
    help_ = say(figure.name) if figure.short else None
    if figure.shows in {"share", "change"}:
        return tables.share(say(figure.brief), help=help_)
    return tables.count(say(figure.brief), help=help_, digits=figure.decimals)


def cases(asking: Asking, figure: Figure, *, height: int) -> None:
    """What is behind a figure, at most `MOST_ROWS`, the first to act on on top; a row
    opens its place.
    """
    page = asking.page
    table = page.city.figures.cases(
        figure.key, asking.asked(), lang=page.lang, limit=MOST_ROWS, **asking.narrow
    )
    if table.empty:
        st.text(page.say("No gap of this kind here. Nothing to do."))
        return
    table["path"] = [page.inside(path) for path in table["path"]]
    for column in figure.columns:
        table[column.field] = _words(page, column, table[column.field])
    tables.show(
        table,
        {"path": tables.text(page.say("Place"), width="medium")}
        | {column.field: _heading(page, column) for column in figure.columns},
        key=f"{asking.key}.{figure.key}.{page.view.area}",
        say=page.say,
        height=height,
        on_pick=drill.opener(),
    )


def _heading(page: Page, column: Column) -> Any:
    name = page.say(column.name)
    if column.kind == "tenth":
        return tables.count(name, digits=1)
    if column.kind == "day":
        return tables.day(name)
    if column.kind == "flag":
        return tables.flag(name)
    return tables.count(name) if column.kind == "count" else tables.text(name)


def _words(page: Page, column: Column, values: pd.Series) -> Any:
    """Numbers that stand for words as these, names of people romanised in English."""
    if column.kind == "level":
        return [page.say(terms.LEVELS[Level(number)]) for number in values]
    if column.kind == "person":
        return [person(name, page.lang) for name in values]
    return values
