"""`ladder`: at which level matters are solved, how they travel up by whistles, and
hand-offs that go wrong.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.codes import level_of
from gridmap.insight import handoffs, ladder
from gridmap.insight.selection import Selection
from gridmap.model import Level, OfficeKind
from gridmap.store.flow import stays

By = Literal["", "county", "category"]
BYS: tuple[By, ...] = ("", "county", "category")
MOST_MATTERS = 2_000
_LEVEL_OF_PLACE = {
    Level.CITY: "city",
    Level.COUNTY: "county",
    Level.TOWNSHIP: "township",
    Level.VILLAGE: "village",
    Level.GRID: "village",
}


class Ladder:
    """Figures of the whistle ladder over the matters of a selection that have a journal;
    its states are not looked at.
    """

    def __init__(
        self, desk: Desk, *, places: Places, people: People, matters: Matters
    ) -> None:
        self._desk = desk
        self._places = places
        self._people = people
        self._matters = matters

    def levels(self, selection: Selection, by: By = "", lang: Lang = "zh") -> pd.DataFrame:
        """Matters closed in the period by the level of the office that had them last.

        Columns: group (code of the county, or of the root category; 0 or "" for all), name,
        closed, and a number for each of `insight.ladder.LEVELS`.
        """
        table = ladder.levels(self._solved(selection, by))
        table.insert(1, "name", self._names(table["group"], by, lang))
        return table

    def rungs(self, selection: Selection, by: By = "", lang: Lang = "zh") -> pd.DataFrame:
        """What became of whistles blown in the period, rung by rung: columns of
        `insight.ladder.rungs`, and name of the group.
        """
        table = ladder.rungs(self.whistles(selection, by), now=self._desk.now_s)
        table.insert(1, "name", self._names(table["group"], by, lang))
        return table

    def whistles(self, selection: Selection, by: By = "") -> pd.DataFrame:
        """The whistles blown in the period: columns of `store.flow.stays.rungs`, lower,
        upper (of `insight.ladder.LEVELS`), group.
        """
        with self._desk.store.read() as connection:
            table = stays.rungs(
                connection,
                *_span(selection),
                area=selection.area,
                categories=self._kinds(selection),
            )
        lower, upper = self._levels(table["from_office"]), self._levels(table["to_office"])
        return table.assign(lower=lower, upper=upper, group=self._groups(table, by))

    def times(self, selection: Selection) -> pd.DataFrame:
        """Every answered whistle of the period as a distribution: lower, upper, travel_s,
        answer_s (seconds).
        """
        found = self.whistles(selection)
        found = found[found["heeded_at"] > 0]
        told = {
            "travel_s": found["heeded_at"] - found["came_at"],
            "answer_s": found["heeded_at"] - found["at"],
        }
        return found[["lower", "upper"]].assign(**told).reset_index(drop=True)

    def whistled(
        self,
        selection: Selection,
        lower: str,
        upper: str,
        *,
        by: By = "",
        group: int | str = 0,
        limit: int = MOST_MATTERS,
    ) -> pd.DataFrame:
        """The matters whistled up one rung in the period, of one `group` of `rungs`;
        columns as of `city.matters.find`.
        """
        found = self.whistles(selection, by)
        found = found[found["group"] == group] if by else found
        own = found[(found["lower"] == lower) & (found["upper"] == upper)]["matter"]
        return self._matters.find(
            MatterFilter(ids=tuple(own.unique().tolist())), limit=limit
        )

    def solved_at(
        self, selection: Selection, level: str, *, limit: int = MOST_MATTERS
    ) -> pd.DataFrame:
        """The matters closed at `level` in the period; columns as of `city.matters.find`."""
        found = self._solved(selection, "")
        own = found[found["level"] == level]["matter"]
        return self._matters.find(MatterFilter(ids=tuple(own.tolist())), limit=limit)

    def ratings(self, selection: Selection) -> dict[int, int]:
        """How many answers to whistles of the period got 1 to 5 from who had whistled."""
        counts = self.whistles(selection)["rating"].value_counts()
        return {stars: int(counts.get(stars, 0)) for stars in range(1, 6)}

    def pingpong(
        self, selection: Selection, lang: Lang = "zh", *, fewest: int = 2
    ) -> pd.DataFrame:
        """Matters handed on in the period that came back `fewest` times between two desks,
        the most returns first.

        Columns of `insight.handoffs.pingpong`, and number, office_name, other_name.
        """
        table = handoffs.pingpong(self._handed(selection), fewest=fewest)
        return self._named(table, {"office": "office_name", "other": "other_name"}, lang)

    def unclocked(self, selection: Selection, lang: Lang = "zh") -> pd.DataFrame:
        """Hand-offs of the period after which no limit ran: columns of
        `insight.handoffs.unclocked`, number, from_name, office_name.
        """
        start, end = _span(selection)
        table = handoffs.unclocked(self._handed(selection))
        table = table[(table["since"] >= start) & (table["since"] < end)].reset_index(
            drop=True
        )
        return self._named(
            table, {"from_office": "from_name", "office": "office_name"}, lang
        )

    def _named(
        self, table: pd.DataFrame, columns: dict[str, str], lang: Lang
    ) -> pd.DataFrame:
        numbers = self._matters.find(
            MatterFilter(ids=tuple(table["matter"].tolist())), limit=max(len(table), 1)
        )
        known = dict(zip(numbers["matter"].tolist(), numbers["number"], strict=True))
        names = {
            to: [
                self._people.office_name(one, lang) or str(one)
                for one in table[of].tolist()
            ]
            for of, to in columns.items()
        }
        return table.assign(
            number=[known.get(matter, "") for matter in table["matter"].tolist()], **names
        )

    def _handed(self, selection: Selection) -> pd.DataFrame:
        with self._desk.store.read() as connection:
            return stays.handed(
                connection,
                *_span(selection),
                area=selection.area,
                categories=self._kinds(selection),
            )

    def _solved(self, selection: Selection, by: By) -> pd.DataFrame:
        with self._desk.store.read() as connection:
            table = stays.solved(
                connection,
                *_span(selection),
                area=selection.area,
                categories=self._kinds(selection),
            )
        return table.assign(
            level=self._levels(table["office"]), group=self._groups(table, by)
        )

    def _levels(self, offices: pd.Series) -> list[str]:
        """The level each office stands on; the dispatcher's queue is the county's."""
        known = self._people.directory.offices
        told = {0: OfficeKind.COUNTY.value}
        for number in offices.unique().tolist():
            office = known.get(number)
            if office is not None:
                told[number] = (
                    _LEVEL_OF_PLACE[level_of(office.area)]
                    if office.kind is OfficeKind.DEPARTMENT
                    else office.kind.value
                )
        return [told.get(number, OfficeKind.COUNTY.value) for number in offices.tolist()]

    def _groups(self, table: pd.DataFrame, by: By) -> Any:
        if by == "county":
            return table["grid"].to_numpy(np.int64) // 10**9
        if by == "category":
            roots = self._roots()
            return [roots.get(number, "") for number in table["category"].tolist()]
        return 0

    def _roots(self) -> dict[int, str]:
        """The code of the root above each category, by number."""
        table = self._desk.data.categories.frame
        above = dict(zip(table["code"].astype(str), table["parent"], strict=True))

        def root(code: str) -> str:
            parent = above.get(code)
            return root(str(parent)) if parent in above and parent != code else code

        return {
            int(number): root(str(code))
            for number, code in zip(table["id"], table["code"], strict=True)
        }

    def _names(self, groups: pd.Series, by: By, lang: Lang) -> list[str]:
        if by == "county":
            return self._places.names([int(code) for code in groups], lang)
        if by == "category":
            table = self._desk.data.categories.frame
            names = dict(zip(table["code"].astype(str), table[lang], strict=True))
            return [names.get(str(code), str(code)) for code in groups]
        return ["" for _ in groups]

    def _kinds(self, selection: Selection) -> tuple[int, ...]:
        return (
            tuple(self._desk.data.categories.under(selection.categories).tolist())
            if selection.categories
            else ()
        )


def _span(selection: Selection) -> tuple[int, int]:
    return selection.first_day * DAY_S - UTC_OFFSET_S, (
        selection.last_day + 1
    ) * DAY_S - UTC_OFFSET_S
