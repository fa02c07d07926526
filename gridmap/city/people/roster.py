"""`Roster`: users and offices brought in from files, and single ones put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.base.rights import check_administers
from gridmap.city.look.places import Places
from gridmap.city.people.directory import Directory
from gridmap.city.people.people import People
from gridmap.codes import ancestors, level_of
from gridmap.errors import Fault, InputError
from gridmap.sources.roster import read_offices, read_users
from gridmap.store.base.store import touch
from gridmap.store.intake import imports as store_imports
from gridmap.store.intake.imports import ImportResult
from gridmap.store.people import people as store_people
from gridmap.store.people.peoplecheck import office_faults, user_faults
from gridmap.words import mark


class Roster:
    """Who there is: changed by the admin of the place, or from the command line."""

    def __init__(self, desk: Desk, *, people: People, places: Places) -> None:
        self._desk = desk
        self._people = people
        self._places = places

    def import_users(
        self,
        actor: Actor,
        path: str | Path,
        *,
        mapping: Mapping[str, str] | None = None,
        replace: bool = False,
    ) -> ImportResult:
        """Add or change the users of a file, all or nothing; with `replace`, make those it
        does not name inactive.

        For the columns and `mapping` see `gridmap.sources.roster.read_users`; an office may
        be given by number, or by name where only one of this name lies over the user's
        place. Users are known by login.

        Raises ForbiddenError (only for the admin of the whole city), InputError with
        everything wrong.
        """
        check_administers(actor, self._desk.code)
        sheet = read_users(path, mapping=mapping)
        table = sheet.table
        file = Path(path).name
        named = _offices_named(table, self._people.directory, file)
        if "office" in table:
            table["office"] = pd.Series(
                [number for number, _ in named], index=table.index, dtype=object
            )
        own = [
            *sheet.faults,
            *(fault for _, fault in named if fault),
            *_unknown_places(table, self._places, file),
        ]
        with self._desk.store.write() as connection:
            _refuse([*own, *user_faults(connection, table, file=file)])
            kept = store_people.put_users(connection, table)
            if replace:
                store_people.retire_users(connection, kept)
            done = store_imports.put_import(
                connection,
                kind="users",
                files=[path],
                now=self._desk.now_s,
                rows=len(table),
                accepted=len(table),
            )
            touch(connection, store_people.PART)
        self._people.changed()
        return ImportResult(done, len(table), len(table), {}, None)

    def import_offices(
        self, actor: Actor, path: str | Path, *, mapping: Mapping[str, str] | None = None
    ) -> ImportResult:
        """Add or change the offices of a file, all or nothing.

        For the columns and `mapping` see `gridmap.sources.roster.read_offices`. Offices are
        known by their number, else by kind, place and department. Raises ForbiddenError
        (only for the admin of the whole city), InputError.
        """
        check_administers(actor, self._desk.code)
        sheet = read_offices(path, mapping=mapping)
        table = sheet.table
        file = Path(path).name
        own = [*sheet.faults, *_unknown_places(table, self._places, file)]
        with self._desk.store.write() as connection:
            _refuse([*own, *office_faults(connection, table, file=file)])
            store_people.put_offices(connection, table)
            done = store_imports.put_import(
                connection,
                kind="offices",
                files=[path],
                now=self._desk.now_s,
                rows=len(table),
                accepted=len(table),
            )
            touch(connection, store_people.PART)
        self._people.changed()
        return ImportResult(done, len(table), len(table), {}, None)

    def save_user(self, actor: Actor, user: Mapping[str, Any]) -> int:
        """Add or change one user, by id or login; the number.

        login, name, role, area; optionally id, office, worker, phone, active, as
        `store.people.replace_people` has them. Raises ForbiddenError unless the actor is
        the admin of the place the user answers for, before and after, InputError with
        everything wrong.
        """
        values = {
            name: user[name]
            for name in store_people.USER_COLUMNS
            if name in user and name != "demo"
        }
        table = pd.DataFrame([values], dtype=object)
        known = [
            one
            for one in self._people.directory.users.values()
            if values.get("login") == one.login
        ]
        before = (
            self._people.user(int(values["id"]))
            if values.get("id")
            else known[0]
            if known
            else None
        )
        own = list(_unknown_places(table, self._places, ""))
        with self._desk.store.write() as connection:
            _refuse([*own, *user_faults(connection, table)])
            for area in {int(values["area"]), *([before.area] if before else [])}:
                check_administers(actor, area)
            (number,) = store_people.put_users(connection, table)
            touch(connection, store_people.PART)
        self._people.changed()
        return number


def _refuse(faults: list[Fault]) -> None:
    """Raise InputError when there are any, in the order of rows; of several about one cell,
    the first.
    """
    first: dict[tuple[int, str], Fault] = {}
    for fault in faults:
        first.setdefault((fault.row, fault.field), fault)
    if first:
        raise InputError(sorted(first.values(), key=lambda fault: fault.row))


def _unknown_places(table: pd.DataFrame, places: Places, file: str) -> Iterator[Fault]:
    """Places that are codes but lie in no plan; other faults of `area` are told by the store."""
    for row in table.to_dict("records"):
        area = row.get("area")
        if area is not None and _is_code(area) and not places.known(int(area)):
            cure = mark("Give the code of a place of the plan in force.")
            number = int(row.get("row", 0))
            yield Fault(
                rule=mark("no such place"),
                file=file,
                row=number,
                field="area",
                value=str(area),
                cure=cure,
            )


def _is_code(area: Any) -> bool:
    try:
        level_of(int(area))
    except (InputError, TypeError, ValueError):
        return False
    return True


def _offices_named(
    table: pd.DataFrame, state: Directory, file: str
) -> list[tuple[int | None, Fault | None]]:
    """For each row the number of the office it names (None: none), and what is wrong with
    the name.
    """
    by_name: dict[str, list[int]] = {}
    for office in state.offices.values():
        by_name.setdefault(office.name, []).append(office.id)
    return [_office_named(row, by_name, state, file) for row in table.to_dict("records")]


def _office_named(
    row: Mapping[Any, Any], by_name: Mapping[str, list[int]], state: Directory, file: str
) -> tuple[int | None, Fault | None]:
    text = str(row.get("office") or "")
    if not text:
        return None, None
    if text.isascii() and text.isdigit():
        return int(text), None
    found = by_name.get(text, [])
    if len(found) > 1 and _is_code(row["area"]):
        found = [
            number
            for number in found
            if state.offices[number].area in ancestors(int(row["area"]))
        ]
    if len(found) == 1:
        return found[0], None
    rule = "several offices have this name" if by_name.get(text) else "no such office"
    cure = "Give its number, or import the office first."
    return None, Fault(
        rule=rule, file=file, row=int(row["row"]), field="office", value=text, cure=cure
    )
