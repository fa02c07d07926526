"""The truth in SQL, and the columns derived from it."""

from gridmap.store.base.store import Store

__all__ = ["Store"]
