"""Supervision on a page: what is asked of one's unit, whom the rules find, interview
warnings, the rules themselves.
"""

from __future__ import annotations

from gridmap.ui import controls, notices
from gridmap.ui.frame import Page
from gridmap.ui.headquarters import askedview, laggingview, lagrulesview, warningsview

KEY = "supervision"


def show(page: Page) -> None:
    """The part chosen; who works in a unit that is asked sees that first."""
    say = page.say
    notices.show()
    asked = askedview.asked(page)
    names = {
        "mine": say("Asked of my unit ({n})", n=asked),
        "lagging": say("Who lags"),
        "warnings": say("Interview warnings"),
        "rules": say("Rules"),
    }
    part = controls.part(
        page, names, key=f"{KEY}.part", usual="mine" if asked else "lagging"
    )
    {
        "mine": askedview.mine,
        "warnings": warningsview.warnings,
        "rules": lagrulesview.rules,
    }.get(str(part), laggingview.lagging)(page)
