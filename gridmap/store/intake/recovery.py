"""Finishing what a process that died left behind."""

from __future__ import annotations

from gridmap.store.base.store import Store
from gridmap.store.intake.imports import complete_unfinished
from gridmap.store.intake.staging import only_import
from gridmap.store.look import columns


def recover(store: Store) -> None:
    """Complete or discard unfinished imports of dead processes, and bring the columns up to
    the truth.

    Nothing happens while another process imports.
    """
    with only_import(store, demand=False) as alone:
        if alone:
            complete_unfinished(store)
            columns.refresh(store)
