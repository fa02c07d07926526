"""Gaps in coverage on a page: their names with counts, their map, and the list to act on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.insight import classes
from gridmap.insight.coverage import GAPS
from gridmap.model import CHIEF_LEVELS, STAFF_ROLES, Level
from gridmap.names import person
from gridmap.ui import city as cities
from gridmap.ui import colours, drill, measures, tables
from gridmap.ui.frame import Page
from gridmap.ui.maps import MapLayer
from gridmap.words import NONE, Words, mark

MOST_ROWS = 300
UNITS_OF = {
    Level.CITY: mark("cities"),
    Level.COUNTY: mark("counties"),
    Level.TOWNSHIP: mark("townships"),
    Level.VILLAGE: mark("villages"),
}
UNITS = {
    "grids": mark("grids"),
    "workers": mark("workers"),
    "villages": mark("villages"),
    "places": mark("places"),
}


def names(page: Page, summary: pd.DataFrame) -> dict[str, str]:
    """Kinds of gaps (key → name with its count) in the order they are listed."""
    counts = dict(zip(summary["kind"], summary["count"], strict=True))
    return {
        kind: f"{page.say(terms.GAPS[kind])} {page.say.exact(counts[kind])}"
        for kind in GAPS
    }


def sentence(page: Page, summary: pd.DataFrame, kind: str) -> str:
    """How many of how many, and what counts as this gap."""
    row = summary[summary["kind"] == kind].iloc[0]
    say, settings = page.say, page.city.settings
    about = {
        "without_worker": say("Grids that nobody is responsible for today."),
        "shared_worker": say(
            "Workers with more than one grid; the map shows grids without a worker of their own."
        ),
        "police_officer": say("Villages without a police officer."),
        "legal_adviser": say("Villages without a legal adviser."),
        "mediator": say("Villages without a mediator."),
        "household_representative": say(
            "Villages without a representative of joint households."
        ),
        "chief": say(
            "Counties, townships, villages and grids without a chief of their own in office."
        ),
        "unseen": say.plural(
            "Grids neither reported from nor visited for {n} day or longer.",
            "Grids neither reported from nor visited for {n} days or longer.",
            settings.visit_days,
        ),
        "silent": say(
            "Grids with less than {share} of the reports that population, kind and season "
            "lead one to expect, "
            "and improbably few.",
            share=say.percent(settings.silent_ratio, 0),
        ),
    }[kind]
    unit = UNITS[row["unit"]]
    of = say(
        "{count} of {all} {unit} ({share}).",
        count=say.exact(row["count"]),
        all=say.exact(row["of"]),
        unit=say(unit),
        share=say.percent(row["count"] / row["of"]) if row["of"] else NONE,
    )
    return f"{of} {about}" if say.lang == "en" else of + about


def layer(page: Page, kind: str, level: Level) -> MapLayer:
    """Where the gaps are: grid by grid yes or no, above the grid as a share."""
    city = page.city
    shared: dict[str, Any] = {"title": page.say(terms.GAPS[kind]), **measures.where(page)}
    if kind == "unseen":
        return measures.layer(page, "days_unseen", level)
    if level is Level.GRID:
        return MapLayer(
            cities.package(city),
            codes=cities.package(city).codes,
            values=city.coverage.grids_with(kind).astype(np.float64),
            breaks=(0.0, 1.0, 2.0),
            colours=("#ece9ee", colours.scheme("lack", 6)[4]),
            labels=(page.say("no gap"), page.say(terms.GAPS[kind])),
            **shared,
        )
    found = city.coverage.per_area(kind, city.code, level)
    values = found["share"].to_numpy()
    limits = classes.breaks(values, method="quantiles", classes=6)
    return MapLayer(
        cities.package(city),
        level=level,
        codes=found["code"].to_numpy(),
        values=values,
        breaks=limits,
        colours=colours.classed("lack", limits),
        unit="%",
        **shared,
    )


def columns(kind: str, say: Words) -> dict[str, Any]:
    """The columns of the list of one kind."""
    place = {"path": tables.text(say("Place"), width="medium")}
    own: dict[str, dict[str, Any]] = {
        "without_worker": {
            "households": tables.count(say("Households")),
            "days_unseen": tables.count(say("Days unseen")),
        },
        "shared_worker": {
            "worker_name": tables.text(say("Worker")),
            "grids": tables.count(say("Grids")),
        },
        "unseen": {
            "days_unseen": tables.count(say("Days unseen")),
            "last_report": tables.day(say("Last report")),
            "last_visit": tables.day(say("Last visit")),
        },
        "silent": {
            "observed": tables.count(say("Reports")),
            "expected": tables.count(say("Expected"), digits=1),
            "visited": tables.flag(say("Visited")),
        },
    }
    own["chief"] = {
        "level_name": tables.text(say("Level")),
        "households": tables.count(say("Households")),
        "grids": tables.count(say("Grids")),
    }
    return place | own.get(
        kind,
        {
            "households": tables.count(say("Households")),
            "grids": tables.count(say("Grids")),
        },
    )


ROLE_GAPS = (
    *(role.value for role in STAFF_ROLES),
    *(f"chief_{level.name.lower()}" for level in CHIEF_LEVELS),
)
VACANT = {
    **{role.value: terms.GAPS[role.value] for role in STAFF_ROLES},
    "chief_county": mark("No county chief"),
    "chief_township": mark("No township chief"),
    "chief_village": mark("No village chief"),
    "chief_grid": mark("No grid chief"),
}


def vacancies(page: Page, level: Level) -> None:
    """What is vacant by role and place, the places with most on top; a row opens its place."""
    say, view = page.say, page.view
    if view.area_level > Level.VILLAGE:
        return
    level = min(max(level, view.area_level), Level.VILLAGE)
    found = page.city.coverage.vacancies(view.area, level, lang=page.lang)
    total = found[list(ROLE_GAPS)].sum(axis=1)
    found = found.assign(
        total=total,
        place=[
            page.inside(page.city.places.path(code, page.lang)) for code in found["code"]
        ],
    )
    vacant = found[total > 0].sort_values(
        ["total", "code"], ascending=[False, True], ignore_index=True
    )
    st.subheader(say("Vacancies by role"))
    st.text(
        say(
            "{vacant} posts vacant in {places} of {all} {level}.",
            vacant=say.exact(int(total.sum())),
            places=say.exact(len(vacant)),
            all=say.exact(len(found)),
            level=say(UNITS_OF[level]),
        )
    )
    columns = {
        "place": tables.text(say("Place"), width="medium"),
        "total": tables.count(say("Vacant")),
    }
    columns |= {
        key: tables.count(say(VACANT[key])) for key in ROLE_GAPS if key not in _above(level)
    }
    key = f"vacancies.{view.area}.{level.name.lower()}"
    tables.show(vacant, columns, key=key, say=say, height=330, on_pick=drill.opener())


def _above(level: Level) -> set[str]:
    """Chiefs of places larger than those of `level`, which no such place has."""
    return {f"chief_{one.name.lower()}" for one in CHIEF_LEVELS if one < level}


def listed(page: Page, kind: str) -> pd.DataFrame:
    """The worst gaps of the area, at most `MOST_ROWS`; names of people romanised in English."""
    table = page.city.coverage.gaps(kind, page.view.area, lang=page.lang, limit=MOST_ROWS)
    table["path"] = [page.inside(path) for path in table["path"]]
    if "level" in table:
        table["level_name"] = [
            page.say(terms.LEVELS[Level(number)]) for number in table["level"]
        ]
    if "worker_name" in table:
        table["worker_name"] = [person(name, page.lang) for name in table["worker_name"]]
    return table
