"""docs/architecture.md tells of the house as it is: floors as the contracts hold them, files
that are there; docs/records.md is drawn from the declarations.
"""

import re
import runpy
import tomllib
from pathlib import Path

import pytest

from gridmap.cases.registry import KINDS

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
    "importlinter"
]["contracts"]


def layers(name):
    (contract,) = (one for one in CONTRACTS if one["name"] == name)
    return [part.split(" | ") for part in contract["layers"]]


def section(title):
    return re.split(r"\n##+ ", PAGE.split(f"# {title}\n", 1)[1], maxsplit=1)[0]


def test_the_floors_are_those_of_the_contract():
    rows = re.findall(r"^\| (`gridmap[^|]*) \|", section("The floors"), re.MULTILINE)
    told = [re.findall(r"`(gridmap\.\w+)`", row) for row in rows]
    assert told == layers("Floors point down")


@pytest.mark.parametrize(
    ("title", "contract"),
    [
        ("Rooms of the front desk", "Rooms of the front desk point down"),
        ("Rooms of the store", "Rooms of the store point down"),
    ],
)
def test_the_rooms_stand_in_the_order_of_the_contract(title, contract):
    told = re.findall(r"`(\w+)`", section(title))
    rooms = [room for group in layers(contract) for room in group]
    assert [room for room in rooms if room in told] == told
    assert set(rooms) - set(told) <= {"city", "doctor", "registry"}


def test_every_file_it_names_is_there():
    named = set(re.findall(r"`((?:gridmap|pages|tests|tools)/[\w/]+(?:\.py)?)`", PAGE))
    assert len(named) > 40
    assert not [path for path in sorted(named) if not (ROOT / path).exists()]


def test_the_page_of_records_is_what_the_declarations_say():
    tool = runpy.run_path(str(ROOT / "tools" / "records.py"))
    made = tool["page"]()
    assert (ROOT / "docs" / "records.md").read_text("utf-8") == made, (
        "run python tools/records.py"
    )
    for kind in KINDS.values():
        for move in (kind.begins, *kind.moves):
            assert f"| `{move.act}` " in made
