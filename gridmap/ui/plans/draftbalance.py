"""How even and compact drafts are, beside the plan in force: one row a measure, one column
a plan.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap.city.plans.outcomes import as_rows
from gridmap.codes import parent
from gridmap.model import Level
from gridmap.store.plans.drafts import Draft
from gridmap.ui import tables
from gridmap.ui.frame import Page
from gridmap.words import NONE, mark

MEASURES = {
    "grids": mark("Grids"),
    "households_deviation": mark("Households: largest deviation"),
    "households_max_over_mean": mark("Households: largest ÷ mean"),
    "households_gini": mark("Households: Gini"),
    "population_deviation": mark("Population: largest deviation"),
    "population_max_over_mean": mark("Population: largest ÷ mean"),
    "population_gini": mark("Population: Gini"),
    "load_deviation": mark("Load: largest deviation"),
    "load_max_over_mean": mark("Load: largest ÷ mean"),
    "load_gini": mark("Load: Gini"),
    "polsby_popper": mark("Compactness (Polsby–Popper)"),
    "reock": mark("Compactness (Reock)"),
    "border_km": mark("Length of borders (km)"),
    "villages_split": mark("Villages split"),
    "moved": mark("Households that change grid"),
    "moved_share": mark("Share of households that change grid"),
}
SHARES = frozenset(
    {"households_deviation", "population_deviation", "load_deviation", "moved_share"}
)
MOST_HEIGHT = 640
"""All measures at once, in pixels."""
WHOLE = frozenset({"grids", "villages_split", "moved"})


def show(page: Page, draft: Draft) -> None:
    """The measures of a chosen area; other drafts may stand beside."""
    say, city = page.say, page.city
    area = st.selectbox(
        say("Place"),
        places(page, draft),
        format_func=lambda code: page.name(int(code)),
        key=f"draft.balance.{draft.id}",
    )
    table = city.drafts.listed(page.actor, closed=False)
    others = {
        int(number): str(name)
        for number, name in zip(table["id"], table["name"], strict=True)
        if number != draft.id
    }
    beside = st.multiselect(
        say("Other drafts beside it"),
        list(others),
        format_func=others.__getitem__,
        key="draft.beside",
        max_selections=4,
        placeholder=say("None"),
    )
    with st.spinner(say("Measuring …")):
        found = city.outcomes.balance(
            [draft, *(city.drafts.get(one) for one in beside)],
            int(area or city.code),
            city.outcomes.period(),
        )
    shown = pd.DataFrame({"measure": [say(words) for words in MEASURES.values()]})
    columns = {"measure": tables.text(width="medium")}
    for one in found:
        values = as_rows(one.measures)
        shown[str(one.draft)] = [_told(page, name, values[name]) for name in MEASURES]
        columns[str(one.draft)] = tables.text(one.name if one.draft else say("In force"))
    tables.show(
        shown, columns, key=f"draft.balance.table.{draft.id}", say=say, height=MOST_HEIGHT
    )
    st.caption(
        say(
            "Deviation: distance from the mean of the grids, as a share of it. Load: hours "
            "of work of all reports. "
            "Gini 0: all grids alike. Compactness 1: a circle."
        )
    )


def places(page: Page, draft: Draft) -> list[int]:
    """The townships a draft touches, else that of the view; their county, and the city."""
    area, city = page.view.area, page.city.code
    touched = page.city.outcomes.places_touched(draft)
    if not touched:
        first = int(page.city.drawings.plan(draft).codes[0])
        near = (
            parent(area, Level.TOWNSHIP) if area >= 10**8 else parent(first, Level.TOWNSHIP)
        )
        touched = [near]
    return [*touched, *sorted({parent(one, Level.COUNTY) for one in touched}), city]


def _told(page: Page, name: str, value: float | None) -> str:
    if value is None:
        return NONE
    if name in SHARES:
        return page.say.percent(value)
    return page.say.exact(value, 0 if name in WHOLE else 1 if name == "border_km" else 3)
