"""What somebody is about to report: the place chosen so far, the number that makes sending
it twice safe, the receipt.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from gridmap.ui.session import Key


@dataclass(frozen=True)
class Draft:
    """A report that is being written on the form `key`.

    `around` is a place searched for (0: none), `lon` and `lat` the point chosen (None: none
    yet); `client_id` goes with the content whose `digest` it was made for; `round` counts
    the reports written here, so that each begins with empty fields; `receipt` is what came
    back, with the category it is for.
    """

    around: int = 0
    lon: float | None = None
    lat: float | None = None
    client_id: str = ""
    digest: str = ""
    round: int = 0
    receipt: Any = None
    photos: tuple[tuple[str, int], ...] = field(default=())
    """Pictures kept already: their digest and number."""

    @property
    def placed(self) -> bool:
        """Whether a point has been chosen."""
        return self.lon is not None and self.lat is not None


def of(key: str) -> Draft:
    """The draft of the form `key` in this session."""
    found: Draft = st.session_state.setdefault(Key.DRAFTS, {}).get(key, Draft())
    return found


def change(key: str, **changes: Any) -> None:
    """Change parts of the draft of `key`."""
    st.session_state[Key.DRAFTS] = st.session_state.get(Key.DRAFTS, {}) | {
        key: replace(of(key), **changes)
    }


def anew(key: str) -> None:
    """Begin another report on the form `key`."""
    st.session_state[Key.DRAFTS] = st.session_state.get(Key.DRAFTS, {}) | {
        key: Draft(round=of(key).round + 1)
    }


def client_id(key: str, *content: Any) -> str:
    """The number under which `content` is sent: the same one for as long as nothing in the
    form changes.
    """
    digest = hashlib.sha256(
        json.dumps(content, ensure_ascii=False, default=str).encode()
    ).hexdigest()
    draft = of(key)
    if draft.digest != digest:
        change(key, digest=digest, client_id=f"web-{uuid.uuid4().hex}")
    return of(key).client_id
