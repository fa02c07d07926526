"""Division and grid codes: 6, 9, 12 and 15 digits, each the prefix of those below it.

A code is an int64 everywhere inside; its level is its number of digits (GB/T 2260 for the
county part, the national statistical code to the village, three digits more for the grid).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.errors import Fault, InputError
from gridmap.model import Level

Codes = npt.NDArray[np.int64]

_LEVEL_OF_DIGITS = {level.digits: level for level in Level}


def level_of(code: int) -> Level:
    """Level of one code.

    Raises InputError when the number of digits belongs to no level.
    """
    level = _LEVEL_OF_DIGITS.get(len(str(int(code))))
    if level is None or code <= 0:
        raise InputError(
            Fault(
                rule="not a division or grid code",
                field="code",
                value=str(code),
                cure="Give 6 (county), 9 (township), 12 (village) or 15 (grid) digits.",
            )
        )
    return level


def parent(code: int, level: Level | None = None) -> int:
    """The code of `level` above `code` (default: the next level up); `code` itself at its
    own level.
    """
    own_level = level_of(code)
    target = Level(max(own_level - 1, Level.CITY)) if level is None else level
    if target > own_level:
        raise InputError(
            Fault(
                rule=f"a {own_level.name.lower()} has no parent at level {target.name.lower()}",
                field="code",
                value=str(code),
                cure="Ask for a level above the code's own.",
            )
        )
    return int(code) // int(10 ** (own_level.digits - target.digits))


def ancestors(code: int) -> tuple[int, ...]:
    """The codes from the city down to `code`, itself included."""
    return tuple(parent(code, Level(level)) for level in range(level_of(code) + 1))


def parents(codes: Codes, level: Level, *, of: Level = Level.GRID) -> Codes:
    """`codes` (int64[n], all of level `of`) mapped to their ancestors at `level`, int64[n]."""
    return np.asarray(codes, dtype=np.int64) // np.int64(10 ** (of.digits - level.digits))


def span(code: int) -> tuple[int, int]:
    """The half-open range [first, end) of 15-digit grid codes that lie in `code`."""
    factor = int(10 ** (Level.GRID.digits - level_of(code).digits))
    return int(code) * factor, (int(code) + 1) * factor


def lifted(codes: npt.ArrayLike, level: Level) -> Codes:
    """`codes` (int64[n], of any levels) mapped to the places of `level` they lie in,
    int64[n]; 0 for larger places.
    """
    values = np.asarray(codes, dtype=np.int64)
    steps = np.maximum(_digits(values) - level.digits, 0)
    return np.where(_digits(values) >= level.digits, values // 10**steps, 0)


def within(codes: npt.ArrayLike, area: int) -> npt.NDArray[np.bool_]:
    """Which of `codes` (int64[n], of any levels) are `area` or lie in it; 0 lies nowhere."""
    values = np.asarray(codes, dtype=np.int64)
    digits_of_code = _digits(values)
    first, end = span(area)
    as_grids = values * 10 ** (Level.GRID.digits - digits_of_code)
    inside: npt.NDArray[np.bool_] = (
        (digits_of_code >= level_of(area).digits) & (first <= as_grids) & (as_grids < end)
    )
    return inside


def _digits(codes: Codes) -> npt.NDArray[np.int64]:
    """How many digits each code has, int64[n]; 0 as few as a city's."""
    digits = np.array([level.digits for level in Level])
    return digits[np.searchsorted(10 ** digits[:-1], codes, side="right")]


def around(codes: npt.ArrayLike, area: int) -> npt.NDArray[np.bool_]:
    """Which of `codes` (int64[n], of any levels) are `area`, lie in it, or have it in them."""
    return within(codes, area) | np.isin(np.asarray(codes, dtype=np.int64), ancestors(area))
