"""Every kind of record that is declared, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridmap.cases.contracts import CONTRACT
from gridmap.cases.deliberations import DELIBERATION
from gridmap.cases.records.kinds import Kind

KINDS: Mapping[str, Kind[Any]] = {kind.name: kind for kind in (CONTRACT, DELIBERATION)}
