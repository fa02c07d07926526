"""`catches`: how many units and matters the rules of lagging catch, by rule and by place."""

from __future__ import annotations

import pandas as pd

from gridmap.city.base.desk import Desk
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.headquarters.lagging import Lagging

COUNTS = ["units", "matters"]


class Catches:
    """What `Lagging.found` finds, counted. A unit caught by two rules counts once; so does
    a matter.
    """

    def __init__(self, desk: Desk, *, matters: Matters, lagging: Lagging) -> None:
        self._desk = desk
        self._matters = matters
        self._lagging = lagging

    def by_rule(self, area: int, *, rules: pd.DataFrame | None = None) -> pd.DataFrame:
        """The active rules, or `rules` (as `Lagging.save_rules` takes them), with what each
        catches now in `area`.

        Columns: rule (row, from 1), measure, threshold, days, interview, units, matters.
        Raises InputError.
        """
        table = pd.DataFrame(
            [
                (
                    position,
                    row["measure"],
                    float(row["threshold"]),
                    int(row["days"]),
                    bool(row["interview"]),
                )
                for position, row in self._lagging.active(rules)
            ],
            columns=["rule", "measure", "threshold", "days", "interview"],
        )
        pairs = self._pairs(self._lagging.found(area, rules=rules))
        counted = pairs.groupby("rule").agg(
            units=("office", "nunique"), matters=("matter", "nunique")
        )
        return table.join(
            counted.reindex(table["rule"], fill_value=0)
            .astype("int64")
            .reset_index(drop=True)
        )

    def placed(self, *, rule: int = 0, rules: pd.DataFrame | None = None) -> pd.DataFrame:
        """What the rules, or the one of row `rule`, catch in the city: a row for each rule,
        office and matter that counts against it, with the matter's grid.
        """
        pairs = self._pairs(self._lagging.found(self._desk.code, rules=rules))
        pairs = pairs[pairs["rule"] == rule] if rule else pairs
        wanted = pairs["matter"].unique().tolist()
        listed = self._matters.find(MatterFilter(ids=tuple(wanted)), limit=len(wanted))
        return pairs.merge(listed[["matter", "grid"]], on="matter")

    @staticmethod
    def _pairs(found: pd.DataFrame) -> pd.DataFrame:
        """A row for each rule, unit and matter that counts against it."""
        rows = [
            (rule, office, matter)
            for rule, office, matters in zip(
                found["rule"], found["office"], found["matters"], strict=True
            )
            for matter in matters
        ]
        return pd.DataFrame(rows, columns=["rule", "office", "matter"], dtype="int64")
