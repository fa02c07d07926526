"""The report page: one tab to report, one to ask with a receipt."""

from __future__ import annotations

import streamlit as st

from gridmap.model import Channel
from gridmap.ui.flow import receipts, reportform
from gridmap.ui.frame import Page

KEY = "report"


def show(page: Page) -> None:
    """Both tabs; whoever is signed in reports in their own name."""
    say = page.say
    report, state = st.tabs([say("Report"), say("Ask by receipt")], key=f"{KEY}.tabs")
    with report:
        reportform.show(page, KEY, actor=page.actor, channel=Channel.MOBILE)
    with state:
        receipts.ask(page, f"{KEY}.ask")
