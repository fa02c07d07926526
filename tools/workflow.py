"""Draw docs/workflow.md from the table of moves: the diagram of states, who may do what;
`--check` only compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from gridmap.cases.actors import Reach
from gridmap.cases.deadlines import DEFAULT_STEPS
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.clocks import NEXT_STEP
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records.kinds import Move
from gridmap.model import OPEN_STATUSES, Status, UserRole
from gridmap.terms import LINKS, USER_ROLES
from gridmap.words import Words

PAGE = Path(__file__).resolve().parent.parent / "docs" / "workflow.md"
ZH, EN = Words("zh"), Words("en")

SIGNS = {
    Reach.ANYWHERE: "●",
    Reach.AREA: "A",
    Reach.OFFICE: "O",
    Reach.WHISTLER: "W",
    Reach.REPORTER: "R",
}
TOLD = {
    Reach.ANYWHERE: "anywhere",
    Reach.AREA: "in a place the person answers for",
    Reach.OFFICE: "where the move is the person's office's (a grid worker: in their own "
    "hands, or with nobody of the"
    " office yet and in their own grid), or nobody's yet in their place",
    Reach.WHISTLER: "who blew the whistle, and their office",
    Reach.REPORTER: "who reported it",
}
INTRO = """# The life of a matter

Drawn from the table of moves in `gridmap/cases/matters/kind.py` by `python tools/workflow.py`; a test compares. Whatever the
table does not allow is refused with the reason and the moves that are possible instead.

Every move is a line of the matter's journal, which is only ever added to; how the matter stands is what its journal
tells, and replaying the journal gives the same. Two people at once: the second is told what the first did."""

NOTES = """## What the table does not show

- **Who handled may not verify**, void or rate a matter: who took it in hand or reported back, who was in charge
  meanwhile, and in whose name a stand-in did either. **Who asked for an extension may not decide on it**, nor may the
  one in whose name it was asked.
- **Office 0 is the dispatcher's queue** of the place: clerks, chiefs and dispatchers who answer for it take from it,
  and the city's commanders.
- **A whistle** hands the matter to the desk one level up or to a department. Until it is answered nobody may accept,
  refuse, dispatch, handle or transfer it, and the answer has a limit of its own, which begins at once. The receiver
  says whether it was apt (吹哨准): if not, the matter goes back to who whistled. Who whistled rates the answer once
  (评哨严). Before acceptance a whistle leaves the matter to be accepted above. One that nobody answered lapses when the
  matter ends.
- **Parked**, the limits of the matter and of its step stand still; resumed, it goes on where it was, with what was left.
- **Reopened**, a closed or voided matter goes to who dispatched it, with a new limit; one that had not been accepted
  waits in the dispatcher's queue to be judged again. Closed once more, it may be rated once more.
- **Returned**, a matter goes to who dispatched it. **Transferred** while in hand, it waits to be taken in hand.
- **An extension** asked for is forgotten when the matter goes to another office, is reported back or parked.
- **A link** to the matter that is repeated (parent) merges nothing: both go on by themselves, and the link can be undone.
  What is linked itself cannot be linked to. Matters of the same category within `duplicate_radius_m` that are open, or were
  reported or closed in the last `duplicate_days`, are offered for it; one reported again after it was closed counts as a
  false closure.
