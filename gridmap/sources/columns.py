"""Which column of a file means what: said by the caller, or guessed from its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from gridmap.errors import Fault, InputError

Guesses = Mapping[str, tuple[str, ...]]
"""Canonical name to the names files use for it, likeliest first."""


def resolve(
    columns: Iterable[str],
    guesses: Guesses,
    *,
    mapping: Mapping[str, str] | None = None,
    required: tuple[str, ...] = (),
    file: str = "",
) -> dict[str, str]:
    """Canonical name → column of the file, for every canonical name of `guesses` that has one.

    `mapping` (canonical → column) wins over guesses; those compare without regard to case,
    width, spaces, `_` and `-`. Raises InputError for a mapping to nothing, and when a
    `required` name has no column.
    """
    names = [str(column) for column in columns]
    chosen = dict(mapping or {})
    faults = list(_mapping_faults(chosen, names, guesses, file))
    taken = set(chosen.values())
    # Of two columns with the same plain name the first in the file wins, so it comes last.
    by_plain_name = {_plain(name): name for name in reversed(names) if name not in taken}
    for canonical, spellings in guesses.items():
        likely = (by_plain_name.get(_plain(word)) for word in (canonical, *spellings))
        column = next((name for name in likely if name is not None), None)
        if canonical not in chosen and column is not None and column not in chosen.values():
            chosen[canonical] = column
    faults += [
        Fault(
            rule=f"no column for {canonical}",
            field=canonical,
            file=file,
            cure=(
                f"Name it with --column {canonical}=COLUMN; the file has "
                f"{', '.join(names) or 'no columns'}."
            ),
        )
        for canonical in required
        if canonical not in chosen
    ]
    if faults:
        raise InputError(faults)
    return chosen


def _mapping_faults(
    mapping: Mapping[str, str], names: list[str], guesses: Guesses, file: str
) -> Iterable[Fault]:
    for canonical, column in mapping.items():
        if canonical not in guesses:
            cure = f"Map one of {', '.join(guesses)}."
            yield Fault(
                rule="unknown field in the mapping",
                field=canonical,
                value=column,
                file=file,
                cure=cure,
            )
        elif column not in names:
            cure = f"Name one of the file's columns: {', '.join(names)}."
            yield Fault(
                rule="the file has no such column",
                field=canonical,
                value=column,
                file=file,
                cure=cure,
            )


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter not in " _-")
