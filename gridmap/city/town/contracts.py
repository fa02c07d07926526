"""`contracts`: the clean-up of village contracts, step by step, and what it brings the villages."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.contracts import CONTRACT, Contract, State
from gridmap.cases.records.fields import Circumstances
from gridmap.cases.texts import LONGEST_LINE, text_faults
from gridmap.city.base.desk import Desk
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.records.room import RecordRoom
from gridmap.errors import Fault, ForbiddenError, InputError
from gridmap.insight import villages as insight
from gridmap.store.town import contracts as store
from gridmap.store.town.contracts import CONTRACTS
from gridmap.words import mark

HIGHEST_INCOME = 10**11
FIRST_YEAR = 1990
NO_YEAR = mark("Not a year that has begun")
GIVE_YEAR = mark("Give a year from 1990 to this one.")
NO_INCOME = mark("Not an income in yuan")
GIVE_INCOME = mark("Give whole yuan from 0 up.")
OPEN_STATES = frozenset({State.LISTED, State.PUBLISHED, State.REVIEWED, State.RELAPSED})


class Contracts(RecordRoom[Contract]):
    """Contracts of village collectives. What stands in them is public in the village, and
    shown to every reader.
    """

    def __init__(self, desk: Desk, *, places: Places, people: People) -> None:
        super().__init__(desk, people=people, places=places, records=CONTRACTS)

    def list(self, area: int, *, state: str = "", kind: str = "") -> pd.DataFrame:
        """Contracts in `area` with their rents: a column an attribute of a contract,
        rent_before, rent_after, gain.

        `state` may be a state, or `open` (not kept or cleared yet, or relapsed).
        """
        with self._desk.store.read() as connection:
            table = insight.rents(CONTRACTS.read(connection, area))
        if state == "open":
            table = table[
                table["state"].isin([str(open_state) for open_state in OPEN_STATES])
            ]
        elif state:
            table = table[table["state"] == state]
        return (table[table["kind"] == kind] if kind else table).reset_index(drop=True)

    def campaign(self, area: int) -> dict[str, float]:
        """How far the clean-up of `area` is: the figures of `insight.villages.campaign`, by
        name.
        """
        (row,) = insight.campaign(self.list(area)).to_dict("records")
        return {str(name): value for name, value in row.items()}

    def incomes(self, area: int) -> pd.DataFrame:
        """Collective income before and after, per village of `area` with published
        contracts: `insight.incomes`.
        """
        with self._desk.store.read() as connection:
            noted = store.read_incomes(connection, area)
            table = CONTRACTS.read(connection, area)
        return insight.incomes(table, noted)

    def growth(self, area: int) -> tuple[int, int, int]:
        """Income before and after (yuan) of the villages of `area` that have both, and how
        many they are.
        """
        return insight.growth(self.incomes(area))

    def notes(self, village: int) -> pd.DataFrame:
        """Everything noted on the income of a village, oldest first: year, yuan, at,
        by_name, words.
        """
        with self._desk.store.read() as connection:
            table = store.read_incomes(connection, village)
        names = self._people.names(table["by"])
        return table.assign(by_name=[names[int(number)] for number in table["by"]])

    def note_income(
        self, actor: Actor, village: int, *, year: int, yuan: int, words: str = ""
    ) -> None:
        """Note what the collective of `village` earned in `year`; of several notes the last
        counts, all are kept.

        Raises InputError with every fault, ForbiddenError.
        """
        faults = list(self._income_faults(village, year, yuan, words))
        if faults:
            raise InputError(faults)
        if not self.may_add(actor, village):
            raise ForbiddenError(CONTRACT.not_begun)
        row = {
            "village": village,
            "year": year,
            "yuan": yuan,
            "at": self._desk.now_s,
            "by": actor.user,
        }
        with self._desk.store.write() as connection:
            store.add_incomes(connection, [row | {"words": words.strip() or None}])

    def _income_faults(
        self, village: int, year: int, yuan: int, words: str
    ) -> Iterator[Fault]:
        """Everything wrong with a note of income."""
        circumstances = Circumstances(self._desk.now_s, self._places.known)
        yield from CONTRACT.field["village"].faults(village, circumstances)
        if not FIRST_YEAR <= year <= self._desk.today.year:
            yield Fault(rule=NO_YEAR, field="year", value=str(year), cure=GIVE_YEAR)
        if not 0 <= yuan <= HIGHEST_INCOME:
            yield Fault(rule=NO_INCOME, field="yuan", value=str(yuan), cure=GIVE_INCOME)
        yield from text_faults("words", words, LONGEST_LINE)
