"""Which units lag by a stated rule: a measure over matters, a threshold, and the fewest
matters it speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from gridmap.words import mark

FOUND_COLUMNS = ["office", "numerator", "denominator", "value", "matters"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a rule looks at: `share` in percent of what is counted, else a number of
    matters; texts of the catalogue.
    """

    key: str
    name: str
    share: bool


MEASURES: Mapping[str, Measure] = {
    one.key: one
    for one in (
        Measure("late_share", mark("Late of the matters in hand now, %"), share=True),
        Measure("late", mark("Late matters now"), share=False),
        Measure("old", mark("Matters open longer than the period"), share=False),
        Measure(
            "unanswered", mark("Whistles not answered in time in the period, %"), share=True
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: units lag whose `measure` over `days` is at least `threshold`, once `least`
    matters are counted.
    """

    measure: str
    threshold: float
    least: int
    days: int


def lagging(rule: Rule, held: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """The units that lag by `rule`, the worst first.

    `held`: open matters, office, matter, late, days (open so far); `answers`: whistles
    whose limit ran out in the period, office, matter, late. Columns: office, numerator,
    denominator (of a number of matters: those in hand), value (percent or the number),
    matters (tuple of the numbers of those that count against the unit).
    """
    told = answers if rule.measure == "unanswered" else held
    against = told["days"] > rule.days if rule.measure == "old" else told["late"]
    rows = []
    for office, own in told.assign(against=against).groupby("office", sort=True):
        counted, bad = len(own), own[own["against"]]
        value = (
            100.0 * len(bad) / counted if MEASURES[rule.measure].share else float(len(bad))
        )
        if len(bad) and counted >= rule.least and value >= rule.threshold:
            rows.append(
                (
                    office,
                    len(bad),
                    counted,
                    value,
                    tuple(sorted(set(bad["matter"].tolist()))),
                )
            )
    table = pd.DataFrame(rows, columns=FOUND_COLUMNS)
    return table.sort_values(
        ["value", "numerator", "office"], ascending=[False, False, True], ignore_index=True
    )
