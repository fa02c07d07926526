"""One row chosen, from a menu or by a click on its table."""

from __future__ import annotations

from typing import Any

import streamlit as st


def choose(names: dict[str, str], key: str, label: str) -> str:
    """One of `names`, the first of them when what was chosen is not there any more; a row
    of a table chooses it too.
    """
    if st.session_state.get(key) not in names:
        st.session_state[key] = next(iter(names))
    return str(
        st.selectbox(
            label,
            list(names),
            format_func=names.__getitem__,
            key=key,
            label_visibility="collapsed",
        )
    )


def take(key: str, chosen: Any) -> None:
    """What a click on a row chose, for the menu of `key`."""
    st.session_state[key] = str(chosen)
