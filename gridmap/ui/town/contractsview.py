"""The clean-up of contracts: how far it is on the map and by place, one contract beside it,
the contracts below.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from gridmap.cases.contracts import ASSETS
from gridmap.cases.contracts import STATES as STEPS
from gridmap.city.town.figures import (
    CLEAN_UP,
    CONTRACTS_CLEARED,
    CONTRACTS_DECIDED,
    CONTRACTS_GAIN,
    LISTED,
)
from gridmap.codes import parent
from gridmap.model import Level
from gridmap.ui import controls, session, signin, tables
from gridmap.ui.board import Board
from gridmap.ui.frame import Page
from gridmap.ui.town import contractview
from gridmap.ui.town.villagewords import money
from gridmap.words import mark

KEY = "contracts"
MOST_ROWS = 2500
STATES = {
    "": mark("All contracts"),
    "open": mark("Still to decide"),
    **{str(key): text for key, text in STEPS.items()},
}


MEASURES = (CONTRACTS_DECIDED, CONTRACTS_CLEARED, CONTRACTS_GAIN)
"""What the map can show."""
MAP_HEIGHT = "max(24rem, calc(100vh - 26rem))"


def filters(page: Page) -> None:
    """What the map shows; step and kind the list is narrowed to."""
    say = page.say
    for field, label, named in (
        (
            "measure",
            say("Shown on the map"),
            {figure.key: say(figure.name) for figure in MEASURES},
        ),
        (
            "state",
            say("Step of the clean-up"),
            {key: say(text) for key, text in STATES.items()},
        ),
        (
            "kind",
            say("Kind"),
            {
                "": say("All kinds"),
                **{str(key): say(text) for key, text in ASSETS.items()},
            },
        ),
    ):
        controls.menu(label, named, key=f"{KEY}.{field}", width=160)


def show(page: Page, level: Level) -> None:
    """The map, the figures or one contract beside it, the list."""
    left, right = st.columns([1.62, 1])
    with left:
        chosen = st.session_state.get(f"{KEY}.measure") or MEASURES[0].key
        figure = page.city.figures.get(chosen)
        Board(page, KEY).show(figure, level, height=MAP_HEIGHT)
    with right:
        if page.view.contract:
            with st.container(border=True):
                contractview.show(page, page.view.contract)
        else:
            _figures(page, level)
    _listed(page)


def area_of(page: Page) -> int:
    """The area whose contracts are listed: a grid's are its village's."""
    area = page.view.area
    return parent(area, Level.VILLAGE) if page.view.area_level is Level.GRID else area


def _figures(page: Page, level: Level) -> None:
    say, room, area = page.say, page.city.contracts, area_of(page)
    total = room.campaign(area)
    if not total["contracts"]:
        st.text(
            say(
                "No contract is listed here yet. Clerks and chiefs of the village list one above."
            )
        )
        return
    decided = total["kept"] + total["cleared"]
    title = say("{n} contracts cleared", n=say.exact(total["cleared"]))
    st.markdown(f"**{title}**")
    st.text(say("Kept or cleared: {share}", share=say.share(decided, total["contracts"])))
    st.text(
        say(
            "Rent a year {gain}; measured {mu} mu more than written",
            gain=_signed(page, total["gain"]),
            mu=say.exact(total["surplus_mu"]),
        )
    )
    before, after, villages = room.growth(area)
    if villages:
        st.text(
            say(
                "Collective income of {n} villages: {before} before, {after} after ({growth})",
                n=say.exact(villages),
                before=money(say, before),
                after=money(say, after),
                growth=_signed(page, after - before),
            )
        )
    if page.view.area_level < Level.VILLAGE:
        Board(page, KEY).places(CLEAN_UP, level, by=LISTED, some=LISTED, height=250)
    else:
        _notes(page, area)


def _signed(page: Page, yuan: float) -> str:
    return ("+" if yuan >= 0 else "−") + money(page.say, abs(yuan))


def _notes(page: Page, village: int) -> None:
    """Everything noted on the income of one village."""
    say = page.say
    notes = page.city.contracts.notes(village)
    if notes.empty:
        st.text(say("No income of this village is noted yet."))
        return
    shown = notes.assign(
        noted=pd.to_datetime(notes["at"], unit="s", utc=True),
        by=[signin.person(name, say) for name in notes["by_name"]],
        year=notes["year"].astype(str),
    )
    columns = {
        "year": tables.text(say("Year")),
        "yuan": tables.count(say("Collective income (yuan)")),
        "noted": tables.moment(say("Noted")),
        "by": tables.text(say("By")),
        "words": tables.text(say("Words")),
    }
    tables.show(shown, columns, key=f"{KEY}.notes", say=say, height=220)


def _listed(page: Page) -> None:
    """The contracts; a row opens its contract beside the map."""
    say = page.say
    state, kind = (
        st.session_state.get(f"{KEY}.{field}") or "" for field in ("state", "kind")
    )
    found = page.city.contracts.list(area_of(page), state=state, kind=kind)
    st.text(say.plural("{n} contract", "{n} contracts", len(found)))
    if found.empty:
        return
    head = found.head(MOST_ROWS)
    village = head["village"].drop_duplicates()
    path = {
        code: page.inside(page.city.places.path(code, page.lang))
        for code in village.tolist()
    }
    shown = head.assign(
        place=head["village"].map(path),
        kind_name=[say(ASSETS[key]) for key in head["kind"]],
        step=[say(STEPS[key]) for key in head["state"]],
        area_measured=head["area_measured"].where(head["area_measured"] > 0),
        price_after=head["price_after"].where(head["state"] == "cleared"),
        since=pd.to_datetime(head["last_at"], unit="s", utc=True),
    )
    columns = {
        "place": tables.text(say("Village"), width="medium"),
        "title": tables.text(say("Contract"), width="medium"),
        "kind_name": tables.text(say("Kind")),
        "step": tables.text(say("Step of the clean-up")),
        "area_written": tables.count(say("Written (mu)"), digits=1),
        "area_measured": tables.count(say("Measured (mu)"), digits=1),
        "price_before": tables.count(say("Price before (yuan/mu)"), digits=2),
        "price_after": tables.count(say("Price after (yuan/mu)"), digits=2),
        "rent_before": tables.count(say("Rent before (yuan a year)")),
        "rent_after": tables.count(say("Rent now (yuan a year)")),
        "since": tables.moment(say("Last step")),
    }
    tables.show(shown, columns, key=f"{KEY}.list", say=say, height=360, on_pick=_open)


def _open(row: dict[str, Any]) -> None:
    session.change(contract=int(row["id"]))
