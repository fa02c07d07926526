"""Inbox: what waits for the person signed in and their office."""

from __future__ import annotations

import streamlit as st

from gridmap.ui import frame, session, signin
from gridmap.ui.flow import inboxpage

HERE = session.INBOX_PAGE

page = frame.current()

if page.user is None:
    frame.head(
        page, page.say("What waits for somebody who is signed in"), here=HERE, period=False
    )
    signin.ask(page.city, say=page.say)
    st.stop()

frame.head(page, inboxpage.duty(page), here=HERE, period=False, area=inboxpage.area(page))
inboxpage.show(page)
