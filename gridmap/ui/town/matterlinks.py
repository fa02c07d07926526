"""What the town made of a matter, and where it came from: its task, its disputes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gridmap.cases.disputes import subject_of
from gridmap.codes import ancestors, parent
from gridmap.model import Level, UserRole
from gridmap.ui import session
from gridmap.ui.frame import Page
from gridmap.ui.town import disputeview


def show(page: Page, dossier: Any) -> None:
    """The way back to the task it was found in, and to the disputes that arose from it, for
    who is signed in.
    """
    say, city, matter = page.say, page.city, dossier.case.matter
    if page.user is None or page.actor.role is UserRole.PUBLIC:
        return
    task = city.tasks.of_matter(matter)
    if task:
        st.button(
            say("Found during the task “{title}”", title=city.tasks.get(task).title),
            key="matter.task",
            type="tertiary",
            icon=":material/arrow_back:",
            on_click=_leave,
            args=("pages/tasks.py",),
            kwargs={"task": task, "area": _shown_in(page, dossier)},
        )
    disputes = city.mediation.list(city.code, matter=matter)["id"].tolist()
    subject = subject_of(dossier.category_code)
    village = parent(dossier.case.grid, Level.VILLAGE)
    if (
        subject
        and not disputes
        and dossier.number
        and city.mediation.may_add(page.actor, village)
    ):
        st.button(
            say("Entrust it to mediation"),
            key="matter.entrust",
            type="tertiary",
            icon=":material/handshake:",
            on_click=disputeview.begin,
            args=(village, dossier.number, subject),
        )
    for dispute in disputes:
        st.button(
            say("Entrusted to mediation as dispute {number}", number=dispute),
            key=f"matter.dispute.{dispute}",
            type="tertiary",
            icon=":material/arrow_back:",
            on_click=_leave,
            args=("pages/mediation.py",),
            kwargs={"dispute": dispute},
        )


def _shown_in(page: Page, dossier: Any) -> int:
    """The area shown, or the whole city when the matter lies elsewhere."""
    area = page.view.area
    return area if area in ancestors(dossier.case.grid) else page.city.code


def _leave(path: str, **changes: Any) -> None:
    session.change(**changes)
    session.go(path)
