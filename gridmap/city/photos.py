"""`photos`: pictures of matters, checked, encoded anew, and kept under their digest."""

from __future__ import annotations

from gridmap.city.desk import Desk


class Photos:
    """Pictures that belong to matters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
