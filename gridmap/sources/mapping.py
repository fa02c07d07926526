"""Which column of a file is which: declared, or guessed from its name in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gridmap.errors import Fault, InputError

Guesses = Mapping[str, Sequence[str]]


def match(
    columns: Sequence[str],
    guesses: Guesses,
    required: Sequence[str],
    *,
    file: str,
    mapping: Mapping[str, str] | None,
) -> dict[str, str]:
    """The file's column for each canonical one that it has.

    `guesses` lists names for each canonical column; `mapping` (canonical → name in the
    file) goes before them. Raises InputError naming every required column not found, every
    mapped column the file lacks, and every name that stands twice.
    """
    declared = dict(mapping or {})
    faults = [*_twice(columns, file), *_strangers(columns, guesses, declared, file)]
    column_of = {name: column for name, column in declared.items() if column in columns}
    by_plain_name = {_plain(column): column for column in columns}
    for name, aliases in guesses.items():
        if name in column_of:
            continue
        for alias in (name, *aliases):
            column = by_plain_name.get(_plain(alias))
            if column is not None and column not in column_of.values():
                column_of[name] = column
                break
    faults += [
        Fault(
            rule=f"the file has no column for it among {', '.join(columns) or 'none'}",
            file=file,
            row=1,
            field=name,
            cure=(
                f"Name the column with --column {name}=COLUMN, or call it one of "
                f"{', '.join((name, *guesses[name][:4]))}."
            ),
        )
        for name in required
        if name not in column_of and name not in declared
    ]
    if faults:
        raise InputError(faults)
    return column_of


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-()（）/]+", "", name).lower()


def _twice(columns: Sequence[str], file: str) -> list[Fault]:
    return [
        Fault(
            rule="the column stands twice",
            file=file,
            row=1,
            field=name,
            cure="Rename or remove one of them.",
        )
        for name in sorted({name for name in columns if columns.count(name) > 1})
    ]


def _strangers(
    columns: Sequence[str], guesses: Guesses, declared: Mapping[str, str], file: str
) -> list[Fault]:
    unknown = [
        Fault(
            rule="no such column to map to",
            file=file,
            field=name,
            cure=f"Map one of {', '.join(guesses)}.",
        )
        for name in declared
        if name not in guesses
    ]
    absent = [
        Fault(
            rule="the file has no such column",
            file=file,
            row=1,
            field=name,
            value=column,
            cure=f"Name one of {', '.join(columns)}.",
        )
        for name, column in declared.items()
        if name in guesses and column not in columns
    ]
    return unknown + absent
