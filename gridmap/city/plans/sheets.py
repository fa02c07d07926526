"""`Sheet`: what a map sheet shows: one village that a draft changes, whole, and what lies
around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from gridmap import terms
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.plans.drawings import Drawings
from gridmap.errors import RefusedError
from gridmap.names import english_name
from gridmap.planning import Plan
from gridmap.store.plans.drafts import Draft
from gridmap.words import Words, mark

AROUND_DEG = 0.01
MOST_VILLAGES = 40
NOTHING = mark("Nothing is drawn in this draft yet.")
TOO_LARGE = mark(
    "The draft changes more than 40 villages, each of which is a sheet. Draw smaller drafts."
)


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """A grid on the sheet; `shape` in EPSG:4490."""

    code: int
    name: str
    kind: str
    households: int
    changed: bool
    shape: Any


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What lies around: a village by its name, the part of it near the sheet's grids."""

    name: str
    shape: Any


@dataclass(frozen=True, slots=True)
class Sheet:
    """A map sheet; words are in `lang` already. `villages` are outlines (EPSG:4490),
    `figures` lines beside the map.
    """

    title: str
    subtitle: str
    number: str
    state: str
    day: date
    lang: Lang
    grids: tuple[SheetGrid, ...]
    villages: tuple[Any, ...]
    neighbours: tuple[Neighbour, ...]
    figures: tuple[str, ...]
    generated: bool = False


class Sheets:
    """Map sheets."""

    def __init__(self, desk: Desk, drawings: Drawings) -> None:
        self._desk = desk
        self._drawings = drawings

    def of(self, draft: Draft, lang: Lang = "zh") -> list[Sheet]:
        """A sheet for each village a draft changes. Raises RefusedError when nothing is
        drawn, or in too many.
        """
        found = self._drawings.diff(draft)
        villages = sorted({code // 1000 for code in found["code"].tolist()})
        if not villages:
            raise RefusedError(NOTHING)
        if len(villages) > MOST_VILLAGES:
            raise RefusedError(TOO_LARGE)
        return [
            self._sheet(draft, found[found["code"] // 1000 == village], village, lang)
            for village in villages
        ]

    def _sheet(self, draft: Draft, found: pd.DataFrame, village: int, lang: Lang) -> Sheet:
        plan, say, names = (
            self._drawings.plan(draft),
            Words(lang),
            self._desk.data.unit_names[lang],
        )
        grids = tuple(_grids(plan, village, set(found["code"].tolist()), lang))
        counts = found["state"].value_counts()
        named = [
            names.get(code, str(code))
            for code in (village // 10**6, village // 1000, village)
        ]
        figures = [
            say("{n} grids", n=len(grids)),
            say("{n} households", n=sum(grid.households for grid in grids)),
        ]
        changes = [
            f"{say(words)} {counts[state]}"
            for state, words in terms.DIFFERENCES.items()
            if state in counts.index
        ]
        return Sheet(
            title=say("Map of the grids of {place}", place=named[-1]),
            subtitle="  ".join([*named[:-1], draft.name]),
            number=f"{draft.base}-{draft.id}-{draft.version}"
            if not draft.plan
            else str(draft.plan),
            state=say(terms.DRAFT_STATES[draft.state]),
            day=self._desk.today,
            lang=lang,
            grids=grids,
            villages=(_outline(plan, village),),
            neighbours=tuple(_neighbours(plan, village, names)),
            figures=(*figures, *changes),
            generated=self._desk.demonstration,
        )


def _of_village(plan: Plan, village: int) -> slice:
    first, end = np.searchsorted(plan.codes, [village * 1000, (village + 1) * 1000])
    return slice(int(first), int(end))


def _grids(plan: Plan, village: int, changed: set[int], lang: Lang) -> list[SheetGrid]:
    rows = _of_village(plan, village)
    return [
        SheetGrid(
            code,
            english_name(plan.names[row]) if lang == "en" else plan.names[row],
            plan.kinds[row],
            int(plan.households[row]),
            code in changed,
            plan.shapes[row],
        )
        for row, code in enumerate(plan.codes[rows].tolist(), rows.start)
    ]


def _outline(plan: Plan, village: int) -> Any:
    return shapely.coverage_union_all(plan.shapes[_of_village(plan, village)])


def _neighbours(plan: Plan, village: int, names: dict[int, str]) -> list[Neighbour]:
    """The villages that have grids near."""
    near = plan.near(
        shapely.box(*_outline(plan, village).bounds).buffer(AROUND_DEG).envelope
    )
    around = [one for one in np.unique(near // 1000).tolist() if one != village]
    return [Neighbour(names.get(one, str(one)), _outline(plan, one)) for one in around]
