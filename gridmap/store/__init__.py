"""The truth in SQL, and the columns derived from it."""

from gridmap.store.base import Store

__all__ = ["Store"]
