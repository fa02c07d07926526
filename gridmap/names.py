"""Names of places and grids: Chinese ordinals, and English names made from Chinese ones."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin

_DIGITS = "零一二三四五六七八九"

# Longest suffix first: the generic part is translated, the proper part romanised.
_SUFFIXES = (
    ("城乡一体化示范区", "Integration Demonstration Zone"),
    ("高新技术产业开发区", "High-tech Zone"),
    ("经济技术开发区", "Economic Development Zone"),
    ("居民委员会", "Community"),
    ("居委会", "Community"),
    ("社区", "Community"),
    ("村民委员会", "Village"),
    ("村委会", "Village"),
    ("村", "Village"),
    ("街道办事处", "Sub-district"),
    ("街道", "Sub-district"),
    ("回族乡", "Hui Township"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("农场", "Farm"),
    ("林场", "Forest Farm"),
    ("园区", "Park"),
    ("聚集区", "Cluster"),
    ("区", "District"),
    ("县", "County"),
    ("市", "City"),
)


def chinese_number(number: int) -> str:
    """`number` from 1 to 999 in Chinese numerals: 8 → 八, 12 → 十二, 105 → 一百零五."""
    if not 1 <= number <= 999:
        raise ValueError(f"{number} is outside 1 to 999")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def grid_name(number: int) -> str:
    """The name of the grid with this number in its village: 8 → 第八网格."""
    return f"第{chinese_number(number)}网格"


@lru_cache(maxsize=32768)
def english_name(name: str) -> str:
    """An English name for a Chinese place name: 小店镇 → Xiaodian Town, 第八网格 keeps its number apart.

    A name without Chinese characters is returned as it is.
    """
    if not re.search(r"[\u4e00-\u9fff]", name):
        return name
    core, generic = name, ""
    for suffix, english in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            core, generic = name[: -len(suffix)], f" {english}"
            break
    return "".join(lazy_pinyin(core)).capitalize() + generic
