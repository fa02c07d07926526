"""Words the headquarters asks for: who may ask, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Iterable

from gridmap.cases.texts import text_faults
from gridmap.errors import Fault, InputError
from gridmap.model import UserRole
from gridmap.words import mark

LONGEST = 2_000
LEADS = frozenset({UserRole.COMMANDER, UserRole.CHIEF})
"""Who holds sessions, asks units to answer, and judges the answers, in the places they
answer for.
"""
NOT_UNIT = mark("This is answered by those who work in the unit it was given to.")
EMPTY = mark("nothing is written here")
WRITE = mark("Write it in a few words.")


def written(field: str, text: str, most: int) -> list[Fault]:
    """What is wrong with words that have to be written."""
    faults = list(text_faults(field, text, most))
    if not faults and not text.strip():
        faults.append(Fault(rule=EMPTY, field=field, cure=WRITE))
    return faults


def refuse(faults: Iterable[Fault]) -> None:
    """Raise InputError when there are any."""
    found = list(faults)
    if found:
        raise InputError(found)
