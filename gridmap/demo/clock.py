"""The demonstration's time at each server start."""

from __future__ import annotations

from datetime import datetime

from gridmap.calendar import TIME_ZONE, to_epoch

CLOCK = datetime(2024, 5, 21, 8, 46, tzinfo=TIME_ZONE)
NOW = to_epoch(CLOCK)
"""The same in Unix seconds."""
