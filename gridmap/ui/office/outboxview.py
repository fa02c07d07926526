"""Messages to other systems: how many wait, were sent, could not be delivered; the dead
ones can be tried again.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from gridmap.ui import notices, refusals, tables
from gridmap.ui.frame import Page

MOST = 200


def show(page: Page) -> None:
    """Counts, the undeliverable, the waiting."""
    say, outbox = page.say, page.city.outbox
    counts = outbox.counts()
    if outbox.destination:
        st.text(say("Messages go to {host}.", host=outbox.destination))
    else:
        st.text(say("No gateway is set (webhook_url): messages wait until there is one."))
    columns = st.columns(3)
    columns[0].metric(say("Waiting"), say.exact(counts["waiting"]), border=True)
    columns[1].metric(say("Sent"), say.exact(counts["sent"]), border=True)
    columns[2].metric(say("Undeliverable"), say.exact(counts["dead"]), border=True)
    dead(page)
    st.subheader(say("Waiting"))
    waiting = outbox.waiting(limit=MOST)
    if waiting.empty:
        st.text(say("Nothing waits."))
    else:
        _table(page, waiting, key="outbox.waiting")


def dead(page: Page) -> None:
    """What was given up; one can be tried again."""
    say, outbox = page.say, page.city.outbox
    st.subheader(say("Undeliverable"))
    found = outbox.dead(limit=MOST)
    if found.empty:
        st.text(say("No message was given up."))
        return
    _table(page, found, key="outbox.dead")
    names = dict(zip(found["id"].astype(int).tolist(), found["key"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            say("Message"), list(names), format_func=names.__getitem__, key="outbox.retry"
        )
        again = st.button(say("Try again"), key="outbox.retry.do")
        everything = st.button(
            say("Try all again"), key="outbox.retry.all", type="tertiary"
        )
    if again or everything:
        with refusals.caught(page):
            for number in list(names) if everything else [int(chosen)]:
                outbox.retry(page.actor, number)
            notices.done(say("The next round tries it again."))


def _table(page: Page, found: pd.DataFrame, *, key: str) -> None:
    say = page.say
    shown = found.assign(
        made=pd.to_datetime(found["made_at"], unit="s", utc=True),
        next=pd.to_datetime(found["next_try"], unit="s", utc=True),
    )
    tables.show(
        shown,
        {
            "key": tables.text(say("Message")),
            "destination": tables.text(say("To")),
            "made": tables.moment(),
            "attempts": tables.count(say("Tries")),
            "next": tables.moment(say("Next try")),
            "last_error": tables.text(say("Last error")),
            "payload": tables.text(say("Content"), width="large"),
        },
        key=key,
        say=say,
        height=280,
    )
