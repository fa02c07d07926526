"""Rules by which units lag, as a table gives them: read, and every fault of them told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gridmap.city.headquarters.wording import refuse
from gridmap.errors import Fault
from gridmap.insight.lag import MEASURES
from gridmap.model import OfficeKind
from gridmap.store.base.frames import records
from gridmap.words import mark

MOST_RULES = 50
KINDS = ("", *(kind.value for kind in OfficeKind))
NO_MEASURE = mark("no such measure")
CHOOSE_MEASURE = mark("Choose one of the list.")
NO_THRESHOLD = mark("not a threshold")
GIVE_THRESHOLD = mark("Give a number above 0, of shares at most 100.")
NO_LEAST = mark("not a number of matters")
GIVE_LEAST = mark("Give a whole number from 1 to 10,000.")
NO_DAYS = mark("not a number of days")
GIVE_DAYS = mark("Give a whole number from 1 to 365.")
NO_KIND = mark("unknown kind of office")
TOO_MANY = mark("too many rules")
FEWER = mark("Give at most 50 rules.")


def rules_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rules of a frame as `Lagging.save_rules` takes it. Raises InputError with every
    fault, rows counted from 1.
    """
    given = [
        {
            **row,
            "kind": row.get("kind") or "",
            "interview": bool(row.get("interview")),
            "active": row.get("active") is None or bool(row["active"]),
        }
        for row in records(table)
    ]
    faults = [
        fault
        for number, row in enumerate(given, start=1)
        for fault in _rule_faults(number, row)
    ]
    if len(given) > MOST_RULES:
        faults.append(Fault(rule=TOO_MANY, value=str(len(given)), cure=FEWER))
    refuse(faults)
    return given


def _rule_faults(number: int, row: Mapping[str, Any]) -> Iterable[Fault]:
    measure = MEASURES.get(str(row.get("measure")))
    if measure is None:
        yield Fault(
            rule=NO_MEASURE,
            row=number,
            field="measure",
            value=str(row.get("measure") or ""),
            cure=CHOOSE_MEASURE,
        )
    most = 100.0 if measure and measure.share else 1e6
    if not _between(row.get("threshold"), 1e-9, most):
        yield Fault(
            rule=NO_THRESHOLD,
            row=number,
            field="threshold",
            value=str(row.get("threshold")),
            cure=GIVE_THRESHOLD,
        )
    if not _between(row.get("least"), 1, 10_000):
        yield Fault(
            rule=NO_LEAST,
            row=number,
            field="least",
            value=str(row.get("least")),
            cure=GIVE_LEAST,
        )
    if not _between(row.get("days"), 1, 365):
        yield Fault(
            rule=NO_DAYS,
            row=number,
            field="days",
            value=str(row.get("days")),
            cure=GIVE_DAYS,
        )
    if row["kind"] not in KINDS:
        yield Fault(
            rule=NO_KIND,
            row=number,
            field="kind",
            value=str(row["kind"]),
            cure=CHOOSE_MEASURE,
        )


def _between(value: Any, low: float, high: float) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and low <= value <= high
    )
