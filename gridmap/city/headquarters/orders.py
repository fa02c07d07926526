"""`orders`: what sessions have given units to do, and how it is followed up."""

from __future__ import annotations

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.sessions import SessionOrder
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.records.room import RecordRoom
from gridmap.codes import within
from gridmap.store.headquarters import sessions as store

NO_OFFICE = -1


class Orders(RecordRoom[SessionOrder]):
    """Orders of joint-judgement sessions; a session gives them, units answer them."""

    def __init__(self, desk: Desk, *, people: People, places: Places) -> None:
        super().__init__(desk, people=people, places=places, records=store.ORDERS)

    def undone(self, area: int, lang: Lang = "zh") -> pd.DataFrame:
        """Orders about matters of `area` that are not done, the earliest due first: a column
        an attribute of an order, office_name, group_name ("" none).
        """
        with self._desk.store.read() as connection:
            lists = store.read_lists(connection)
            table = store.read_orders(connection, undone=True)
        about = lists[within(lists["grid"], area)]["matter"]
        return self._named(table[table["matter"].isin(about)], lang)

    def of_session(self, session: int, lang: Lang = "zh") -> pd.DataFrame:
        """Every order of a session; columns as of `undone`."""
        with self._desk.store.read() as connection:
            return self._named(store.read_orders(connection, session=session), lang)

    def of_unit(self, actor: Actor, lang: Lang = "zh") -> pd.DataFrame:
        """Orders to the actor's unit that are not done; columns as of `undone`."""
        office = actor.office or NO_OFFICE
        with self._desk.store.read() as connection:
            table = store.read_orders(connection, office=office, undone=True)
        return self._named(table, lang)

    def groups(self, lang: Lang = "zh") -> pd.DataFrame:
        """The working groups that units are called by: id, name, duty ("" none), departments
        (tuple of names as offices have them).
        """
        with self._desk.store.read() as connection:
            table = store.read_groups(connection)
        name = table["name_en"] if lang == "en" else table["name"]
        return table.assign(name=name, duty=table["duty"].fillna(""))[
            ["id", "name", "duty", "departments"]
        ]

    def _named(self, orders: pd.DataFrame, lang: Lang) -> pd.DataFrame:
        groups = self.groups(lang)
        names = dict(zip(groups["id"].tolist(), groups["name"], strict=True))
        units = [
            self._people.office_name(office, lang) for office in orders["office"].tolist()
        ]
        called = [names.get(group, "") for group in orders["group"].tolist()]
        named = orders.assign(office_name=units, group_name=called)
        return named.reset_index(drop=True)
