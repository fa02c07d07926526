"""`Sheet`: what a map sheet of a plan shows: the villages a draft changes, whole, and what lies around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely

from gridmap import terms
from gridmap.city.desk import Lang
from gridmap.city.planfiles import PlanFiles
from gridmap.codes import parent
from gridmap.errors import RefusedError
from gridmap.model import Level
from gridmap.names import english_name
from gridmap.planning import Plan
from gridmap.store.drafts import Draft
from gridmap.words import Words, mark

AROUND_DEG = 0.01
MOST_VILLAGES = 40
NOTHING = mark("Nothing is drawn in this draft yet.")
TOO_LARGE = mark("The draft changes more than 40 villages: a sheet would not be readable. Draw smaller drafts.")


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
    """A map sheet; words are in `lang` already. `villages` are outlines (EPSG:4490), `figures` lines beside the map."""

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


class Sheets(PlanFiles):
    """Map sheets."""

    def sheet(self, draft: Draft, lang: Lang = "zh") -> Sheet:
        """The map sheet of a draft. Raises RefusedError when nothing is drawn, or far too much for a sheet."""
        found, plan, say = self.diff(draft), self.plan(draft), Words(lang)
        villages = sorted({code // 1000 for code in found["code"].tolist()})
        if not villages:
            raise RefusedError(NOTHING)
        if len(villages) > MOST_VILLAGES:
            raise RefusedError(TOO_LARGE)
        names = self._desk.data.unit_names[lang]
        grids = tuple(_grids(plan, villages, set(found["code"].tolist()), lang))
        counts = found["state"].value_counts()
        township = parent(villages[0] * 1000, Level.TOWNSHIP)
        figures = [
            say(
                "{place}: {n} grids",
                place=names.get(village, str(village)),
                n=sum(grid.code // 1000 == village for grid in grids),
            )
            for village in villages[:8]
        ]
        figures += [
            f"{say(words)}: {counts[state]}" for state, words in terms.DIFFERENCES.items() if state in counts.index
        ]
        return Sheet(
            title=say("Map of the grids of {place}", place=names.get(township, str(township))),
            subtitle=draft.name,
            number=f"{draft.base}-{draft.id}-{draft.version}" if not draft.plan else str(draft.plan),
            state=say(terms.DRAFT_STATES[draft.state]),
            day=self._desk.today,
            lang=lang,
            grids=grids,
            villages=tuple(_outline(plan, village) for village in villages),
            neighbours=tuple(_neighbours(plan, villages, names)),
            figures=tuple(figures),
            generated=self._desk.demonstration,
        )


def _of_village(plan: Plan, village: int) -> slice:
    first, end = np.searchsorted(plan.codes, [village * 1000, (village + 1) * 1000])
    return slice(int(first), int(end))


def _grids(plan: Plan, villages: list[int], changed: set[int], lang: Lang) -> list[SheetGrid]:
    return [
        SheetGrid(
            code, english_name(plan.names[row]) if lang == "en" else plan.names[row], plan.kinds[row],
            int(plan.households[row]), code in changed, plan.shapes[row],
        )
        for village in villages
        for row, code in enumerate(plan.codes.tolist()[_of_village(plan, village)], _of_village(plan, village).start)
    ]  # fmt: skip


def _outline(plan: Plan, village: int) -> Any:
    return shapely.coverage_union_all(plan.shapes[_of_village(plan, village)])


def _neighbours(plan: Plan, villages: list[int], names: dict[int, str]) -> list[Neighbour]:
    """The villages whose grids lie near, each as far as its near grids reach."""
    boxes = [shapely.box(*_outline(plan, village).bounds).buffer(AROUND_DEG) for village in villages]
    near = plan.near(shapely.union_all(boxes).envelope)
    around = [village for village in np.unique(near // 1000).tolist() if village not in villages]
    return [Neighbour(names.get(village, str(village)), _outline(plan, village)) for village in around]
