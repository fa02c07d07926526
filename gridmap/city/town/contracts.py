"""`contracts`: the clean-up of village contracts, step by step, and what it brings the villages."""

from __future__ import annotations

import pandas as pd

from gridmap.cases import contracts as rules
from gridmap.cases.actors import Actor
from gridmap.cases.contracts import Act, Contract, Order, State
from gridmap.city.base.desk import Desk
from gridmap.city.flow.photos import own_client_id
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.town.newcontract import (
    NewContract,
    faults_of,
    income_faults,
    order_faults,
)
from gridmap.city.town.recordtable import record_table
from gridmap.errors import ForbiddenError, InputError, StaleError
from gridmap.insight import villages as insight
from gridmap.store.base import records
from gridmap.store.town import contracts as store
from gridmap.words import mark

NOT_THEIRS = mark(
    "Contracts and incomes are noted by clerks and chiefs of the village, or of a place above it."
)
OPEN_STATES = frozenset({State.LISTED, State.PUBLISHED, State.REVIEWED, State.RELAPSED})


class Contracts:
    """Contracts of village collectives. What stands in them is public in the village, and
    shown to every reader.
    """

    def __init__(self, desk: Desk, *, places: Places, people: People) -> None:
        self._desk = desk
        self._places = places
        self._people = people

    # reading

    def contracts(self, area: int, *, state: str = "", kind: str = "") -> pd.DataFrame:
        """Contracts in `area` with their rents: columns of `store.read_contracts`,
        rent_before, rent_after, gain.

        `state` may be a state, or `open` (not kept or cleared yet, or relapsed).
        """
        with self._desk.store.read() as connection:
            table = insight.rents(store.read_contracts(connection, area))
        if state == "open":
            table = table[table["state"].isin([str(one) for one in OPEN_STATES])]
        elif state:
            table = table[table["state"] == state]
        return (table[table["kind"] == kind] if kind else table).reset_index(drop=True)

    def campaign(self, area: int) -> dict[str, float]:
        """How far the clean-up of `area` is: the figures of `insight.villages.campaign`, by
        name.
        """
        (row,) = insight.campaign(self.contracts(area)).to_dict("records")
        return {str(name): value for name, value in row.items()}

    def incomes(self, area: int) -> pd.DataFrame:
        """Collective income before and after, per village of `area` with published
        contracts: `insight.incomes`.
        """
        with self._desk.store.read() as connection:
            noted = store.read_incomes(connection, area)
            table = store.read_contracts(connection, area)
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

    def get(self, contract: int) -> Contract:
        """How a contract stands. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            return store.load(connection, contract)

    def history(self, contract: int) -> pd.DataFrame:
        """Every entry, oldest first: number, act, at (Unix seconds), actor_name, data
        (dict). Raises NotFoundError.
        """
        self.get(contract)
        with self._desk.store.read() as connection:
            found = store.entries(connection, contract)
        return record_table(self._people, found)

    def possible(self, actor: Actor, contract: int) -> tuple[Act, ...]:
        """What `actor` may do with it now."""
        return rules.possible(self.get(contract), actor)

    # commands

    def may_list(self, actor: Actor, village: int) -> bool:
        """Whether `actor` may list contracts and note incomes of `village`."""
        return rules.may_list(actor, village)

    def add(self, actor: Actor, new: NewContract) -> int:
        """Put a contract on the list; its number, the same when sent again under its client id.

        Raises InputError with every fault, ForbiddenError.
        """
        faults = list(faults_of(new, known=self._places.known(new.village)))
        if faults:
            raise InputError(faults)
        if not rules.may_list(actor, new.village):
            raise ForbiddenError(NOT_THEIRS)
        told = {
            "village": new.village,
            "kind": new.kind,
            "title": new.title.strip(),
            "area_written": float(new.area_written),
            "price_before": float(new.price_before),
        }
        first = rules.begin(actor, at=self._desk.now_s, data=told)
        with self._desk.store.write() as connection:
            return store.create(
                connection, first, client_id=own_client_id(actor, new.client_id)
            )

    def act(self, actor: Actor, contract: int, order: Order, *, version: int) -> Contract:
        """Do what `order` says to the contract, which the actor saw at `version`, and
        return it as it stands then.

        Raises NotFoundError, InputError, StaleError, RefusedError with the reason.
        """
        faults = list(order_faults(order))
        if faults:
            raise InputError(faults)
        with self._desk.store.write() as connection:
            stands = store.load(connection, contract)
            if stands.version != version:
                raise StaleError(records.STALE)
            return store.append(
                connection, stands, rules.decide(stands, actor, order, now=self._desk.now_s)
            )

    def note_income(
        self, actor: Actor, village: int, *, year: int, yuan: int, words: str = ""
    ) -> None:
        """Note what the collective of `village` earned in `year`; of several notes the last
        counts, all are kept.

        Raises InputError with every fault, ForbiddenError.
        """
        known, today = self._places.known(village), self._desk.today.year
        faults = list(income_faults(village, year, yuan, words, known=known, today=today))
        if faults:
            raise InputError(faults)
        if not rules.may_list(actor, village):
            raise ForbiddenError(NOT_THEIRS)
        row = {
            "village": village,
            "year": year,
            "yuan": yuan,
            "at": self._desk.now_s,
            "by": actor.user,
        }
        with self._desk.store.write() as connection:
            store.add_incomes(connection, [row | {"words": words.strip() or None}])
