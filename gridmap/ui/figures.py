"""Headline figures: each with its counts, the period before, the same period last year, and
90 days as a line.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from typing import Any

import streamlit as st

from gridmap.ui import theme
from gridmap.words import NONE, Words, mark

LABELS = {
    "new": mark("Reported"),
    "closed": mark("Closed"),
    "open": mark("Open now"),
    "on_time": mark("Closed on time"),
    "silent": mark("Silent grids"),
}

UNITS = {
    "new": mark("reports"),
    "closed": mark("matters"),
    "open": mark("matters"),
    "silent": mark("grids"),
}

HELP = {
    "new": mark("Reports made in the period."),
    "closed": mark("Matters closed in the period, whenever they were reported."),
    "open": mark("Matters that somebody still has to move, at the end of the period."),
    "on_time": mark(
        "Closed in time / due to be closed: cases whose limit falls in the period; parked, "
        "rejected and voided ones "
        "are not due."
    ),
    "silent": mark(
        "Grids with far fewer reports than their population, kind and season lead one to "
        "expect, and improbably few."
    ),
}


def show(figures: Iterable[Any], *, say: Words, dark: bool = False) -> None:
    """A card for each figure of `city.overview.headline`: name, value, line, counts,
    comparisons.
    """
    line = "#7cc4f0" if dark else theme.ACCENT
    st.html(
        "<div "
        f'class="gm-figures">{"".join(card(figure, say, line=line) for figure in figures)}</div>'
    )


def card(figure: Any, say: Words, *, line: str = theme.ACCENT) -> str:
    """One figure as HTML; everything in it is ours and escaped all the same."""
    unit = (
        say(UNITS[figure.key])
        if figure.key in UNITS and math.isfinite(figure.value)
        else ""
    )
    counts = (
        say.share(figure.numerator, figure.denominator) if figure.unit == "percent" else ""
    )
    counts = counts.partition("（" if say.lang == "zh" else "(")[2].rstrip("）)")
    number = f"{escape(value(figure, say))}<small>{escape(unit)}</small>"
    changes = "".join(f"<span>{escape(text)}</span>" for text in compared(figure, say))
    return (
        f'<div class="gm-figure" data-figure="{escape(figure.key)}" '
        f'title="{escape(say(HELP[figure.key]))}">'
        f'<div class="gm-name">{escape(say(LABELS[figure.key]))}'
        f'<span class="gm-counts">{escape(counts)}</span></div>'
        f'<div class="gm-line"><span class="gm-value">{number}</span>'
        f"{spark(figure.series, color=line)}</div>"
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


def value(figure: Any, say: Words) -> str:
    """The figure itself, as the language writes it."""
    if figure.unit == "percent":
        return f"{figure.value:.1f}%" if math.isfinite(figure.value) else NONE
    return say.number(figure.value)


def _change(figure: Any, other: float | None, say: Words) -> str | None:
    if other is None or not math.isfinite(other) or not math.isfinite(figure.value):
        return None
    if figure.unit == "percent":
        points = f"{figure.value - other:+.1f}"
        return say("{points} pt", points=_unsigned(points))
    change = say.change(figure.value, other)
    return _unsigned(change) if change else None


def _unsigned(change: str) -> str:
    """No sign where nothing changed."""
    return change[1:] if change[1:].strip("0.%") == "" else change


def compared(figure: Any, say: Words) -> list[str]:
    """What changed since the period before and since last year, with a sign that is not
    only a colour.
    """
    lines = []
    for other, words in (
        (figure.previous, say("vs period before")),
        (figure.last_year, say("vs last year")),
    ):
        change = _change(figure, other, say)
        if change:
            arrow = {"+": "▲", "-": "▼"}.get(change[0], "＝" if say.lang == "zh" else "=")
            lines.append(
                f"{arrow} {change} {words}"
                if say.lang == "en"
                else f"{words} {arrow} {change}"
            )
    return lines or [say("nothing to compare with")]
