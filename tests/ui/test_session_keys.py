"""Session keys: one that two modules use is named in `Key`, any other is spelled in one module."""

import ast
import importlib
import pkgutil
from collections import defaultdict
from pathlib import Path

from gridmap import ui
from gridmap.ui.session import Key

UNKNOWN = "{}"
LAYOUT = {"container", "expander", "form", "popover"}
"""Calls whose key names a place on the page, not a value of the session."""
NAMED = {str(key) for key in Key}


def modules():
    for found in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        yield importlib.import_module(found.name)


def keys_of(tree):
    """Every expression that stands for a session key: of a widget, or in the state itself."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in LAYOUT:
                continue
            case ast.Call(func=ast.Attribute(value=state), args=[key, *_]) if is_state(
                state
            ):
                yield key
            case ast.Call(keywords=given):
                yield from (one.value for one in given if one.arg == "key")
            case ast.Subscript(value=state, slice=key) if is_state(state):
                yield key
            case ast.Compare(left=key, comparators=[state]) if is_state(state):
                yield key


def is_state(node):
    return ast.unparse(node) == "st.session_state"


def spelled(key, module):
    """The key with `{}` where only a run knows it; None where it is a `Key`."""
    if isinstance(key, ast.JoinedStr):
        return "".join(spelled(part, module) or UNKNOWN for part in key.values)
    if isinstance(key, ast.FormattedValue):
        return spelled(key.value, module)
    if isinstance(key, ast.Constant):
        return key.value if isinstance(key.value, str) else UNKNOWN
    try:
        value = eval(ast.unparse(key), vars(module).copy())
    except Exception:  # noqa: BLE001  (names of a run)
        return UNKNOWN
    return None if isinstance(value, Key) else value if isinstance(value, str) else UNKNOWN


def test_a_key_that_two_modules_use_is_named_in_one_place():
    users = defaultdict(set)
    for module in modules():
        for key in keys_of(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            name = spelled(key, module)
            if name and not name.startswith(UNKNOWN):
                users[name].add(module.__name__)
    assert len(users) > 200
    shared = {name: used for name, used in users.items() if len(used) > 1}
    assert {name: used for name, used in shared.items() if name not in NAMED} == {}


def test_no_two_keys_are_the_same():
    assert len(NAMED) == len(Key.__members__)
