"""Gaps in coverage, together: what is lacking where."""

from __future__ import annotations

from gridmap.city.look.unled import CHIEF
from gridmap.city.look.unseen import SILENT, UNSEEN
from gridmap.city.look.unstaffed import SHARED_WORKER, VACANCIES, WITHOUT_WORKER

GAPS = (WITHOUT_WORKER, SHARED_WORKER, *VACANCIES, CHIEF, UNSEEN, SILENT)
"""In the order they are listed."""
