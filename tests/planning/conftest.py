"""The worlds of the planning tests."""

import pytest
from drawn_plans import crooked, four

from gridmap.planning import Plan


@pytest.fixture
def square() -> Plan:
    """Four square grids of one village."""
    return four()


@pytest.fixture(scope="session")
def generated() -> Plan:
    """36 grids of nine villages with crooked borders."""
    return crooked()
