"""Administration: people, absences, hand-over, device keys, routing rules, limits,
messages; a part at a time.
"""

from __future__ import annotations

import streamlit as st

from gridmap.model import UserRole
from gridmap.ui import controls, notices
from gridmap.ui.controls import Parts
from gridmap.ui.frame import Page
from gridmap.ui.office import (
    absenceview,
    handoverview,
    keyview,
    limitsview,
    outboxview,
    peopleview,
    rulesview,
    unitsview,
)
from gridmap.words import mark

ROLES = frozenset({UserRole.ADMIN, UserRole.CHIEF})
PARTS: Parts = {
    "people": (mark("People"), peopleview.show),
    "absences": (mark("Absences"), absenceview.show),
    "handover": (mark("Hand-over"), handoverview.show),
    "keys": (mark("Device keys"), keyview.show),
    "units": (mark("Units"), unitsview.show),
    "rules": (mark("Routing rules"), rulesview.show),
    "limits": (mark("Limits and holidays"), limitsview.show),
    "outbox": (mark("Messages"), outboxview.show),
}
CITY_WIDE = ("rules", "limits", "outbox")
"""Parts that concern the whole city; only an administrator sees them."""


def allowed(page: Page) -> bool:
    """Whether the page is for the person signed in."""
    return page.actor.role in ROLES


def area(page: Page) -> int:
    """The place administered: the area of the view where it lies in one's own, else the
    first of one's own.
    """
    own = page.actor.areas
    return page.view.area if page.actor.covers(page.view.area) else own[0]


def refused(page: Page) -> None:
    """Say politely whose page this is."""
    say = page.say
    st.info(say("This page is for administrators and chiefs."))
    if page.user is None:
        st.text(say("Sign in as one of them in the side bar."))
    else:
        st.text(say("Ask the administrator of your area for what you need changed here."))


def show(page: Page) -> None:
    """The part chosen."""
    admin = page.actor.role is UserRole.ADMIN
    allowed = {
        key: part
        for key, part in PARTS.items()
        if admin or key not in (*CITY_WIDE, "units")
    }
    show_part = controls.parts(page, allowed, key="office.part")
    notices.show()
    show_part(page)
