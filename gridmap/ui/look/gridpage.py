"""The parts of one grid's page: where it lies, who answers for it, its year, its reports,
its history.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import streamlit as st

from gridmap import names, terms
from gridmap.model import Level
from gridmap.ui import charts, colours, drill, tables, timecharts
from gridmap.ui import city as cities
from gridmap.ui.board import Board
from gridmap.ui.frame import Page, plan_name
from gridmap.ui.maps import MapLayer
from gridmap.ui.session import Key

MOST_CATEGORIES = 8
RECENT = 50


def around(page: Page, table: pd.DataFrame) -> MapLayer:
    """The grid outlined among its neighbours, coloured by reports per 100 households;
    nothing else coloured.
    """
    city, view = page.city, page.view
    whole = Board(page, "around").layer(city.figures.get("per_100_households"), Level.GRID)
    boxes = np.array([city.places.bounds(int(code)) for code in table["code"]])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return MapLayer(
        cities.package(city),
        level=Level.GRID,
        codes=whole.codes,
        values=whole.values,
        breaks=whole.breaks,
        colours=colours.classed("activity", whole.breaks),
        title=whole.title,
        unit=whole.unit,
        selected=view.area,
        bounds=(float(west), float(south), float(east), float(north)),
        focus=pointed_at(view.area),
    )


def pointed_at(grid: int) -> tuple[int, int] | None:
    """Layer and number of the feature that was looked for and lies in `grid`; None when
    there is none.
    """
    place, feature = st.session_state.get(Key.FOCUS) or (0, None)
    return feature if place == grid else None


def about(page: Page) -> None:
    """Kind, households, people and size in one line."""
    say, what = page.say, page.city.places.about(page.view.area)
    parts = [
        say(terms.KINDS[what.kind]),
        say.plural("{n} household", "{n} households", what.households),
        say.plural("{n} resident", "{n} residents", what.population),
        say("{area} km²", area=say.exact(what.area_km2, 2)),
        say("code {code}", code=what.code),
    ]
    st.text(" · ".join(parts))


def people(page: Page) -> None:
    """Who is responsible, nearest first; a role nobody has is named."""
    say = page.say
    table = page.city.grid.person(page.view.area, lang=page.lang)
    vacant = say("vacant")
    table["person"] = [
        names.person(name, page.lang) if worker else vacant
        for worker, name in zip(table["worker"], table["name"], strict=True)
    ]
    table["what"] = [say(terms.ROLES[role]) for role in table["role"]]
    st.subheader(say("People responsible"))
    tables.show(
        table,
        {
            "what": tables.text(say("Role")),
            "person": tables.text(say("Name")),
            "area_name": tables.text(say("Responsible for")),
            "since": tables.day(say("Since")),
        },
        key="people",
        say=say,
    )


def trend(page: Page) -> None:
    """Reports a day in the period."""
    say = page.say
    found = page.city.grid.trend(page.view.area, page.view.selection)
    st.subheader(say("Reports per day and their mean over seven days"))
    charts.show(
        timecharts.trend(found, say=say, unit=say("reports"), height=150),
        found,
        key="trend",
        say=say,
        alt_text=say("Reports per day"),
    )


def year(page: Page) -> None:
    """The last 365 days as a calendar."""
    say, end = page.say, page.city.today - timedelta(days=1)
    found = page.city.grid.calendar(page.view.area, end)
    st.subheader(say("The year up to {day}, day by day", day=say.day(end)))
    charts.show(
        timecharts.calendar(
            found.rename(columns={"count": "value"}), say=say, unit=say("reports")
        ),
        found,
        key="year",
        say=say,
        alt_text=say("Reports on each day of the year"),
    )


def categories(page: Page) -> None:
    """Its categories against those of its township."""
    say, view = page.say, page.view
    found = page.city.grid.categories(view.area, view.selection, lang=page.lang)
    above = page.name(view.area // 10 ** (Level.GRID.digits - Level.TOWNSHIP.digits))
    st.subheader(say("Categories against those of {place}", place=above))
    top = found.head(MOST_CATEGORIES)
    if not int(found["count"].sum()):
        st.text(say("No report in this period. Choose a longer one in the side bar."))
        return
    total = int(found["count"].sum())
    shown = pd.DataFrame(
        {
            "name": top["name"],
            "here": top["share"] / 100,
            "there": top["township_share"] / 100,
            "label": [say.share(count, total) for count in top["count"]],
        }
    )
    charts.show(
        charts.mix(shown, say=say, here=page.place, there=above),
        found,
        key="mix",
        say=say,
        alt_text=say("Shares of categories here and in the township"),
    )


def neighbours(page: Page, table: pd.DataFrame) -> None:
    """The grid among those around it; a row opens one."""
    say = page.say
    st.subheader(say("Compared with its neighbours"))
    tables.show(
        table,
        {
            "name": tables.text(say("Grid")),
            "shared_m": tables.count(say("Shared border (m)")),
            "households": tables.count(say("Households")),
            "reports": tables.count(say("Reports")),
            "per_100_households": tables.count(say("Per 100 households"), digits=1),
            "open": tables.count(say("Open")),
            "on_time": tables.share(say("Closed on time")),
        },
        key=f"neighbours.{page.view.area}",
        say=say,
        on_pick=drill.opener(),
    )


def recent(page: Page) -> None:
    """The latest reports with their clocks."""
    say, view = page.say, page.view
    found = page.city.grid.recent(view.area, view.selection, lang=page.lang, limit=RECENT)
    st.subheader(say("Latest reports"))
    if found.empty:
        st.text(say("No report in this period. Choose a longer one in the side bar."))
        return
    found["state"] = [say(terms.STATUSES[name]) for name in found["status"]]
    found["who"] = [names.person(name, page.lang) for name in found["worker_name"]]
    tables.show(
        found,
        {
            "category_name": tables.text(say("Category")),
            "reported_at": tables.moment(say("Reported")),
            "state": tables.text(say("State")),
            "due_at": tables.moment(say("Limit")),
            "closed_at": tables.moment(say("Closed")),
            "overdue": tables.flag(say("Late")),
            "who": tables.text(say("Worker")),
            "text": tables.text(say("Words of the report, as written"), width="large"),
        },
        key="recent",
        say=say,
        height=380 if len(found) > 10 else None,
    )
    st.caption(say("Times are those of Asia/Shanghai."))


def boundary(page: Page) -> None:
    """The grid in every plan that had it."""
    say = page.say
    found = page.city.grid.boundary(page.view.area)
    found["name"] = [plan_name(page.city, name, say) for name in found["name"]]
    found["state"] = [say(terms.PLAN_STATES.get(state, state)) for state in found["state"]]
    st.subheader(say("History of the boundary"))
    tables.show(
        found,
        {
            "name": tables.text(say("Plan version")),
            "state": tables.text(say("State")),
            "valid_from": tables.day(say("From")),
            "valid_to": tables.day(say("Until")),
            "area_km2": tables.count(say("km²"), digits=2),
            "households": tables.count(say("Households")),
        },
        key="boundary",
        say=say,
    )
