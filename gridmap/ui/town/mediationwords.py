"""What the list of disputes is narrowed by, and kinds of mediators and the reasons to ask
one, on a page.
"""

from __future__ import annotations

from gridmap.cases.disputes import PARTIES, STATES
from gridmap.cases.mediators import MediatorKind, Proposal
from gridmap.codes import level_of
from gridmap.model import Level
from gridmap.ui.frame import Page
from gridmap.words import Words, mark

STANDING = {
    "": mark("All disputes"),
    "open": mark("Still open"),
    "stranded": mark("Mediator has left"),
    "late": mark("Slip late"),
    "unexplained": mark("Late, reason missing"),
    "visit": mark("Visit due"),
    **{str(state): words for state, words in STATES.items()},
}
"""What the list can be narrowed to."""
MEDIATORS = {
    MediatorKind.FULL_TIME: mark("Full-time mediator"),
    MediatorKind.LAWYER: mark("Lawyer"),
    MediatorKind.ARBITRATOR: mark("Arbitrator"),
    MediatorKind.NOTARY: mark("Notary"),
    MediatorKind.PSYCHOLOGIST: mark("Psychologist"),
}
_SAME = {
    Level.COUNTY: mark("in the same county"),
    Level.TOWNSHIP: mark("in the same township"),
    Level.VILLAGE: mark("in the same village"),
    Level.GRID: mark("in the same grid"),
}


def reason(page: Page, one: Proposal) -> str:
    """Why this mediator is proposed, in words."""
    say, mediator = page.say, one.mediator
    fits = say("knows such disputes") if one.fits else say("another speciality")
    near = say(_SAME.get(level_of(one.shared), mark("serves the whole city")))
    load = say(
        "{open} of {capacity} disputes", open=mediator.open, capacity=mediator.capacity
    )
    return say.listing([fits, near, load])


def parties(say: Words, roles: tuple[str, ...]) -> str:
    """The roles of the parties in words."""
    return " — ".join(say(PARTIES[role]) for role in roles if role in PARTIES)