- **Imported matters** have one line, which tells what the import told; their own journal begins with the first move.
- **Time** never runs backwards in a journal: a clock that is behind its last line counts as standing at it."""


def page() -> str:
    """The whole page."""
    parts = [
        INTRO,
        "## States\n\n" + "\n".join(_states()),
        "```mermaid\n"
        + "\n".join(_diagram())
        + "\n```\n\nA move that is not drawn leaves the state as it is.",
        "## Moves\n\n" + "\n".join(_moves()),
        "## Who may make which move, and where\n\n" + "\n".join(_people()),
        NOTES,
    ]
    return "\n\n".join(parts) + "\n"


def _both(text: str) -> str:
    return f"{EN(text)} {ZH(text)}"


def _state(status: Status) -> str:
    return _both(MATTER.states[status])


def _states() -> Iterator[str]:
    yield "| state | open | limit that runs | usual limit of a city that set none |"
    yield "|---|---|---|---|"
    for status in Status:
        step = NEXT_STEP.get(status, "")
        limit = DEFAULT_STEPS.get((step, ""))
        usual = f"{limit.amount:g} {limit.unit.value.replace('_', ' ')}" if limit else ""
        runs = (
            f"`{step}`"
            if step
            else "the matter's own"
            if status is Status.HANDLING
            else "none"
        )
        yield (
            f"| {_state(status)} | {'yes' if status in OPEN_STATUSES else 'no'} | {runs} "
            f"| {usual} |"
        )


def _diagram() -> Iterator[str]:
    yield "stateDiagram-v2"
    for status in Status:
        yield f'    state "{_state(status)}" as {status.name.lower()}'
    yield f"    [*] --> reported: {_both(MATTER.begins.label)}"
    ways: dict[tuple[Status, Status], list[str]] = {}
    for move in MATTER.moves:
        for way in _ways(move):
            ways.setdefault(way, []).append(_both(move.label))
    for (source, target), moves in sorted(ways.items()):
        yield f"    {source.name.lower()} --> {target.name.lower()}: {', '.join(moves)}"
    for status in Status:
        if status not in OPEN_STATUSES:
            yield f"    {status.name.lower()} --> [*]"


def _ways(move: Move[Case]) -> Iterator[tuple[Status, Status]]:
    """From which state to which other one."""
    if move.act is Act.RESUME:
        yield from ((Status.PARKED, before) for before in sorted(MATTER.table[Act.PARK].of))
        return
    yield from (
        (source, move.after(source))
        for source in sorted(move.of)
        if move.after(source) is not source
    )


def _moves() -> Iterator[str]:
    links = {move: name for name, moves in _links().items() for move in moves}
    yield "| move | link | from | to | has to say | not by |"
    yield "|---|---|---|---|---|---|"
    for move in MATTER.moves:
        needs = ", ".join(f"`{name}`" for name in sorted(move.needs))
        not_by = " ".join(EN(rule.words) for rule in move.unless if rule.status == 403)
        yield (
            f"| `{move.act}` {_both(move.label)} | {links.get(move.act, '')} | "
            f"{_sources(move)} | {_target(move)} | {needs} | {not_by} |"
        )


def _sources(move: Move[Case]) -> str:
    if move.of == frozenset(Status):
        return "any"
    sources = ", ".join(_state(status) for status in sorted(move.of))
    for reach, narrowed in move.narrows.items():
        states = ", ".join(_state(status) for status in sorted(narrowed))
        sources += f" (the {reach}: {states})"
    return sources


def _links() -> dict[str, tuple[str, ...]]:
    """The seven links of the field by the move that stands for each."""
    return {_both(name): (Act(move),) for move, name in LINKS.items()}


def _target(move: Move[Case]) -> str:
    if move.act is Act.RESUME:
        return "the state before"
    told = "the same" if move.to is None else _state(move.to)
    for source, target in sorted(move.instead.items()):
        told += (
            f"; from {_state(source)}: {'the same' if target is source else _state(target)}"
        )
    return told


def _people() -> Iterator[str]:
    roles = [role for role in UserRole if MATTER.by_role[role]]
    yield "\n".join(f"- **{SIGNS[reach]}** {TOLD[reach]}" for reach in Reach)
    yield ""
    yield (
        "A stand-in has role, office and places of the absent person. To report is open "
        "to everybody."
    )
    yield ""
    yield "| move | " + " | ".join(_both(USER_ROLES[role]) for role in roles) + " |"
    yield "|---|" + "---|" * len(roles)
    for move in MATTER.moves:
        signs = (SIGNS[move.by[role]] if role in move.by else "" for role in roles)
        yield f"| {_both(move.label)} | " + " | ".join(signs) + " |"
    silent = [_both(USER_ROLES[role]) for role in UserRole if role not in roles]
    yield ""
    yield f"Without a move of their own: {', '.join(silent)}."


def main() -> int:
    """Write the page, or say whether it is up to date."""
    made = page()
    if "--check" in sys.argv:
        same = PAGE.exists() and PAGE.read_text("utf-8") == made
        print(
            "docs/workflow.md: up to date"
            if same
            else "Out of date: docs/workflow.md; run python tools/workflow.py"
        )
        return 0 if same else 1
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
