"""The condition under which a column of codes, of any level, lies in a place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_

from gridmap.codes import level_of
from gridmap.model import Level


def within(column: ColumnElement[Any], area: int) -> ColumnElement[bool]:
    """Codes in `column` that are `area` or lie in it: those of every level below begin with
    its digits.
    """
    level = level_of(area)
    factors = [10 ** (below.digits - level.digits) for below in Level if below >= level]
    return or_(
        *(column.between(area * factor, (area + 1) * factor - 1) for factor in factors)
    )
