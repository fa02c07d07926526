"""Everything that has to hold before a change lands: style, types, floors, catalogues, tests."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINT = {
    "style": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "floors": ["lint-imports", "--no-cache"],
    "catalogues": ["python", "tools/catalogues.py", "check"],
    "measures": ["python", "tools/measure.py"],
}
TESTS = {
    "tests": ["pytest", "-n", "2", "--dist", "loadfile", "--ignore", "tests/browser"],
    "browser": ["pytest", "tests/browser"],
}


def run(name: str, command: list[str]) -> bool:
    """Run one check with the tools of this environment; say how it went and how long it took."""
    print(f"── {name}: {' '.join(command)}", flush=True)
    start = time.monotonic()
    tool = Path(sys.executable).with_name(command[0])
    done = subprocess.run([str(tool), *command[1:]], cwd=ROOT, check=False)
    print(
        (
            f"── {name}: {'ok' if done.returncode == 0 else 'FAILED'} in "
            f"{time.monotonic() - start:.0f} s"
        ),
        flush=True,
    )
    return done.returncode == 0


def main() -> int:
    """Run all checks, the tests last; 0 when every one of them passed."""
    checks = LINT if "--lint-only" in sys.argv else {**LINT, **TESTS}
    failed = [name for name, command in checks.items() if not run(name, command)]
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
