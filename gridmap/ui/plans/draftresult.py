"""What a draft would change: the reports of the past on its grids, before and after, by
grid and by township.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap import terms
from gridmap.names import english_name
from gridmap.store.plans.drafts import Draft
from gridmap.ui import exports, tables
from gridmap.ui.frame import Page
from gridmap.ui.plans import editorstate
from gridmap.words import NONE, mark, plain

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "load": (mark("Load"), ("households", "reports", "hours")),
    "workers": (mark("Workers"), ("workers", "hours_per_worker")),
    "coverage": (mark("Coverage"), ("without_worker", "reports_per_100_households")),
    "response": (mark("Response"), ("response_min",)),
}
NAMES = {
    "hours": mark("Hours"),
    "hours_per_worker": mark("Hours a worker"),
    "without_worker": mark("Without a worker"),
    "reports_per_100_households": mark("Reports per 100 households"),
    "response_min": mark("Median minutes to acceptance"),
}
DIGITS = {"hours_per_worker": 1, "reports_per_100_households": 1}
NOTES = {
    "households_by_area": mark(
        "Households were shared out by area, the largest remainder first."
    ),
    "households_by_buildings": mark(
        "Households were shared out by the layer of buildings."
    ),
}


def show(page: Page, draft: Draft) -> None:
    """Each grid that changes, or each township touched, with one group of figures before
    and after.
    """
    say, city = page.say, page.city
    if not draft.head:
        st.text(
            say(
                "Nothing is drawn yet: the draft is the plan in force. Choose a tool over the map."
            )
        )
        return
    with st.container(horizontal=True, gap="small"):
        by_township = _chosen(
            page, "level", {"": say("Grids"), "township": say("Townships")}
        )
        year = (
            _chosen(page, "period", {"": say("All reports"), "year": say("Past year")})
            == "year"
        )
    group = (
        _chosen(page, "group", {key: say(name) for key, (name, _) in GROUPS.items()})
        or "load"
    )
    period = city.outcomes.period(year=year)
    diff = city.drawings.diff(draft)
    counts = diff["state"].value_counts()
    told = [
        f"{say(terms.DIFFERENCES[state])} {counts[state]}"
        for state in terms.DIFFERENCES
        if state in counts.index
    ]
    st.markdown(f"**{plain(say.listing(told))}**")
    first, last = period.start.isoformat(), period.end.isoformat()
    st.caption(
        say(
            "Reports from {first} to {last}, put into the grids of the plan before → of the draft.",
            first=first,
            last=last,
        )
    )
    effect = city.outcomes.township_effect if by_township else city.outcomes.effect
    table = effect(draft, period)
    _table(page, draft, table, group)
    exports.links(table, key="draft.effect", say=say, labels=exports.CSV)
    for note in sorted(city.drawings.notes(draft)):
        st.caption(say(NOTES[note]))


def named(page: Page, name: object, before: object, code: int) -> str:
    """A grid's name in the page's language with the last digits of its code."""
    told = str(name if isinstance(name, str) else before)
    return f"{english_name(told) if page.lang == 'en' else told} · {code % 1000:03d}"


def _chosen(page: Page, key: str, names: dict[str, str]) -> str:
    chosen = st.segmented_control(
        page.say("Shown"),
        list(names),
        format_func=names.__getitem__,
        default=next(iter(names)),
        required=True,
        key=f"draft.effect.{key}",
        label_visibility="collapsed",
    )
    return chosen or ""


def _table(page: Page, draft: Draft, found: pd.DataFrame, group: str) -> None:
    say = page.say
    shown = pd.DataFrame({"code": found["code"]})
    columns = {}
    if "state" in found:
        rows = zip(
            found["state"], found["name"], found["name_before"], found["code"], strict=True
        )
        shown["place"] = [
            f"{named(page, *row)} · {say(terms.DIFFERENCES[state])}" for state, *row in rows
        ]
        columns = {"place": tables.text(say("Grid"), width=145)}
    else:
        shown["place"] = [page.name(code) for code in found["code"].tolist()]
        columns = {"place": tables.text(say("Township"))}
    for name in GROUPS[group][1]:
        shown[name] = _both(page, found, name)
        columns[name] = tables.text(say(NAMES[name]) if name in NAMES else None)

    def look(row: dict[str, object]) -> None:
        _look(page, draft, int(str(row["code"])))

    pick = look if "state" in found else None
    tables.show(
        shown,
        columns,
        key=f"draft.effect.{group}.{pick is None}",
        say=say,
        on_pick=pick,
        offer=False,
    )


def _both(page: Page, found: pd.DataFrame, name: str) -> list[str]:
    """Before → after."""
    digits, yes_no = DIGITS.get(name, 0), name == "without_worker" and "state" in found

    def told(value: object) -> str:
        if pd.isna(value):  # type: ignore[call-overload]
            return NONE
        if yes_no:
            return page.say("yes") if value else page.say("no")
        return page.say.exact(float(str(value)), digits)

    pairs = zip(found[f"{name}_before"].tolist(), found[name].tolist(), strict=True)
    return [" → ".join(map(told, pair)) for pair in pairs]


def _look(page: Page, draft: Draft, code: int) -> None:
    """Let the map go to a grid of the draft or of its base."""
    drawings = page.city.drawings
    plan = drawings.plan(draft)
    if code not in plan.codes:
        plan = drawings.base(draft)
    point = plan.grid(code).shape.representative_point()
    editorstate.change(draft.id, place=(float(point.x), float(point.y)))
