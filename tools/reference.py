"""Write docs/commands.md, settings.md and indicators.md from the code itself; `--check`
only compares.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gridmap.insight.definitions import DEFINITIONS, VALUES
from gridmap.settings import Settings
from gridmap.words import Words

DOCS = Path(__file__).resolve().parent.parent / "docs"


def commands() -> str:
    """The command reference, from the commands' own help."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "typer",
            "gridmap.cli",
            "utils",
            "docs",
            "--name",
            "gridmap",
            "--title",
            "Commands",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.rstrip() + "\n"


def settings() -> str:
    """The table of settings, from the fields of `Settings`."""
    rows = [
        f"| `GRIDMAP_{name.upper()}` | `{name}` | {_shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            (
                "From the environment, or from `gridmap.toml` in the working folder; the "
                "environment wins."
            ),
            "",
            "| variable | in the file | default | what it is |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def indicators() -> str:
    """The table of indicators, from their definitions, in both languages."""
    zh, en = Words("zh"), Words("en")

    def both(text: str) -> str:
        return f"{en(text, **VALUES)}<br>{zh(text, **VALUES)}" if text else ""

    rows = [
        f"| `{one.key}` | {both(one.name)} | {both(one.numerator)} | "
        f"{both(one.denominator)} | {both(one.excluded)} "
        f"| {'matters with a journal' if one.journal else 'all matters'} | {one.better} |"
        for one in DEFINITIONS.values()
    ]
    return "\n".join(
        [
            "# Indicators",
            "",
            (
                "Each is a share with both its counts; every numerator is part of its "
                "denominator. The table is the one in"
            ),
            (
                "`gridmap/insight/definitions.py`, which the page of indicators shows; both "
                "parts open as a list of matters."
            ),
            "",
            "| key | indicator | numerator | denominator | left out | counted over | good is |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            (
                "**Period.** What is reported or closed goes by the day it was; limits by the "
                "day they run out, up to"
            ),
            "yesterday: a case whose limit has not come is not late, and today is not over.",
            "",
            (
                "**Journals.** Who did what when is known of matters that were reported, moved "
                "or handled on the platform."
            ),
            (
                "Imported history has one line a matter: it counts where its times are enough "
                "(all matters), and is left out"
            ),
            "where they are not. The page says how many of the period's matters have a journal.",
            "",
            (
                "**Matters, not whistles.** A matter counts once. With several whistles in a "
                "period it counts only if all of"
            ),
            "them do, so that figures and lists have the same length.",
            "",
            (
                "**States** chosen in the side bar are not applied: a closing rate filtered by "
                "closed matters says nothing."
            ),
            "",
            (
                "**Places** are ranked by shares drawn towards the mean of all places "
                "(empirical Bayes), with their central"
            ),
            "95 % interval; see `gridmap/insight/ranking.py`.",
            "",
        ]
    )


def _shown(default: object) -> str:
    return "" if default in ("", None) else f"`{default}`"


def main() -> int:
    """Write the pages, or with `--check` say which of them is out of date."""
    pages = {
        "commands.md": commands(),
        "settings.md": settings(),
        "indicators.md": indicators(),
    }
    stale = [name for name, text in pages.items() if not _same(DOCS / name, text)]
    if "--check" in sys.argv:
        print(
            f"Out of date: {', '.join(stale)}; run python tools/reference.py"
            if stale
            else "docs: up to date"
        )
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages[name], encoding="utf-8")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    raise SystemExit(main())
