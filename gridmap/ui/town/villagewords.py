"""What the standing of deliberations is called on a page, and sums of money."""

from __future__ import annotations

from gridmap.words import Words, mark

STANDING = {
    "open": mark("Adjourned"),
    "overdue": mark("Adjourned, past its day"),
    "notice": mark("On public notice"),
    "due": mark("To be followed up"),
    "done": mark("Followed up"),
}
FILTERS = {
    "": mark("All deliberations"),
    "open": mark("Without decision"),
    **{key: STANDING[key] for key in ("overdue", "notice", "due", "done")},
}
"""What the list can be narrowed to."""


def money(say: Words, yuan: float) -> str:
    """`yuan` for reading: 1,462 万元 in Chinese, CNY 14.62 million in English."""
    if say.lang == "zh":
        return say("{amount} yuan", amount=say.number(yuan))
    if abs(yuan) >= 1_000_000:
        return say("{amount} million yuan", amount=f"{yuan / 1e6:,.2f}")
    return say("{amount} yuan", amount=say.exact(yuan))
