"""Write docs/commands.md and docs/settings.md from the code itself; `--check` only compares."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gridmap.settings import Settings

DOCS = Path(__file__).resolve().parent.parent / "docs"


def commands() -> str:
    """The command reference, from the commands' own help."""
    done = subprocess.run(
        [sys.executable, "-m", "typer", "gridmap.cli", "utils", "docs", "--name", "gridmap", "--title", "Commands"],
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
            "From the environment, or from `gridmap.toml` in the working folder; the environment wins.",
            "",
            "| variable | in the file | default | what it is |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _shown(default: object) -> str:
    return "" if default in ("", None) else f"`{default}`"


def main() -> int:
    """Write the two pages, or with `--check` say which of them is out of date."""
    pages = {"commands.md": commands(), "settings.md": settings()}
    stale = [name for name, text in pages.items() if not _same(DOCS / name, text)]
    if "--check" in sys.argv:
        print(f"Out of date: {', '.join(stale)}; run python tools/reference.py" if stale else "docs: up to date")
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages[name], encoding="utf-8")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    raise SystemExit(main())
