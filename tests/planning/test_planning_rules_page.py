"""The documented rules are those of the code."""

import re
from pathlib import Path

from gridmap.planning import RULES, DrawingRules

PAGE = Path(__file__).parents[2] / "docs" / "planning-rules.md"


def test_every_rule_is_documented_and_no_other():
    documented = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert sorted(documented) == sorted(RULES)


def test_the_documented_limits_are_the_defaults():
    text = PAGE.read_text("utf-8")
    for name in ("snap_m", "min_width_m", "min_area_m2", "most_points"):
        assert f"`{name}` = {getattr(DrawingRules(), name):g}" in text
