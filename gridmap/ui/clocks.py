"""What a clock says: how long is left of a limit or how late it is, in words, and whose
move it is.
"""

from __future__ import annotations

from gridmap import terms
from gridmap.model import Status, UserRole
from gridmap.ui.frame import Page
from gridmap.words import NONE, Words

HOUR_S, DAY_S = 3600, 86_400


def next_due(step_due_at: int, due_at: int) -> int:
    """The limit that runs out first; 0 when none runs."""
    running = [instant for instant in (step_due_at, due_at) if instant]
    return min(running, default=0)


def left(due_at: int, now: int, say: Words) -> str:
    """How long is left until `due_at` (Unix seconds), or how long it is past; a dash
    without a limit.

    Told in the largest unit of which there are two: minutes, hours, days, rounded down, so
    that nobody counts on time they do not have.
    """
    if not due_at:
        return NONE
    seconds = abs(due_at - now)
    late = due_at < now
    if seconds < 2 * HOUR_S:
        number = seconds // 60
        return say("{n} min late", n=number) if late else say("{n} min left", n=number)
    if seconds < 2 * DAY_S:
        number = seconds // HOUR_S
        return say("{n} h late", n=number) if late else say("{n} h left", n=number)
    number = seconds // DAY_S
    return say("{n} d late", n=number) if late else say("{n} d left", n=number)


def whose_move(page: Page, status: Status, office: int, person: int) -> str:
    """Who has to act next: the person, the office, the verifiers of the area, or nobody any
    more.
    """
    say = page.say
    if not status.is_open:
        return NONE
    if status is Status.ANSWERED:
        return say(terms.USER_ROLES[UserRole.VERIFIER.value])
    if status is Status.PARKED:
        return say("parked, with nobody")
    holder = page.city.people.office_name(office, page.lang)
    return (
        say("{person}, {office}", person=page.person(person), office=holder)
        if person
        else holder
    )
