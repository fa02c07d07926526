"""Run benchmarks, all or those named, and write their Markdown to the standard output.

A benchmark is a module in this folder with a `main()` that prints; modules whose names
begin with `_` are helpers.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import time
import traceback
from pathlib import Path


def names() -> list[str]:
    """Names of all benchmarks."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in found if not module.name.startswith("_"))


def run(name: str) -> bool:
    """Run one benchmark; whether it came to its end."""
    start = time.monotonic()
    try:
        importlib.import_module(f"benchmarks.{name}").main()
    except Exception:  # noqa: BLE001  (the others still have to run; the end says which failed)
        traceback.print_exc()
        return False
    finally:
        print(f"\n_{name}: {time.monotonic() - start:.0f} s in all_\n", flush=True)
    return True


def main() -> int:
    """Run what was asked for; 0 when all came to their end."""
    wanted = sys.argv[1:] or names()
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(
            f"No benchmark {', '.join(unknown)}; there are {', '.join(names())}.",
            file=sys.stderr,
        )
        return 2
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(
        f"Machine: {len(os.sched_getaffinity(0))} cores, {memory_gib:.0f} GiB; Python "
        f"{sys.version.split()[0]}.\n"
    )
    failed = [name for name in wanted if not run(name)]
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
