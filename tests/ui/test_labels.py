"""What fields are called: once, in `terms.FIELDS`, for forms, tables and refusals."""

import ast
from pathlib import Path

import pytest

from gridmap import terms
from gridmap.errors import Fault
from gridmap.ui import refusals, tables
from gridmap.ui.headquarters.lagrulesview import RULE_FIELDS
from gridmap.ui.office.limitsview import STEP_FIELDS
from gridmap.words import Words

UI = Path(refusals.__file__).parent
FOLDERS = ("", "flow", "headquarters", "office", "plans", "records")
MODULES = sorted(path for folder in FOLDERS for path in (UI / folder).glob("*.py"))


def said_again(path):
    """Columns of tables in a module that spell out what `FIELDS` says of their field."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Dict):
            continue
        for name, column in zip(node.keys, node.values, strict=True):
            label = column.args[0] if isinstance(column, ast.Call) and column.args else None
            words = label.args[0] if isinstance(label, ast.Call) and label.args else label
            if not (isinstance(name, ast.Constant) and isinstance(words, ast.Constant)):
                continue
            if isinstance(label, ast.Call) and terms.FIELDS.get(name.value) == words.value:
                yield f"{name.value}: {words.value}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_table_says_again_what_its_field_is_called(path):
    assert list(said_again(path)) == []


def test_a_column_is_called_as_its_field_unless_it_says_so_itself():
    columns = {"number": tables.text(), "due": tables.moment("Limit"), "n": "Rows"}
    named = tables.named(columns, Words("zh"))
    assert [one if isinstance(one, str) else one["label"] for one in named.values()] == [
        "案卷号",
        "Limit",
        "Rows",
    ]


@pytest.mark.parametrize(
    ("field", "called", "told"),
    [
        ("unit", {}, "Unit: too long. Shorten it."),
        ("unit", STEP_FIELDS, "Time unit: too long. Shorten it."),
        ("kind", RULE_FIELDS, "Kind of unit: too long. Shorten it."),
        ("category", STEP_FIELDS, "Category: too long. Shorten it."),
        ("nobody_knows", {}, "nobody_knows: too long. Shorten it."),
    ],
)
def test_a_refusal_calls_a_field_as_its_form_does(field, called, told):
    fault = Fault(rule="too long", cure="Shorten it.", field=field)
    assert refusals.fault(Words("en"), fault, called) == told
