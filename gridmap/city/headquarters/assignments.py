"""`assignments`: what sessions have given the working groups and is not done, by group and
by place.
"""

from __future__ import annotations

import pandas as pd

from gridmap.city.base.desk import Desk, Lang
from gridmap.city.headquarters.sessions import Sessions
from gridmap.store.headquarters import sessions as rows

NO_GROUP = 0
COUNTS = ["open", "late", "answered"]


class Assignments:
    """Open tasks of the sessions. A task lies where its matter lies; one given without a
    group counts under `NO_GROUP`.
    """

    def __init__(self, desk: Desk, sessions: Sessions) -> None:
        self._desk = desk
        self._sessions = sessions

    def open(
        self, area: int, lang: Lang = "zh", *, group: int | None = None
    ) -> pd.DataFrame:
        """Open tasks about matters of `area`, of one `group` or of all, the earliest due first.

        Columns of `Sessions.undone`, and late (past its time without an answer).
        """
        found = self._sessions.undone(area, lang)
        found["late"] = (found["answered_at"] == 0) & (found["due_at"] < self._desk.now_s)
        return (
            found
            if group is None
            else found[found["group"] == group].reset_index(drop=True)
        )

    def by_group(self, area: int, lang: Lang = "zh") -> pd.DataFrame:
        """Every working group with its open tasks in `area`: columns of `Sessions.groups`,
        and open, late, answered.

        answered: waits for the headquarters' judgement. A last row of group `NO_GROUP`,
        without a name, stands for tasks given to a unit directly, where there are any.
        """
        groups, counted = (
            self._sessions.groups(lang),
            self._counted(self.open(area, lang), "group"),
        )
        if NO_GROUP in counted.index:
            nobody = pd.DataFrame(
                [{"id": NO_GROUP, "name": "", "duty": "", "departments": ()}]
            )
            groups = pd.concat([groups, nobody], ignore_index=True)
        return groups.join(
            counted.reindex(groups["id"], fill_value=0).reset_index(drop=True)
        )

    def placed(self, area: int, *, group: int | None = None) -> pd.DataFrame:
        """As `open`, with the grid of each task's matter."""
        found = self.open(area, group=group)
        with self._desk.store.read() as connection:
            lists = rows.read_lists(connection).drop_duplicates("matter")
        return found.merge(lists[["matter", "grid"]], on="matter")

    @staticmethod
    def _counted(tasks: pd.DataFrame, by: str) -> pd.DataFrame:
        told = tasks.assign(open=1, answered=(tasks["answered_at"] > 0).astype("int64"))
        return told.groupby(by)[COUNTS].sum().astype("int64")
