"""`centres`: what the windows of one-stop centres accepted, transferred, handled and
completed, at every level.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.codes import level_of
from gridmap.errors import Fault, InputError
from gridmap.insight import centres
from gridmap.insight.centres import PARTS, Part
from gridmap.insight.selection import Selection
from gridmap.model import Level, OfficeKind
from gridmap.store.flow import stays

DESKS = {
    Level.COUNTY: OfficeKind.COUNTY,
    Level.TOWNSHIP: OfficeKind.TOWNSHIP,
    Level.VILLAGE: OfficeKind.VILLAGE,
}
"""The centre of each level."""


class Centres:
    """Figures of the centres: of a district they are those of its own windows and of the
    towns and villages in it.

    Counted over all matters the windows took in (their channel), imported history too; by
    the end of the period, or by now when it is not over. Transfers are known of matters
    with a journal alone. Categories and states of a selection are not looked at.
    """

    def __init__(
        self, desk: Desk, *, places: Places, people: People, matters: Matters
    ) -> None:
        self._desk = desk
        self._places = places
        self._people = people
        self._matters = matters

    def figures(
        self, selection: Selection, level: Level = Level.COUNTY, lang: Lang = "zh"
    ) -> pd.DataFrame:
        """The centres of `level` in the area that accepted something in the period, most
        accepted first.

        Columns: place (code), name, centre (office, 0: none there), centre_name, and
        numbers of matters in each of `insight.centres.PARTS`. A level above the area gives
        the area itself.
        """
        taken, end = self._taken(selection)
        own = (
            max(level, level_of(selection.area), Level.COUNTY)
            if level_of(selection.area) < Level.GRID
            else Level.VILLAGE
        )
        place = taken["grid"].to_numpy(np.int64) // 10 ** (
            Level.GRID.digits - Level(own).digits
        )
        table = centres.figures(taken.assign(place=place), end)
        kind = DESKS.get(Level(own), OfficeKind.VILLAGE)
        offices = [self._people.desk_of(int(code), kind) for code in table["place"]]
        table.insert(1, "name", self._places.names(table["place"].tolist(), lang))
        table.insert(2, "centre", np.array(offices, dtype=np.int64))
        table.insert(
            3,
            "centre_name",
            [self._people.office_name(one, lang) if one else "" for one in offices],
        )
        return table

    def total(self, selection: Selection) -> dict[Part, int]:
        """The same numbers for the whole area."""
        table = self.taken(selection)
        return {part: int(table[part].sum()) for part in PARTS}

    def taken(self, selection: Selection) -> pd.DataFrame:
        """What was taken in, matter by matter: grid, and 1 in each of `PARTS` it belongs to."""
        taken, end = self._taken(selection)
        flags = pd.DataFrame(centres.belongs(taken, end)).astype("int64")
        return flags.assign(grid=taken["grid"].to_numpy())

    def matters(
        self, selection: Selection, part: Part, *, limit: int = 200
    ) -> pd.DataFrame:
        """The matters `total` counts in `part`; columns as of `city.matters.find`. Raises
        InputError for an unknown part.
        """
        if part not in PARTS:
            raise InputError(
                Fault(
                    rule="unknown part",
                    field="part",
                    value=part,
                    cure=f"Use {', '.join(PARTS)}.",
                )
            )
        taken, end = self._taken(selection)
        found = taken["matter"][centres.belongs(taken, end)[part]]
        return self._matters.find(MatterFilter(ids=tuple(found.tolist())), limit=limit)

    def _taken(self, selection: Selection) -> tuple[pd.DataFrame, int]:
        start, end = (
            number * DAY_S - UTC_OFFSET_S
            for number in (selection.first_day, selection.last_day + 1)
        )
        with self._desk.store.read() as connection:
            return stays.taken_in(connection, start, end, area=selection.area), end
