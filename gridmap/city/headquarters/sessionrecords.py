"""Records of joint-judgement sessions: which were held, what was judged, the tasks they
gave and how these stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.headquarters.wording import LEADS
from gridmap.city.people.people import People
from gridmap.codes import within
from gridmap.store.headquarters import sessions as rows
from gridmap.store.headquarters.sessions import Session


@dataclass(frozen=True, eq=False)
class Record:
    """A session with all that belongs to it.

    `matters`: matter, judgement, number; `tasks`: columns of `store.sessions.TASK_COLUMNS`,
    and office_name, group_name; `lines`: at, by, kind, data.
    """

    head: Session
    matters: pd.DataFrame
    tasks: pd.DataFrame
    lines: pd.DataFrame

    @property
    def numbers(self) -> dict[int, str]:
        """Case numbers of the matters on the list; the matter's own number where it has
        none yet.
        """
        return {
            row["matter"]: row["number"] or str(row["matter"])
            for row in self.matters.to_dict("records")
        }


class SessionRecords:
    """What was held and given."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people

    def groups(self, lang: Lang = "zh") -> pd.DataFrame:
        """The working groups: id, name, duty ("" none), departments (tuple of names as
        offices have them).
        """
        with self._desk.store.read() as connection:
            table = rows.read_groups(connection)
        name = table["name_en"] if lang == "en" else table["name"]
        return table.assign(name=name, duty=table["duty"].fillna(""))[
            ["id", "name", "duty", "departments"]
        ]

    def listed(self, area: int) -> pd.DataFrame:
        """The sessions held for places in `area` or about matters there, the latest first.

        Columns of `store.sessions.read_sessions`.
        """
        with self._desk.store.read() as connection:
            table, lists = rows.read_sessions(connection), rows.read_lists(connection)
        about = lists[within(lists["grid"], area)]["session"]
        return table[within(table["area"], area) | table["id"].isin(about)].reset_index(
            drop=True
        )

    def on_lists(self, sessions: Iterable[int]) -> list[int]:
        """The matters on the lists of `sessions`, each once."""
        with self._desk.store.read() as connection:
            lists = rows.read_lists(connection)
        return [
            int(one)
            for one in lists[lists["session"].isin(list(sessions))]["matter"].unique()
        ]

    def get(self, session: int, lang: Lang = "zh") -> Record:
        """A session with its record. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            head = rows.load(connection, session)
            found = rows.read_matters(connection, session)
            tasks = rows.read_tasks(connection, session=session)
            told = rows.lines(connection, session)
        return Record(head, found, self._named(tasks, lang), told)

    def tasks_of(self, actor: Actor, lang: Lang = "zh") -> pd.DataFrame:
        """What sessions have given to the actor's unit and is not done, the earliest due
        first; columns as of `get`.
        """
        if not actor.office:
            return self._named(self._tasks(office=-1), lang)
        return self._named(self._tasks(office=actor.office, undone=True), lang)

    def undone(self, area: int, lang: Lang = "zh") -> pd.DataFrame:
        """What sessions have given about matters of `area` and is not done, the earliest
        due first; columns as of `get`.
        """
        with self._desk.store.read() as connection:
            lists = rows.read_lists(connection)
        here = lists[within(lists["grid"], area)]["matter"]
        table = self._tasks(undone=True)
        return self._named(table[table["matter"].isin(here)].reset_index(drop=True), lang)

    def may_lead(self, actor: Actor, area: int) -> bool:
        """Whether `actor` may hold sessions for `area`."""
        return actor.role in LEADS and actor.covers(area)

    def _tasks(self, *, office: int = 0, undone: bool = False) -> pd.DataFrame:
        with self._desk.store.read() as connection:
            return rows.read_tasks(connection, office=office, undone=undone)

    def _named(self, tasks: pd.DataFrame, lang: Lang) -> pd.DataFrame:
        groups = self.groups(lang)
        names = dict(zip(groups["id"].tolist(), groups["name"], strict=True))
        return tasks.assign(
            office_name=[
                self._people.office_name(one, lang) for one in tasks["office"].tolist()
            ],
            group_name=[names.get(one, "") for one in tasks["group"].tolist()],
        )
