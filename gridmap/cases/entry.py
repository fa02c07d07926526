"""`Entry`: one line of an append-only record, whatever it is a record of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """Line `number` (from 1): what was done (`act`), when (Unix seconds), by which user.

    `data` holds all that was decided, so that a replay needs no rules.
    """

    number: int
    act: str
    at: int
    actor: int
    data: Mapping[str, Any] = field(default_factory=dict)
