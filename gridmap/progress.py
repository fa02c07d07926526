"""How long work tells whoever waits: one callable, passed in, never printed from below."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called as `progress(stage, done, total)`; `total` is 0 while it is not known."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""
