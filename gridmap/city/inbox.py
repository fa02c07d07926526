"""`inbox`: what waits for a person and their office."""

from __future__ import annotations

from gridmap.city.matters import Matters


class Inbox:
    """New, near due, overdue, whistled, supervised."""

    def __init__(self, matters: Matters) -> None:
        self._matters = matters
