"""Workload on a page: ranked bars with the median and an interval, the table, and how
evenly the load falls.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from gridmap import names, terms
from gridmap.city.base.figure import Figure
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.ui import charts, drill, tables
from gridmap.ui.frame import Page

MOST_BARS = 22
COLUMNS = {
    "load": "load",
    "load_per_worker": "per_worker",
    "load_per_100_households": "per_100_households",
    "load_per_km2": "per_km2",
    "open": "open",
}
"""Measures of the map and the column of `city.workload.table` that holds the same figure."""


def level(page: Page) -> Level:
    """Townships first, then whatever lies below the place shown."""
    return max(level_of(page.view.area).below, Level.TOWNSHIP)


def bars(page: Page, figure: Figure, shown: Level) -> None:
    """The places of `shown` by falling load; a click opens one."""
    say, view = page.say, page.view
    column = COLUMNS[figure.key]
    ranking = page.city.workload.ranked(view.selection, shown, column, lang=page.lang)
    digits = figure.decimals
    top = ranking.head(MOST_BARS).assign(
        label=[say.exact(value, digits) for value in ranking["value"].head(MOST_BARS)]
    )
    if top.empty:
        st.text(say("No load in this period."))
        return
    median = page.city.workload.median(view.selection, shown, column)
    unit = say(figure.unit)
    chart = charts.ranked(
        top,
        say=say,
        unit=unit,
        median=median,
        median_label=say(
            "median of {place}: {value}", place=page.place, value=say.exact(median, digits)
        ),
    )
    what = say(terms.LEVELS[shown])
    if len(ranking) > MOST_BARS:
        st.text(
            say(
                "{places}: the {n} highest of {all}",
                places=what,
                n=MOST_BARS,
                all=say.exact(len(ranking)),
            )
        )
    else:
        st.text(say("{places}, highest first", places=what))
    charts.show(
        chart,
        ranking,
        key=f"bars.{figure.key}.{view.area}",
        say=say,
        alt_text=f"{say(figure.name)}, {what}",
        on_pick=drill.opener(),
    )
    st.caption(
        say(
            "Thin line: 95% interval. Places whose lines overlap much can hardly be told apart."
        )
    )


def evenness(page: Page) -> None:
    """One number and its picture: how unevenly the load falls on workers, or on grids."""
    say = page.say
    found = page.city.workload.imbalance(page.view.selection)
    st.subheader(say("How evenly it falls"))
    st.text(
        say.plural(
            "Gini {gini} over {n} worker; the most loaded carries {peak} times the mean of "
            "{mean} hours.",
            "Gini {gini} over {n} workers; the most loaded carries {peak} times the mean "
            "of {mean} hours.",
            found.n,
            gini=f"{found.gini:.2f}",
            peak=say.exact(found.max_over_mean, 1),
            mean=say.exact(found.mean, 1),
        )
    )
    curve = pd.DataFrame({"places": found.lorenz_x, "load": found.lorenz_y})
    thin = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, 300).astype(np.int64))]
    charts.show(
        charts.lorenz(thin, say=say),
        curve,
        key="lorenz",
        say=say,
        alt_text=say(
            "Lorenz curve: the share of the load that the least loaded workers carry"
        ),
    )


def table(page: Page, shown: Level) -> None:
    """All figures of all places, each row opening one."""
    say, view = page.say, page.view
    found = page.city.workload.table(view.selection, shown, lang=page.lang)
    tables.show(
        found.sort_values("load", ascending=False, ignore_index=True),
        {
            "name": tables.text(say("Place")),
            "reports": tables.count(say("Reports")),
            "load": tables.count(say("Load (hours)")),
            "workers": tables.count(say("Workers")),
            "per_worker": tables.count(say("Hours per worker"), digits=1),
            "per_100_households": tables.count(say("Hours per 100 households"), digits=1),
            "per_km2": tables.count(say("Hours per km²"), digits=1),
            "open": tables.count(say("Open")),
            "gini": tables.count(say("Gini inside"), digits=2),
            "max_over_mean": tables.count(say("Highest / mean"), digits=1),
        },
        key=f"load.{view.area}",
        say=say,
        height=360,
        on_pick=drill.opener(),
    )


def workers(page: Page) -> None:
    """The grid workers of the area, most loaded first; a row opens their first grid."""
    say, view = page.say, page.view
    found: Any = page.city.workload.workers(view.selection, lang=page.lang)
    found["name"] = [names.person(name, page.lang) for name in found["name"]]
    st.subheader(say("Workers"))
    if found.empty:
        st.text(say("Nobody is responsible here in this period."))
        return
    tables.show(
        found,
        {
            "name": tables.text(say("Worker")),
            "first_grid_name": tables.text(say("First grid")),
            "grids": tables.count(say("Grids")),
            "reports": tables.count(say("Reports"), digits=1),
            "load": tables.count(say("Load (hours)"), digits=1),
            "open": tables.count(say("Open"), digits=1),
        },
        key=f"workers.{view.area}",
        say=say,
        height=360,
        on_pick=drill.opener("first_grid"),
    )
