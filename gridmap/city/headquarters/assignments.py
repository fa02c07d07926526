"""`assignments`: what sessions have given the working groups and is not done, by group and
by place.
"""

from __future__ import annotations

import pandas as pd

from gridmap.city.base.desk import Desk, Lang
from gridmap.city.headquarters.orders import Orders
from gridmap.store.headquarters import sessions as rows

NO_GROUP = 0
COUNTS = ["open", "late", "answered"]


class Assignments:
    """Orders of the sessions that are not done. One lies where its matter lies; one given
    without a group counts under `NO_GROUP`.
    """

    def __init__(self, desk: Desk, orders: Orders) -> None:
        self._desk = desk
        self._orders = orders

    def open(
        self, area: int, lang: Lang = "zh", *, group: int | None = None
    ) -> pd.DataFrame:
        """Open orders about matters of `area`, of one `group` or of all, the earliest due first.

        Columns of `Orders.undone`, and late (past its time without an answer).
        """
        orders = self._orders.undone(area, lang)
        unanswered = orders["answered_at"] == 0
        orders["late"] = unanswered & (orders["due_at"] < self._desk.now_s)
        if group is None:
            return orders
        return orders[orders["group"] == group].reset_index(drop=True)

    def by_group(self, area: int, lang: Lang = "zh") -> pd.DataFrame:
        """Every working group with its open orders in `area`: columns of `Orders.groups`,
        and open, late, answered.

        answered: waits for the headquarters' judgement. A last row of group `NO_GROUP`,
        without a name, stands for orders given to a unit directly, where there are any.
        """
        groups = self._orders.groups(lang)
        counted = self._counted(self.open(area, lang), "group")
        if NO_GROUP in counted.index:
            nobody = pd.DataFrame(
                [{"id": NO_GROUP, "name": "", "duty": "", "departments": ()}]
            )
            groups = pd.concat([groups, nobody], ignore_index=True)
        return groups.join(
            counted.reindex(groups["id"], fill_value=0).reset_index(drop=True)
        )

    def placed(self, area: int, *, group: int | None = None) -> pd.DataFrame:
        """As `open`, with the grid of each order's matter."""
        orders = self.open(area, group=group)
        with self._desk.store.read() as connection:
            lists = rows.read_lists(connection).drop_duplicates("matter")
        return orders.merge(lists[["matter", "grid"]], on="matter")

    @staticmethod
    def _counted(orders: pd.DataFrame, by: str) -> pd.DataFrame:
        answered = (orders["answered_at"] > 0).astype("int64")
        counted = orders.assign(open=1, answered=answered)
        return counted.groupby(by)[COUNTS].sum().astype("int64")
