"""Reports on a small plan, and counting them by hand."""

import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from gridmap.facts import NO_RESPONSE
from gridmap.geo.locate import GridIndex
from gridmap.insight.mask import mask
from gridmap.insight.selection import Selection
from gridmap.planning.replay import Past

sys.path.insert(0, str(Path(__file__).parent.parent / "insight"))
import small_facts

FIRST, DAYS = small_facts.FIRST, small_facts.DAYS


def facts(plan, rows=3000):
    """Facts on the grids of `plan` with exact coordinates, some outside."""
    table = small_facts.frame(11, rows)
    rng = np.random.default_rng(5)
    west, south, east, north = shapely.total_bounds(plan.shapes)
    lon, lat = rng.uniform(west, east + 1e-3, rows), rng.uniform(south, north, rows)
    table["lon"], table["lat"] = lon, lat
    place = GridIndex(plan.codes, plan.shapes).locate_position(lon, lat)
    table["grid"] = np.where(place < 0, small_facts.OUTSIDE, place)
    return small_facts.facts(table, plan.codes), lon, lat


def past(known, lon, lat, end=None):
    chosen = Selection(FIRST, end or FIRST + timedelta(days=DAYS))
    tree = small_facts.categories()
    return Past.of(
        known, mask(known, chosen, tree), tree, lambda rows: (lon[rows], lat[rows])
    )


def counted(known, lon, lat, plan):
    """Reports, hours and median response by a full count."""
    place = GridIndex(plan.codes, plan.shapes).locate_position(lon, lat)
    rows = pd.DataFrame(
        {"place": place, "hours": small_facts.categories().effort[known.category]}
    )
    rows["response"] = np.where(
        known.response_min == NO_RESPONSE, np.nan, known.response_min
    )
    groups = rows[rows["place"] >= 0].groupby("place")
    table = pd.DataFrame({"reports": groups.size(), "hours": groups["hours"].sum()})
    return table.assign(response_min=groups["response"].median()).reindex(
        range(len(plan)), fill_value=0
    )
