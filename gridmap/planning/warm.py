"""Compiling the loops of the replay ahead, so that no planner waits for them at the first draft."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridmap.calendar import day_from_number
from gridmap.geo.crs import GEOGRAPHIC
from gridmap.insight.categories import Categories
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.insight.warm import one_report
from gridmap.planning.edits import describe
from gridmap.planning.plan import Plan
from gridmap.planning.replay import Past, replay

GRID = 410_702_001_001_001


def warm(widths: Iterable[type[Any]] = (np.uint16, np.uint32)) -> None:
    """Compile every loop, or load what was compiled before, for these types of grid positions."""
    plan = _one_grid()
    draft = plan.apply(describe(plan, GRID, households=2))
    workers = pd.DataFrame({"grid": [GRID], "worker": [1]})
    categories = Categories.from_frame(
        pd.DataFrame({"id": [1], "code": ["A"], "parent": [None], "effort": [1.0]})
    )
    day = day_from_number(1)
    for width in widths:
        facts = one_report(width)
        past = Past.of(facts, mask(facts, Selection(day, day), categories), categories)
        replay(past, plan, draft, workers=workers, lineage={})


def _one_grid() -> Plan:
    """A plan of one grid round the place of `one_report`."""
    table = {
        "code": [GRID],
        "name": [""],
        "kind": ["basic"],
        "households": [1],
        "population": [1],
    }
    return Plan.of(
        gpd.GeoDataFrame(table, geometry=[shapely.box(0.5, 0.5, 1.5, 1.5)], crs=GEOGRAPHIC)
    )
