"""`MatterFilter`: which matters are looked for, as a person says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gridmap.city.base.ground import Ground
from gridmap.errors import Fault, InputError
from gridmap.model import Status
from gridmap.store.flow.casefind import Wanted
from gridmap.words import mark

UNKNOWN_CATEGORY = mark("There is no such category")
USE_CODE = mark("Use a code of the category tree.")


@dataclass(frozen=True, slots=True)
class MatterFilter(Wanted):
    """What is looked for, as a person says it: `categories` are codes, each with all below it."""

    statuses: Sequence[Status] = ()
    categories: Sequence[str] = ()


def resolved(asked: MatterFilter, ground: Ground) -> Wanted:
    """What is looked for with its categories by number. Raises InputError for unknown ones."""
    unknown = [
        Fault(rule=UNKNOWN_CATEGORY, field="category", value=str(code), cure=USE_CODE)
        for code in asked.categories
        if code not in ground.below
    ]
    if unknown:
        raise InputError(unknown)
    kinds = {number for code in asked.categories for number in ground.below[code]}
    return replace(asked, kinds=sorted(kinds))
