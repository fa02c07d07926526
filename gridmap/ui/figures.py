"""Headline figures: each with its counts, the period before, the same period last year, and
90 days as a line.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable
from html import escape

import streamlit as st

from gridmap.city.look.overview import Headline
from gridmap.ui import theme
from gridmap.ui.frame import Page
from gridmap.words import NONE, Words


def show(page: Page, headlines: Iterable[Headline], *, dark: bool = False) -> None:
    """A card for each of `city.overview.headline`: name, value, line, counts, comparisons."""
    line = "#7cc4f0" if dark else theme.ACCENT
    cards = "".join(card(headline, page, line=line) for headline in headlines)
    st.html(f'<div class="gm-figures">{cards}</div>')


def card(headline: Headline, page: Page, *, line: str = theme.ACCENT) -> str:
    """One figure as HTML; everything in it is ours and escaped all the same."""
    say, figure = page.say, headline.figure
    counts = unit = ""
    if figure.shows == "share":
        counts = say.share(headline.numerator, headline.denominator)
        counts = counts.partition("（" if say.lang == "zh" else "(")[2].rstrip("）)")
    elif math.isfinite(headline.value):
        unit = say(figure.unit)
    about = figure.told(say, page.city.settings)
    number = f"{escape(value(headline, say))}<small>{escape(unit)}</small>"
    changes = "".join(f"<span>{escape(text)}</span>" for text in compared(headline, say))
    return (
        f'<div class="gm-figure" data-figure="{escape(headline.key)}" '
        f'title="{escape(about)}">'
        f'<div class="gm-name">{escape(say(figure.name))}'
        f'<span class="gm-counts">{escape(counts)}</span></div>'
        f'<div class="gm-line"><span class="gm-value">{number}</span>'
        f"{spark(headline.series, color=line)}</div>"
        f'<div class="gm-change">{changes}</div>'
        "</div>"
    )


def spark(
    series: Iterable[float], *, color: str, width: int = 240, height: int = 60
) -> str:
    """A line through `series` as a picture, its last point marked; nothing when there are
    fewer than two numbers.
    """
    values = [float(number) for number in series]
    known = [number for number in values if math.isfinite(number)]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step, scale = width / max(len(values) - 1, 1), (height - 12) / ((high - low) or 1)
    points = [
        (index * step, height - 6 - (number - low) * scale)
        for index, number in enumerate(values)
        if math.isfinite(number)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 10} {height}" '
        'preserveAspectRatio="none">'
        f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2.5"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{color}"/></svg>'
    )
    return (
        '<img class="gm-spark" alt="" '
        f'src="data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}">'
    )


def value(headline: Headline, say: Words) -> str:
    """The figure itself, as the language writes it."""
    if headline.figure.shows == "share":
        return f"{headline.value:.1f}%" if math.isfinite(headline.value) else NONE
    return say.number(headline.value)


def _change(headline: Headline, other: float | None, say: Words) -> str | None:
    if other is None or not math.isfinite(other) or not math.isfinite(headline.value):
        return None
    if headline.figure.shows == "share":
        points = f"{headline.value - other:+.1f}"
        return say("{points} pt", points=_unsigned(points))
    change = say.change(headline.value, other)
    return _unsigned(change) if change else None


def _unsigned(change: str) -> str:
    """No sign where nothing changed."""
    return change[1:] if change[1:].strip("0.%") == "" else change


def compared(headline: Headline, say: Words) -> list[str]:
    """What changed since the period before and since last year, with a sign that is not
    only a colour.
    """
    lines = []
    for other, words in (
        (headline.previous, say("vs period before")),
        (headline.last_year, say("vs last year")),
    ):
        change = _change(headline, other, say)
        if change:
            arrow = {"+": "▲", "-": "▼"}.get(change[0], "＝" if say.lang == "zh" else "=")
            lines.append(
                f"{arrow} {change} {words}"
                if say.lang == "en"
                else f"{words} {arrow} {change}"
            )
    return lines or [say("nothing to compare with")]
