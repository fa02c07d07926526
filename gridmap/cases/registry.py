"""Every kind of record that is declared, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridmap.cases.contracts import CONTRACT
from gridmap.cases.deliberations import DELIBERATION
from gridmap.cases.disputes import DISPUTE
from gridmap.cases.interviews import INTERVIEW
from gridmap.cases.records.kinds import Kind
from gridmap.cases.sessions import ORDER, SESSION

PLAIN: tuple[Kind[Any], ...] = ()
"""Kinds that need no tables, room or page of their own: those are made from the declaration."""

_DECLARED: tuple[Kind[Any], ...] = (
    CONTRACT,
    DELIBERATION,
    DISPUTE,
    SESSION,
    ORDER,
    INTERVIEW,
    *PLAIN,
)
KINDS: Mapping[str, Kind[Any]] = {kind.name: kind for kind in _DECLARED}
