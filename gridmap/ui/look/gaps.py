"""What is vacant by role and place, beside the board of gaps."""

from __future__ import annotations

import streamlit as st

from gridmap.city.base.figure import Figure
from gridmap.city.look.unled import VACANT_CHIEFS
from gridmap.city.look.unstaffed import VACANCIES
from gridmap.model import Level
from gridmap.ui import drill, tables
from gridmap.ui.board import Board
from gridmap.words import mark

UNITS_OF = {
    Level.CITY: mark("cities"),
    Level.COUNTY: mark("counties"),
    Level.TOWNSHIP: mark("townships"),
    Level.VILLAGE: mark("villages"),
}


def vacancies(board: Board, level: Level) -> None:
    """What is vacant by role and place, the places with most on top; a row opens its place."""
    page, say, view = board.page, board.page.say, board.page.view
    if view.area_level > Level.VILLAGE:
        return
    level = min(max(level, view.area_level), Level.VILLAGE)
    posts = _posts(level)
    table = page.city.figures.table(
        posts, board.asked(), level, lang=page.lang, counts=True
    )
    total = table[list(posts)].sum(axis=1)
    paths = [page.city.places.path(code, page.lang) for code in table["code"]]
    table = table.assign(total=total, place=[page.inside(path) for path in paths])
    vacant = table[total > 0].sort_values(
        ["total", "code"], ascending=[False, True], ignore_index=True
    )
    st.subheader(say("Vacancies by role"))
    st.text(
        say(
            "{vacant} posts vacant in {places} of {all} {level}.",
            vacant=say.exact(int(total.sum())),
            places=say.exact(len(vacant)),
            all=say.exact(len(table)),
            level=say(UNITS_OF[level]),
        )
    )
    columns = {
        "place": tables.text(say("Place"), width="medium"),
        "total": tables.count(say("Vacant")),
        **{key: tables.count(say(figure.name)) for key, figure in posts.items()},
    }
    key = f"vacancies.{view.area}.{level.name.lower()}"
    tables.show(vacant, columns, key=key, say=say, height=330, on_pick=drill.opener())


def _posts(level: Level) -> dict[str, Figure]:
    """The posts that places of `level`, or places in them, have; by key."""
    chiefs = [figure for figure in VACANT_CHIEFS if figure.finest >= level]
    return {figure.key: figure for figure in (*VACANCIES, *chiefs)}
