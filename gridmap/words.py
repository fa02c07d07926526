"""The words of the pages: two catalogues, plurals, and numbers, dates and shares as each
language writes them.
"""

from __future__ import annotations

import gettext
import io
import math
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from babel.messages import mofile, pofile

from gridmap.calendar import from_epoch

LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT = "zh"
NONE = "—"
"""Shown where there is nothing to show: a share of no cases, a place without a value."""


def mark(text: str) -> str:
    """Mark `text` for the catalogues where it is only named; it is translated where it is shown."""
    return text


@lru_cache(maxsize=4)
def catalogue(lang: str) -> gettext.NullTranslations:
    """The catalogue of `lang`, from the compiled file, or compiled in memory when that is
    missing or older.
    """
    source = LOCALE / lang / "LC_MESSAGES" / "gridmap.po"
    compiled = source.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    memory = io.BytesIO()
    with source.open("rb") as file:
        mofile.write_mo(memory, pofile.read_po(file, locale=lang))
    memory.seek(0)
    return gettext.GNUTranslations(memory)


def language(preferred: str, accepted: str | None) -> str:
    """The language to start with: the setting, else the browser's, else Chinese."""
    if preferred in LANGUAGES:
        return preferred
    first = (
        (accepted or "").replace("_", "-").split(",", 1)[0].split("-", 1)[0].strip().lower()
    )
    return DEFAULT if not first or first == "zh" else "en"


class Words:
    """Everything a page says, in one language."""

    def __init__(self, lang: str) -> None:
        self.lang: Literal["zh", "en"] = "en" if lang == "en" else "zh"
        self._catalogue = catalogue(self.lang)

    def __call__(self, text: str, **values: Any) -> str:
        """`text` in this language, `{name}` filled from `values`."""
        words = self._catalogue.gettext(text)
        return words.format(**values) if values else words

    def plural(self, singular: str, plural: str, n: float, **values: Any) -> str:
        """The form that goes with `n`; `{n}` in it is `n` as the language writes it."""
        words = self._catalogue.ngettext(singular, plural, round(n))
        return words.format(n=self.number(n), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """`value` for reading: from 10,000 on in 万 in Chinese, with thousands separators in
        English.
        """
        if value is None or not math.isfinite(value):
            return NONE
        if self.lang == "zh" and abs(value) >= 10_000:
            ten_thousands = value / 10_000
            places = 2 if abs(ten_thousands) < 10 else 1 if abs(ten_thousands) < 1000 else 0
            return f"{_trim(f'{ten_thousands:,.{places}f}')} 万"
        return f"{value:,.{digits}f}"

    def exact(self, value: float, digits: int = 0) -> str:
        """`value` with all its digits, for tables and counts that are added up."""
        return NONE if value is None or not math.isfinite(value) else f"{value:,.{digits}f}"

    def change(self, value: float, before: float) -> str | None:
        """How far `value` is from `before`, in percent with its sign; None when there is
        nothing to compare.
        """
        if not before or not math.isfinite(before) or not math.isfinite(value):
            return None
        change = 100 * (value - before) / before
        return f"{change:+.1f}%" if abs(change) < 100 else f"{change:+,.0f}%"

    def percent(self, value: float, digits: int = 1) -> str:
        """`value` (0 to 1) in percent."""
        if value is None or not math.isfinite(value):
            return NONE
        return f"{100 * value:.{digits}f}%"

    def share(self, numerator: float, denominator: float) -> str:
        """A share with the counts behind it; a dash when there are no cases."""
        if not denominator:
            return NONE
        counts = f"{self.exact(numerator)} / {self.exact(denominator)}"
        share = self.percent(numerator / denominator)
        return f"{share}（{counts}）" if self.lang == "zh" else f"{share} ({counts})"

    def day(self, day: date) -> str:
        """`day` as 2024-05-21."""
        return day.isoformat()

    def period(self, start: date, end: date) -> str:
        """Both ends of a period, or the one day it is."""
        if start == end:
            return self.day(start)
        return self("{start} to {end}", start=self.day(start), end=self.day(end))

    def moment(self, seconds: float) -> str:
        """Unix `seconds` as a time in the city, with the zone; a dash for 0."""
        if not seconds:
            return NONE
        return self(
            "{time} (Asia/Shanghai)", time=f"{from_epoch(int(seconds)):%Y-%m-%d %H:%M}"
        )

    def time(self, seconds: float) -> str:
        """Unix `seconds` as a time in the city, for columns whose head names the zone."""
        return f"{from_epoch(int(seconds)):%Y-%m-%d %H:%M}" if seconds else NONE

    def listing(self, items: list[str]) -> str:
        """`items` one after the other."""
        return ("、" if self.lang == "zh" else ", ").join(items)


def plain(text: str) -> str:
    """`text` written by people, safe where Streamlit reads Markdown: every sign that could
    mean something is escaped.
    """
    escaped = "".join(f"\\{sign}" if sign in _MARKDOWN else sign for sign in str(text))
    return " ".join(escaped.split())


_MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~$:=&@^")


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
