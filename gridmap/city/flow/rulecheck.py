"""What is wrong with routing rules that are to be saved or tried out: every fault, with its
row and its cure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gridmap.cases.routing import RoutingRule
from gridmap.city.people.directory import Directory
from gridmap.codes import ancestors
from gridmap.errors import Fault, InputError, shown
from gridmap.model import OfficeKind
from gridmap.store.base.frames import records
from gridmap.store.people.peoplecheck import CORRECT, odd_words
from gridmap.words import mark

REQUIRED = ("category", "area", "first")
MOST_NOTE = 500
TAKEN = mark("a rule before it takes all of these")
REMOVE = mark("Remove one of the two, or make it inactive.")
Complain = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may speak of: the codes of categories, places (`place(code)` whether there
    is one), departments.
    """

    categories: tuple[str, ...]
    place: Callable[[int], bool]
    directory: Directory


def rules_from(table: pd.DataFrame, known: Known) -> list[RoutingRule]:
    """The rules of a frame as `Routing.save` takes it, in order, positions from 1, new ones
    with new numbers.

    Raises InputError with everything wrong; rows are counted from 1 as they stand in the frame.
    """
    missing = [name for name in REQUIRED if name not in table.columns]
    if missing:
        cure = f"Give the columns {', '.join(REQUIRED)}."
        raise InputError(
            Fault(rule="the column is missing", field=name, cure=cure) for name in missing
        )
    faults: list[Fault] = []
    rows = [{**row, "row": number} for number, row in enumerate(records(table), start=1)]
    taken = [row["id"] for row in rows if row.get("id")]
    following = max([int(number) for number in taken], default=0) + 1
    rules: list[tuple[int, RoutingRule]] = []
    for row in _by_position(rows):
        rule = _rule(row, known, _complainer(faults, row))
        if taken.count(row.get("id")) > 1:
            _complainer(faults, row)(
                "id",
                row["id"],
                mark("two rules have this number"),
                mark("Leave it empty for a new rule."),
            )
        if rule is not None:
            number = rule["id"] or following
            following += not rule["id"]
            rules.append(
                (
                    row["row"],
                    RoutingRule(**{**rule, "id": number, "position": len(rules) + 1}),
                )
            )
    faults += _unreached(rules)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row))
    return [rule for _, rule in rules]


def _by_position(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows by their position, those without one last; as they stand where it is the same."""
    return sorted(
        rows,
        key=lambda row: (
            row["position"] if row.get("position") is not None else float("inf")
        ),
    )


def _rule(
    row: Mapping[str, Any], known: Known, complain: Complain
) -> dict[str, Any] | None:
    """The fields of a rule; None when one cannot be read."""
    category, department = (
        str(row["category"] or "").strip(),
        str(row.get("department") or "").strip(),
    )
    note = str(row.get("note") or "").strip()
    if not any(code.startswith(category) for code in known.categories):
        complain(
            "category",
            category,
            mark("no category begins so"),
            mark("Give a code of the tree, its beginning, or nothing."),
        )
    area = _area(row["area"], known, complain)
    first = _kind(row["first"], complain)
    if first is OfficeKind.DEPARTMENT and not department:
        complain(
            "department",
            "",
            mark("a department without its name"),
            mark("Name it, or choose a desk."),
        )
    if (
        department
        and area is not None
        and not _has_department(known.directory, area, department)
    ):
        complain(
            "department",
            department,
            mark("no such department in this place"),
            mark("Choose a department there is."),
        )
    if odd := odd_words(note, most=MOST_NOTE):
        complain("note", shown(note, 40), odd, CORRECT)
    if area is None or first is None:
        return None
    return {
        "id": int(row.get("id") or 0),
        "category": category,
        "area": area,
        "first": first,
        "department": department,
        "active": row.get("active") is None or bool(row["active"]),
        "note": note,
    }


def _area(value: Any, known: Known, complain: Complain) -> int | None:
    try:
        area = int(value)
    except (TypeError, ValueError):
        area = 0
    if area <= 0 or not known.place(area):
        complain(
            "area",
            value,
            mark("no such place"),
            mark("Give the code of a place; the city's own for everywhere."),
        )
        return None
    return area


def _kind(value: Any, complain: Complain) -> OfficeKind | None:
    try:
        return OfficeKind(value)
    except ValueError:
        complain(
            "first",
            value,
            mark("unknown kind of office"),
            mark("Choose the desk of a level, or a department."),
        )
        return None


def _has_department(directory: Directory, area: int, name: str) -> bool:
    """Whether a matter somewhere in `area` would find the department."""
    line = ancestors(area)
    return any(
        department == name and (place in line or area in ancestors(place))
        for place, department in directory.departments
    )


def _unreached(rules: list[tuple[int, RoutingRule]]) -> Iterable[Fault]:
    """Rules that say the same place and category as one before them."""
    seen: dict[tuple[str, int], int] = {}
    for row, rule in rules:
        if not rule.active:
            continue
        earlier = seen.setdefault((rule.category, rule.area), row)
        if earlier != row:
            yield Fault(
                rule=TAKEN, row=row, field="category", value=rule.category, cure=REMOVE
            )


def _complainer(faults: list[Fault], row: Mapping[str, Any]) -> Complain:
    def complain(field: str, value: Any, rule: str, cure: str) -> None:
        shown = "" if value is None else str(value)
        faults.append(Fault(rule=rule, cure=cure, field=field, value=shown, row=row["row"]))

    return complain
