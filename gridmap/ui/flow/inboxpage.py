"""The desk of the person signed in: the boxes with their counts, and the matters of the one
that is open.
"""

from __future__ import annotations

import streamlit as st

from gridmap import terms
from gridmap.city.flow.inbox import BOXES
from gridmap.ui import boxes, controls, session
from gridmap.ui.flow import matterlist
from gridmap.ui.frame import Page
from gridmap.words import mark

MOST = 200
EMPTY = {
    "new": mark("Nothing new: everything that came here has been begun."),
    "near_due": mark("No limit is near."),
    "overdue": mark("Nothing is late."),
    "whistled": mark("No whistle waits for an answer here."),
    "supervised": mark("Nothing here is supervised."),
    "mine": mark("Nothing is in your own hands. What you begin to handle stands here."),
}
"""What an empty box says."""


def show(page: Page) -> None:
    """The boxes as a row, and below it the matters of the chosen one."""
    say = page.say
    _asked(page)
    found = page.city.inbox.counts(page.actor)
    names = {box: boxes.label(box, found[box], say) for box in BOXES}
    # Without a choice, the first box that holds something.
    usual = next((box for box in BOXES if found[box]), BOXES[0])
    box = controls.choose(page, "box", names, label=say("Box"), usual=usual)
    table = page.city.inbox.matters(page.actor, box, limit=MOST)
    if table.empty:
        st.text(say(EMPTY[box]))
        return
    if found[box] > len(table):
        st.text(
            say(
                "The {shown} whose limit runs out first, of {all}. All of them stand in "
                "the list of matters.",
                shown=say.exact(len(table)),
                all=say.exact(found[box]),
            )
        )
    matterlist.show(page, table, key=f"inbox.{box}")


def _asked(page: Page) -> None:
    """What the headquarters asks of one's unit, where it asks something."""
    say = page.say
    asked = len(page.city.interviews.of_unit(page.actor)) + len(
        page.city.orders.of_unit(page.actor)
    )
    if asked:
        words = say.plural(
            "The headquarters asks {n} thing of your unit",
            "The headquarters asks {n} things of your unit",
            asked,
        )
        st.button(
            words,
            key="inbox.asked",
            icon=":material/campaign:",
            on_click=session.go,
            args=("pages/supervision.py",),
        )


def area(page: Page) -> int:
    """The place the desk answers for; 0 when it is not one."""
    actor = page.actor
    if actor.office:
        return page.city.people.office(actor.office).area
    return actor.areas[0] if len(actor.areas) == 1 else 0


def duty(page: Page) -> str:
    """Whose desk it is, in one sentence."""
    say, actor, people = page.say, page.actor, page.city.people
    where = (
        people.office_name(actor.office, page.lang)
        if actor.office
        else page.name(page.user.area if page.user else 0)
    )
    role = say(terms.USER_ROLES[actor.role.value])
    if actor.instead_of:
        return say(
            "What waits for {absent} ({role}, {where}), in whose place you act",
            absent=page.person(actor.instead_of),
            role=role,
            where=where,
        )
    return say("What waits for you as {role} ({where})", role=role, where=where)
