"""What was done by the run before, said once at the head of the page that begins anew."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from gridmap.ui.session import Key
from gridmap.words import plain


def done(words: str) -> NoReturn:
    """Begin anew from how things stand now, and say what was done."""
    st.session_state[Key.NOTICE] = words
    st.rerun()


def show() -> None:
    """Say once what was done by the run before."""
    told = st.session_state.pop(Key.NOTICE, "")
    if told:
        st.success(plain(told), icon=":material/check:")
