"""`headquarters`: daily clearing of every unit, and what is late, with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_number
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.flow.holders import Holders
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.people.people import People
from gridmap.errors import Fault, InputError
from gridmap.insight import clearing
from gridmap.insight.clearing import PARTS, Part
from gridmap.model import OPEN_STATUSES, OfficeKind, Status
from gridmap.store.flow import stays
from gridmap.words import mark

CLEARING_COLUMNS = ["unit", "name", "kind", "phone", *PARTS, "oldest_at"]
UNIT_COLUMNS = ["unit", "name", "phone", "verify", "late", "oldest_due"]
QUEUE = "queue"
"""Kind of the dispatcher's queue (unit 0) among the kinds of offices."""


class Headquarters:
    """What was done in a day, and what is late.

    Counted over matters that have a journal (`gridmap.store.flow.stays`): imported history lay
    nowhere on the platform. A matter counts for each unit it lay with; for the whole of a
    place it counts once.
    """

    def __init__(self, desk: Desk, *, people: People, matters: Matters) -> None:
        self._desk = desk
        self._people = people
        self._matters = matters

    def clearing(self, area: int, day: date, lang: Lang = "zh") -> pd.DataFrame:
        """The daily clearing of every unit that held matters of `area` on `day`, what it
        carried out first.

        Columns: unit (office, 0: the dispatcher's queue), name, kind (OfficeKind value,
        `queue`), phone, numbers of matters in each of `PARTS`, oldest_at (report of the
        oldest carried out, Unix seconds, 0: none).
        """
        table = clearing.clearing(self._stays(area, day, day), *self.span(day))
        offices = self._people.directory.offices
        own = [offices.get(unit) for unit in table["unit"].tolist()]
        table["name"] = [
            self._people.office_name(unit, lang) or str(unit)
            for unit in table["unit"].tolist()
        ]
        table["kind"] = [one.kind.value if one else QUEUE for one in own]
        table["phone"] = [one.phone if one else "" for one in own]
        order = ["carried_out", "carried_in", "new"]
        return table.sort_values(
            [*order, "unit"], ascending=[False] * 3 + [True], ignore_index=True
        )[CLEARING_COLUMNS]

    def days(self, area: int, last: date, count: int = 14) -> pd.DataFrame:
        """The clearing of `area` as a whole for each of `count` days up to `last`: day
        (date), `PARTS`, oldest_at.

        A matter going from desk to desk inside has neither come nor gone.
        """
        first = last - timedelta(days=count - 1)
        whole = clearing.together(self._stays(area, first, last))
        rows = []
        for day in (first + timedelta(days=n) for n in range(count)):
            found = clearing.clearing(whole, *self.span(day)).to_dict("records")
            told = found[0] if found else dict.fromkeys([*PARTS, "oldest_at"], 0)
            rows.append(
                {"day": day, **{str(name): told[name] for name in [*PARTS, "oldest_at"]}}
            )
        return pd.DataFrame(rows, columns=["day", *PARTS, "oldest_at"])

    def matters(
        self,
        area: int,
        day: date,
        part: Part,
        units: Sequence[int] | None = None,
        *,
        limit: int = 1000,
    ) -> pd.DataFrame:
        """The matters `clearing` counts in `part` for `units`, or `days` for the whole of
        `area` (None).

        Columns as of `city.matters.find`. Raises InputError for a part there is not.
        """
        if part not in PARTS:
            raise InputError(
                Fault(
                    rule=PART,
                    field="part",
                    value=str(part),
                    cure=f"Use {', '.join(PARTS)}.",
                )
            )
        held = self._stays(area, day, day)
        found = clearing.matters(
            held if units is not None else clearing.together(held),
            *self.span(day),
            part,
            units,
        )
        return self._matters.find(MatterFilter(ids=tuple(found)), limit=limit)

    def late(
        self,
        area: int,
        lang: Lang = "zh",
        *,
        limit: int = 10,
        unit: tuple[int, bool] | None = None,
    ) -> pd.DataFrame:
        """Open matters of `area` past a limit, the limit that passed first first, with whom
        they are.

        `unit` narrows it to a row of `late_units`: the office, and whether they wait for
        verification.

        Columns of `city.matters.find`, and unit (office), unit_name, responsible (user),
        responsible_name, phone.
        """
        wanted = MatterFilter(area=area, overdue=True)
        if unit is not None:
            office, verify = unit
            states = [
                state for state in OPEN_STATUSES if (state is Status.ANSWERED) == verify
            ]
            wanted = replace(wanted, office=office, statuses=states)
        found = self._matters.find(wanted, limit=limit)
        holders = Holders(self._people.directory)
        own = [
            holders.of(Status(status), office, person, grid)
            for status, office, person, grid in found[
                ["status", "office", "person", "grid"]
            ].itertuples(index=False)
        ]
        return found.assign(
            unit=[one.office for one in own],
            unit_name=[self._people.office_name(one.office, lang) for one in own],
            responsible=[one.user for one in own],
            responsible_name=[self._people.name(one.user) for one in own],
            phone=[one.phone for one in own],
        )

    def late_count(self, area: int) -> int:
        """How many open matters of `area` are past a limit."""
        return self._matters.count(MatterFilter(area=area, overdue=True))

    def late_units(self, area: int, lang: Lang = "zh") -> pd.DataFrame:
        """With whom the late matters of `area` are, most first.

        Columns: unit, name, phone, verify (they wait for the verifiers of the place), late
        (matters), oldest_due (the limit that passed first, Unix seconds).
        """
        with self._desk.store.read() as connection:
            table = stays.late_by_holder(connection, now=self._desk.now_s, area=area)
        offices = self._people.directory.offices
        table["name"] = [
            self._people.office_name(unit, lang) or str(unit)
            for unit in table["office"].tolist()
        ]
        table["phone"] = [
            offices[unit].phone if unit in offices else ""
            for unit in table["office"].tolist()
        ]
        table = table.rename(columns={"office": "unit"}).sort_values(
            ["late", "unit"], ascending=[False, True]
        )
        return table[UNIT_COLUMNS].reset_index(drop=True)

    def span(self, day: date) -> tuple[int, int]:
        """From when to when `day` counts, Unix seconds: to now, when it is not over."""
        start = day_number(day) * DAY_S - UTC_OFFSET_S
        return start, max(start, min(start + DAY_S, self._desk.now_s + 1))

    def kinds(self) -> list[str]:
        """The kinds of units there can be, the largest places first."""
        order = (
            OfficeKind.DEPARTMENT,
            OfficeKind.CITY,
            OfficeKind.COUNTY,
            OfficeKind.TOWNSHIP,
            OfficeKind.VILLAGE,
        )
        return [kind.value for kind in order] + [QUEUE]

    def _stays(self, area: int, first: date, last: date) -> pd.DataFrame:
        with self._desk.store.read() as connection:
            table = stays.touching(
                connection, self.span(first)[0], self.span(last)[1], area=area
            )
        return table.rename(columns={"office": "unit"})


PART = mark("not a part of the daily clearing")
