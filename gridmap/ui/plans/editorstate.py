"""What somebody is doing in a draft: the tool, the grids chosen, what was refused last;
held in the session by draft.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from gridmap.city.look.maps import Bounds
from gridmap.ui.session import Key

LOOK_DEG = 0.006
"""How far around a place the map shows when it goes there."""


@dataclass(frozen=True)
class Editing:
    """`picks` are in the order they were chosen; `place` is where the map should look, with
    a pin; `proposal` is looked at.
    """

    picks: tuple[int, ...] = ()
    error: Exception | None = None
    notice: str = ""
    place: tuple[float, float] | None = None
    comment_at: tuple[float, float] | None = None
    proposal: int = 0

    @property
    def bounds(self) -> Bounds | None:
        """What the map should show; None: as it is."""
        if self.place is None:
            return None
        lon, lat = self.place
        return lon - LOOK_DEG, lat - LOOK_DEG, lon + LOOK_DEG, lat + LOOK_DEG


def of(draft: int) -> Editing:
    """How things stand in a draft in this session."""
    found: Editing = st.session_state.setdefault(Key.EDITOR, {}).get(draft, Editing())
    return found


def change(draft: int, **changes: Any) -> None:
    """Change parts of it."""
    st.session_state[Key.EDITOR] = st.session_state.get(Key.EDITOR, {}) | {
        draft: replace(of(draft), **changes)
    }


def toggle(draft: int, grid: int) -> None:
    """Choose a grid, or choose it no longer."""
    picks = of(draft).picks
    chosen = tuple(one for one in picks if one != grid) if grid in picks else (*picks, grid)
    change(draft, picks=chosen, error=None, notice="")
