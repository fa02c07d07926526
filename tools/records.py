"""Draw docs/records.md from the declared kinds of records: states, fields, moves; `--check`
only compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gridmap.cases.actors import Reach
from gridmap.cases.records.fields import Field
from gridmap.cases.records.kinds import Kind, Move
from gridmap.cases.registry import KINDS
from gridmap.terms import USER_ROLES
from gridmap.words import Words

PAGE = Path(__file__).resolve().parent.parent / "docs" / "records.md"
ZH, EN = Words("zh"), Words("en")
INTRO = """# Records

Drawn from the declarations in `gridmap/cases` by `python tools/records.py`; a test compares.

A record has a life: states, moves from one to another, and a journal that is only ever added to.
How it stands is what its journal tells. What the table does not allow is refused with the reason
and the moves that are possible instead; two people at once: the second is told what the first
did. The life of a matter has a page of its own: [workflow](workflow.md)."""


def page() -> str:
    """The whole page."""
    parts = [INTRO, *("\n".join(_kind(kind)) for kind in KINDS.values())]
    return "\n\n".join(parts) + "\n"


def _kind(kind: Kind[Any]) -> Iterator[str]:
    yield f"## {kind.name.replace('_', ' ').capitalize()}"
    yield ""
    yield f"Declared in `{kind.record.__module__.replace('.', '/')}.py`. States: {_states(kind)}."
    yield ""
    yield "| move | from | to | who | needs | may say | not when |"
    yield "|---|---|---|---|---|---|---|"
    for move in (kind.begins, *kind.moves):
        yield _move(kind, move)
    yield ""
    yield "| field | what is said | unit | told when it will not do |"
    yield "|---|---|---|---|"
    for declared in kind.fields:
        yield _field(declared)


def _states(kind: Kind[Any]) -> str:
    return ", ".join(f"`{state}` {_both(words)}" for state, words in kind.states.items())


def _move(kind: Kind[Any], move: Move[Any]) -> str:
    begins = move is kind.begins
    cells = (
        f"`{move.act}` {_both(move.label)}",
        "(new)" if begins else _from(kind, move),
        "" if move.to is None else f"`{move.to}`",
        _who(move),
        _names(move.needs),
        _names(name for name in move.takes if name not in move.needs),
        " ".join(EN(condition.words) for condition in (*move.unless, *move.not_when)),
    )
    return f"| {' | '.join(cells)} |"


def _from(kind: Kind[Any], move: Move[Any]) -> str:
    if move.of == frozenset(kind.states):
        return "any"
    return ", ".join(f"`{state}`" for state in kind.states if state in move.of)


def _who(move: Move[Any]) -> str:
    """The roles, those of every place marked."""
    names = [
        EN(USER_ROLES[role]) + (" (anywhere)" if reach is Reach.ANYWHERE else "")
        for role, reach in move.by.items()
    ]
    return ", ".join(names)


def _names(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _field(declared: Field) -> str:
    depends = ""
    if declared.only_with:
        depends = f" (only with `{declared.only_with}`)"
    elif declared.only_without:
        depends = f" (only without `{declared.only_without}`)"
    cure = EN(declared.cure) if declared.cure else ""
    unit = getattr(declared, "unit", "")
    return f"| `{declared.name}` | {_both(declared.label)}{depends} | {unit} | {cure} |"


def _both(text: str) -> str:
    return f"{EN(text)} {ZH(text)}"


def main() -> int:
    """Write the page, or say whether it is up to date."""
    made = page()
    if "--check" not in sys.argv:
        PAGE.write_text(made, "utf-8")
        return 0
    same = PAGE.exists() and PAGE.read_text("utf-8") == made
    print(
        "docs/records.md: up to date"
        if same
        else "Out of date: docs/records.md; run python tools/records.py"
    )
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
