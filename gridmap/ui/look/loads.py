"""Workload on a page: what its board shows, who carries it, and how evenly it falls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from gridmap import names
from gridmap.city.look.loads import (
    GINI,
    LOAD,
    LOAD_PER_100_HOUSEHOLDS,
    LOAD_PER_KM2,
    LOAD_PER_WORKER,
    LOADS,
    PEAK,
    WORKERS,
)
from gridmap.city.look.measures import OPEN, REPORTS
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.ui import charts, drill, tables
from gridmap.ui.frame import Page

MEASURES = (*LOADS, OPEN)
"""What map and bars show."""
OF_PLACES = (
    REPORTS,
    LOAD,
    WORKERS,
    LOAD_PER_WORKER,
    LOAD_PER_100_HOUSEHOLDS,
    LOAD_PER_KM2,
    OPEN,
    GINI,
    PEAK,
)
"""Columns of the table of places."""


def level(page: Page) -> Level:
    """Townships first, then whatever lies below the place shown."""
    return max(level_of(page.view.area).below, Level.TOWNSHIP)


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
