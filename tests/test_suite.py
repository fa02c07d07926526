"""What holds for the tests themselves."""

import ast
import re
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parent
MODULES = sorted(TESTS.rglob("*.py"))
HELPERS = [path for path in MODULES if not path.name.startswith(("test_", "__init__"))]


def imported(tree):
    """The last names of all modules that a module imports from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield (node.module or "").rsplit(".", 1)[-1]
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.name.rsplit(".", 1)[-1] for alias in node.names)


def defined(tree):
    """The names that a module gives to others: functions, classes and constants at its top."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.Assign):
            names = (name for target in node.targets for name in ast.walk(target))
            yield from (name.id for name in names if isinstance(name, ast.Name))


def test_nothing_is_imported_from_a_test_module():
    importing = [
        f"{path.relative_to(TESTS)}: {name}"
        for path in MODULES
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        if name.startswith("test_")
    ]
    assert not importing, "what two modules of tests share stands in a conftest or a helper"


def test_every_helper_is_used():
    words = Counter()
    for path in MODULES:
        words.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    unused = [
        f"{path.relative_to(TESTS)}: {name}"
        for path in HELPERS
        for name in defined(ast.parse(path.read_text(encoding="utf-8")))
        if words[name] < 2 and not name.startswith("pytest_")
    ]
    assert not unused
