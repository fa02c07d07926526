"""Names of places and grids: Chinese ordinals, and English names made from Chinese ones."""

from __future__ import annotations

import re
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict

_DIGITS = "零一二三四五六七八九"

# The dictionary's readings of these places are not the ones their people use.
load_phrases_dict({"长垣": [["cháng"], ["yuán"]], "长济": [["cháng"], ["jǐ"]]})

_EXCEPTIONS = {
    "新乡市": "Xinxiang",
    "新乡高新技术产业开发区": "Xinxiang High-tech Zone",
    "新乡经济技术开发区": "Xinxiang Economic Development Zone",
    "新乡市平原城乡一体化示范区": "Pingyuan Demonstration Zone",
    "新乡化学与物理电源产业园区": "Xinxiang Battery Industry Park",
    "新乡经济开发区": "Xinxiang Economic Park",
    "新乡市食品工业聚集区": "Xinxiang Food Industry Cluster",
    "新乡市纺织工业聚集区": "Xinxiang Textile Industry Cluster",
    "卫辉市高效农业服务中心": "Weihui Agricultural Service Centre",
    "河南长垣起重工业园区": "Changyuan Crane Industry Park",
}
"""Long official names that read badly when romanised part by part."""

# Longest suffix first: the generic part is translated, the proper part romanised.
_SUFFIXES = (
    ("虚拟生活区", "Residential Area"),
    ("社区居民委员会", "Community"),
    ("社区居委会", "Community"),
    ("社区村民委员会", "Community"),
    ("虚拟社区", "Residential Area"),
    ("村村民委员会", "Village"),
    ("村村委会", "Village"),
    ("城乡一体化示范区", "Integration Demonstration Zone"),
    ("高新技术产业开发区", "High-tech Zone"),
    ("经济技术开发区", "Economic Development Zone"),
    ("农贸市场专属网格", "Market"),
    ("学校专属网格", "School"),
    ("医院专属网格", "Hospital"),
    ("产业园专属网格", "Industrial Park"),
    ("居民委员会", "Community"),
    ("居委会", "Community"),
    ("社区", "Community"),
    ("村民委员会", "Village"),
    ("村委会", "Village"),
    ("生活区", "Residential Area"),
    ("村", "Village"),
    ("街道办事处", "Sub-district"),
    ("街道", "Sub-district"),
    ("回族乡", "Hui Township"),
    ("回族镇", "Hui Town"),
    ("原种场", "Seed Farm"),
    ("园艺场", "Horticultural Farm"),
    ("苗圃场", "Nursery"),
    ("农科所", "Farming Institute"),
    ("农牧场", "Stock Farm"),
    ("农场", "Farm"),
    ("林场", "Forest Farm"),
    ("镇", "Town"),
    ("乡", "Township"),
    ("园区", "Park"),
    ("聚集区", "Cluster"),
    ("区", "District"),
    ("县", "County"),
    ("市", "City"),
)

_GRID_NAME = re.compile(r"第([零一二三四五六七八九十百]+)网格")
_PREFIXES = ("开发区", "国营")


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


def number_of(text: str) -> int:
    """The number that `chinese_number` writes as `text`: 八 → 8, 一百零五 → 105."""
    hundreds, has_hundreds, rest = text.partition("百")
    if not has_hundreds:
        hundreds, rest = "", text
    rest = rest.removeprefix("零")
    tens, has_tens, ones = rest.partition("十")
    if not has_tens:
        tens, ones = "", rest
    elif not tens:
        tens = "一"  # 十二, twelve, leaves out the digit of its one ten
    return 100 * _digit(hundreds) + 10 * _digit(tens) + _digit(ones)


def _digit(numeral: str) -> int:
    return _DIGITS.index(numeral) if numeral else 0


@lru_cache(maxsize=65536)
def english_name(name: str) -> str:
    """An English name for a Chinese place name: 小店镇 → Xiaodian Town, 第八网格 → Grid 8.

    A name without Chinese characters is returned as it is.
    """
    if not re.search(r"[\u4e00-\u9fff]", name):
        return name
    if name in _EXCEPTIONS:
        return _EXCEPTIONS[name]
    if grid := _GRID_NAME.fullmatch(name):
        return f"Grid {number_of(grid[1])}"
    core, remark = re.sub(r"[（(].*$", "", name), ""
    for suffix, english in _SUFFIXES:
        if core.endswith(suffix):
            core, remark = core[: -len(suffix)], english
            break
    for prefix in _PREFIXES:
        core = core.removeprefix(prefix) or core
    return " ".join(part for part in (romanise(core), remark) if part)


def romanise(text: str) -> str:
    """Pinyin in one word, with the apostrophe where a syllable could be read otherwise: 西安
    → Xi'an.
    """
    word = ""
    for syllable in lazy_pinyin(text):
        starts_with_vowel = syllable[:1] in "aeo" and syllable.isalpha()
        word += "'" + syllable if word and starts_with_vowel else syllable
    return word[:1].upper() + word[1:]


_TWO_CHARACTER_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
)


@lru_cache(maxsize=32768)
def english_person(name: str) -> str:
    """A person's name in pinyin, surname first: 张建国 → Zhang Jianguo; any other name as it is."""
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name):
        return name
    cut = 2 if len(name) > 2 and name.startswith(_TWO_CHARACTER_SURNAMES) else 1
    surname, given_name = name[:cut], name[cut:]
    return " ".join(
        "".join(lazy_pinyin(part)).capitalize() for part in (surname, given_name)
    )


def person(name: str, lang: str) -> str:
    """A person's name as the language `lang` ("zh", "en") writes it."""
    return english_person(name) if lang == "en" else name
