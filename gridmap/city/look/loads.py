"""Figures of load: hours of effort of the period's reports, on places and on who is
responsible on its last day, and how evenly they fall.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from gridmap.city.base.figure import Ask, Columns, Figure
from gridmap.insight import counts, ranking, workload
from gridmap.insight.areas import Real
from gridmap.insight.ranking import Ranking
from gridmap.model import Level
from gridmap.words import mark


def bases(ask: Ask) -> Columns:
    """What amounts are put in proportion to."""
    grids = ask.data.grids
    return {
        "households": ask.places.sums(grids.households),
        "area_km2": ask.places.sums(grids.area_km2),
    }


def hours_by_grid(ask: Ask) -> Real:
    """Hours of effort on every grid of the city, float64[n]."""
    weighted = ask.mask.weighted(ask.data.categories.effort)
    return np.asarray(counts.by_grid(ask.data.facts, weighted), dtype=np.float64)


def load(ask: Ask) -> Columns:
    """Hours of effort of the period's reports."""
    return {"hours": ask.places.sums(hours_by_grid(ask)), **bases(ask)}


def workers(ask: Ask) -> Columns:
    """Grid workers, and the hours they share."""
    staff = ask.desk.staff(ask.data, ask.selection.end)
    return {
        "hours": ask.places.sums(hours_by_grid(ask)),
        "workers": staff.per_area(ask.places),
    }


def evenness(ask: Ask) -> Columns:
    """How unevenly the hours fall on the grids inside each place; NaN for grids."""
    if ask.places.level is Level.GRID:
        nothing = np.full(len(ask.places), np.nan)
        return {"gini": nothing, "peak": nothing}
    gini, peak = workload.gini_per_area(hours_by_grid(ask), ask.places)
    return {"gini": gini, "peak": peak}


def ranked(ask: Ask) -> Ranking:
    """Hours per 100 households, ranked.

    Hours of n matters of different effort vary like a Poisson number of equal pieces of
    Σe²/Σe hours each, which is what they are counted in.
    """
    number = counts.by_category(ask.data.facts, ask.mask)
    effort = ask.data.categories.effort
    total = max(float((number * effort).sum()), 1e-9)
    piece = float((number * effort**2).sum() / total) or 1.0
    columns = load(ask)
    rates = ranking.rates(columns["hours"] / piece, columns["households"] / 100.0)
    return rates.scaled(piece)


def load_scatter(ask: Ask) -> Columns:
    """By which factors chance alone could move the load: those of the shrunken rate per
    household, 1 where nothing has happened.
    """
    rates = ranked(ask)
    rate = np.where(rates.rate > 0, rates.rate, np.nan)
    return {
        side: np.nan_to_num(bound / rate, nan=1.0)
        for side, bound in (("low", rates.low), ("high", rates.high))
    }


_load = partial(
    Figure, source=load, top="hours", scheme="load", decimals=1, scatter=load_scatter
)
LOAD = _load(
    "load",
    mark("Load"),
    unit=mark("hours"),
    decimals=0,
    short=mark("Load (hours)"),
)
LOAD_PER_WORKER = _load(
    "load_per_worker",
    mark("Load per worker"),
    source=workers,
    base="workers",
    shows="rate",
    unit=mark("hours per worker"),
    short=mark("Hours per worker"),
)
LOAD_PER_100_HOUSEHOLDS = _load(
    "load_per_100_households",
    mark("Load per 100 households"),
    base="households",
    shows="rate",
    times=100.0,
    unit=mark("hours per 100 households"),
    short=mark("Hours per 100 households"),
)
LOAD_PER_KM2 = _load(
    "load_per_km2",
    mark("Load per km²"),
    base="area_km2",
    shows="rate",
    unit=mark("hours per km²"),
    short=mark("Hours per km²"),
)
LOADS = (LOAD, LOAD_PER_WORKER, LOAD_PER_100_HOUSEHOLDS, LOAD_PER_KM2)
WORKERS = Figure("workers", mark("Workers"), workers, "workers", better="high")
GINI = Figure("gini", mark("Gini inside"), evenness, "gini", decimals=2)
PEAK = Figure("peak", mark("Highest / mean"), evenness, "peak", decimals=1)
