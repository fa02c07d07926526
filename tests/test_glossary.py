"""The glossary of docs/concepts.md: what it names exists, and one class name means one thing."""

import ast
import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gridmap"
PAGE = ROOT / "docs" / "concepts.md"

STILL_SHARED = frozenset(
    {
        "Act",  # of each kind of record
        "Answer",  # city.flow webhook, store.town tasks, ui maps
        "Asking",  # ui board, ui records
        "Asked",  # store.headquarters tallies, ui plans
        "Attempt",  # ui flow, ui records
        "Draft",  # store.plans, ui.flow: a report being written
        "Grid",  # planning, city.look: the room
        "Ground",  # city.base, city.look, city.plans
        "Heat",  # city.look: the room, ui maps
        "Key",  # store.people, ui session
        "Moment",  # cases.records fields, ui playback
        "Moved",  # api, store.plans
        "Part",  # store.flow boxes, store.look columns
        "Picture",  # sources, ui walls
        "Plan",  # planning, store.plans: its row
        "Proposal",  # planning, cases mediators
        "Record",  # cases.records, city.headquarters
        "Seen",  # insight coverage, store.intake
        "State",  # of contracts, deliberations, disputes
        "Task",  # store.town, city.flow cards
        "Writer",  # api, city.base files, store.intake staging
    }
)
"""Names of classes that stand for different things in different modules. Only ever fewer."""


def rows() -> list[tuple[str, str, str, str]]:
    """Word, meaning, Chinese word and code of every row of the glossary."""
    text = PAGE.read_text(encoding="utf-8").partition("## Glossary")[2]
    cells = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith("| Word ")
    ]
    assert all(len(row) == 4 for row in cells)
    return cells  # type: ignore[return-value]


@cache
def classes() -> dict[str, list[str]]:
    """The modules below `gridmap` that define each public class, by its name."""
    defined = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                defined[node.name].append(module)
    return defined


def exists(code: str) -> bool:
    """Whether `code` is a module, or a class defined in the folder or module before its name."""
    path = PACKAGE.joinpath(*code.split("."))
    if path.with_suffix(".py").exists() or (path / "__init__.py").exists():
        return True
    folder, _, name = code.rpartition(".")
    return any(f"{module}.".startswith(f"{folder}.") for module in classes().get(name, ()))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_the_glossary_names_stands_in_the_code(row):
    codes = re.findall(r"`([\w.]+)`", row[3])
    assert codes
    assert [code for code in codes if not exists(code)] == []


def test_every_word_has_one_row_and_a_chinese_word_and_every_class_one_word():
    for column in (0, 2, 3):
        counts = Counter(row[column].casefold() for row in rows())
        assert [word for word, times in counts.items() if times > 1 or not word] == []


def test_no_further_class_name_stands_for_two_things():
    shared = {name for name, modules in classes().items() if len(modules) > 1}
    assert shared - STILL_SHARED == set()
