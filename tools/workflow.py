"""Draw docs/workflow.md from the table of moves: the diagram of states, who may do what;
`--check` only compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from gridmap.cases.actors import Reach
from gridmap.cases.deadlines import DEFAULT_STEPS
from gridmap.cases.lifecycle import BUT, NEXT_STEP
from gridmap.cases.moves import RULES, Act, Rule
from gridmap.model import OPEN_STATUSES, Status, UserRole
from gridmap.terms import LINKS, MOVES, STATUSES, USER_ROLES
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

Drawn from the table of moves in `gridmap/cases/moves.py` by `python tools/workflow.py`; a test compares. Whatever the
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
    return _both(STATUSES[status.name.lower()])


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
    yield f"    [*] --> reported: {_both(MOVES[Act.REPORT])}"
    ways: dict[tuple[Status, Status], list[str]] = {}
    for rule in RULES.values():
        for source, target in _ways(rule):
            ways.setdefault((source, target), []).append(_both(MOVES[rule.move]))
    for (source, target), moves in sorted(ways.items()):
        yield f"    {source.name.lower()} --> {target.name.lower()}: {', '.join(moves)}"
    for status in Status:
        if status not in OPEN_STATUSES:
            yield f"    {status.name.lower()} --> [*]"


def _ways(rule: Rule) -> Iterator[tuple[Status, Status]]:
    """From which state to which other one."""
    if rule.move is Act.RESUME:
        yield from ((Status.PARKED, before) for before in sorted(RULES[Act.PARK].sources))
        return
    yield from (
        (source, rule.after(source))
        for source in sorted(rule.sources)
        if rule.after(source) is not source
    )


def _moves() -> Iterator[str]:
    links = {move: name for name, moves in _links().items() for move in moves}
    yield "| move | link | from | to | has to say | not by |"
    yield "|---|---|---|---|---|---|"
    for rule in RULES.values():
        sources = (
            "any"
            if rule.sources == frozenset(Status)
            else ", ".join(_state(one) for one in sorted(rule.sources))
        )
        if rule.reporter is not None:
            narrowed = ", ".join(_state(one) for one in sorted(rule.reporter))
            sources += f" (the reporter: {narrowed})"
        needs = ", ".join(f"`{name}`" for name in sorted(rule.needs))
        but = " ".join(EN(BUT[name]) for name in sorted(rule.but))
        move = f"`{rule.move}` {_both(MOVES[rule.move])}"
        yield (
            f"| {move} | {links.get(rule.move, '')} | {sources} | {_target(rule)} | "
            f"{needs} | {but} |"
        )


def _links() -> dict[str, tuple[Act, ...]]:
    """The seven links of the field by the move that stands for each."""
    return {_both(name): (Act(move),) for move, name in LINKS.items()}


def _target(rule: Rule) -> str:
    if rule.move is Act.RESUME:
        return "the state before"
    told = "the same" if rule.target is None else _state(rule.target)
    for source, target in sorted(rule.instead.items()):
        told += (
            f"; from {_state(source)}: {'the same' if target is source else _state(target)}"
        )
    return told


def _people() -> Iterator[str]:
    roles = [role for role in UserRole if any(role in rule.by for rule in RULES.values())]
    yield "\n".join(f"- **{SIGNS[reach]}** {TOLD[reach]}" for reach in Reach)
    yield ""
    yield (
        "A stand-in has role, office and places of the absent person. To report is open "
        "to everybody."
    )
    yield ""
    yield "| move | " + " | ".join(_both(USER_ROLES[role]) for role in roles) + " |"
    yield "|---|" + "---|" * len(roles)
    for rule in RULES.values():
        signs = (SIGNS[rule.by[role]] if role in rule.by else "" for role in roles)
        yield f"| {_both(MOVES[rule.move])} | " + " | ".join(signs) + " |"
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
