"""Supervision on a page: what is asked of one's unit, whom the rules find, interview
warnings, the rules themselves.
"""

from __future__ import annotations

from gridmap.ui import controls, notices
from gridmap.ui.controls import Parts
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import askedview, laggingview, lagrulesview, warningsview
from gridmap.words import mark

PARTS: Parts = {
    "mine": (mark("Asked of my unit ({n})"), askedview.mine),
    "lagging": (mark("Who lags"), laggingview.lagging),
    "warnings": (mark("Interview warnings"), warningsview.warnings),
    "rules": (mark("Rules"), lagrulesview.rules),
}


def show(page: Page) -> None:
    """The part chosen; who works in a unit that is asked sees that first."""
    notices.show()
    asked = askedview.asked(page)
    usual = "mine" if asked else "lagging"
    controls.parts(page, PARTS, key="supervision.part", usual=usual, n=asked)(page)
