"""docs/workflow.md is drawn from the table of moves."""

import runpy
from pathlib import Path

from gridmap.cases.matters.kind import MATTER
from gridmap.model import Status

ROOT = Path(__file__).resolve().parents[2]
TOOL = runpy.run_path(str(ROOT / "tools" / "workflow.py"))


def test_the_page_is_what_the_table_says():
    assert (ROOT / "docs" / "workflow.md").read_text("utf-8") == TOOL["page"](), (
        "run python tools/workflow.py"
    )


def test_every_change_of_state_the_table_allows_is_drawn_and_no_other():
    drawn = {
        tuple(line.split(":")[0].split(" --> "))
        for line in map(str.strip, TOOL["_diagram"]())
        if " --> " in line
    }
    allowed = {
        (source.name.lower(), rule.after(source).name.lower())
        for rule in MATTER.moves
        for source in rule.of
        if rule.after(source) is not source
    }
    resumed = {("parked", status.name.lower()) for status in MATTER.table["park"].of}
    ends = {(status.name.lower(), "[*]") for status in Status if not status.is_open}
    assert drawn == allowed | resumed | ends | {("[*]", "reported")}


def test_every_move_has_a_row_in_both_tables():
    moves, people = list(TOOL["_moves"]()), list(TOOL["_people"]())
    for rule in MATTER.moves:
        assert sum(line.startswith(f"| `{rule.act}` ") for line in moves) == 1
    assert len([line for line in people if line.startswith("| ")]) == len(MATTER.table) + 1
