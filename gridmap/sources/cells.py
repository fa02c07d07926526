"""Single values of a file as what they mean: codes, counts, kinds, texts."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from gridmap.model import GridKind
from gridmap.words import mark

# Whole numbers above this are not all floats: a 17-digit code may have lost its last digit.
_EXACT_FLOAT = 2**53
_KINDS = {
    **dict.fromkeys(("基础", "基础网格", "basic", "jichu", "1"), GridKind.BASIC),
    **dict.fromkeys(
        ("专属", "专属网格", "专业", "专业网格", "exclusive", "special", "zhuanshu", "2"),
        GridKind.EXCLUSIVE,
    ),
}


class UnreadableError(ValueError):
    """A value that does not mean what its column should hold; `rule` and `cure` say why and
    what to do.
    """

    def __init__(self, rule: str, cure: str) -> None:
        self.rule, self.cure = rule, cure
        super().__init__(rule)


def is_missing(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, or text of spaces alone."""
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or (isinstance(value, str) and not value.strip())
    )


def text(value: Any) -> str:
    """A cell as text in one Unicode form, without space around it; missing is ""."""
    return "" if is_missing(value) else unicodedata.normalize("NFC", str(value)).strip()


def code(value: Any) -> int:
    """A division or grid code given as text or number, without loss of a digit."""
    if is_missing(value):
        raise UnreadableError(
            mark("the code is missing"), mark("Give each grid its 15 digits.")
        )
    digits = unicodedata.normalize("NFKC", str(value)).strip()
    if isinstance(value, float):
        if not value.is_integer() or abs(value) > _EXACT_FLOAT:
            raise UnreadableError(
                mark("the code is no whole number"), mark("Store codes as text.")
            )
        digits = str(int(value))
    if re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", digits):
        raise UnreadableError(
            mark("the code has lost digits in a table program"),
            mark("Store codes as text and export again."),
        )
    digits = re.sub(r"\.0+$", "", digits)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,18}", digits):
        raise UnreadableError(
            mark("the code has other signs than digits"),
            mark("Give each grid its 15 digits."),
        )
    return int(digits)


def count(value: Any) -> int:
    """A number of households or people."""
    cure = mark("Give a whole number from 0 up.")
    if isinstance(value, bool):
        raise UnreadableError(mark("no number"), cure)
    try:
        number = float(unicodedata.normalize("NFKC", str(value)).replace(",", "").strip())
    except ValueError as error:
        raise UnreadableError(mark("no number"), cure) from error
    if not math.isfinite(number) or not number.is_integer() or not 0 <= number < 2**31:
        raise UnreadableError(mark("no count of households or people"), cure)
    return int(number)


def kind(value: Any) -> GridKind:
    """基础 basic or 专属 exclusive, in any of their spellings."""
    # Full-width letters and digits are common in Chinese tables; NFKC makes them plain.
    plain = unicodedata.normalize("NFKC", text(value)).removesuffix(".0").casefold()
    grid_kind = _KINDS.get(plain)
    if grid_kind is None:
        raise UnreadableError(
            mark("unknown kind of grid"), "Say basic (基础) or exclusive (专属)."
        )
    return grid_kind
