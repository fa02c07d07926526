"""Twenty people at once: memory of the server with twenty open sessions, and how long each
waits for a page.

Each session is a browser context of its own that walks through the pages and stays on the
last one. The city is that of `GRIDMAP_HOME` (the full one: `gridmap demo --reports
8600000`).
"""

from __future__ import annotations

import statistics
import time

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks._browser import CHROMIUM, FLAGS, server
from gridmap.settings import Settings
from gridmap.store import Store

SESSIONS = 20
LIMIT_MIB = 1536
PAGES = ("", "heatmap", "coverage", "workload", "grid", "data")
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def main() -> None:
    """Measure on the city in `GRIDMAP_HOME` and print a table."""
    own = Settings()
    print("## Twenty open sessions\n")
    if not Store.exists(own):
        print(f"No city in {own.home}: absent. Build one with `gridmap demo`.")
        return
    with server(own) as (url, process), sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        before = _mib(process)
        waits: list[float] = []
        for _ in range(SESSIONS):
            page = browser.new_context(
                viewport={"width": 1440, "height": 900}, locale="zh-CN"
            ).new_page()
            waits += [_open(page, f"{url}/{name}") for name in PAGES]
        after = _mib(process)
        browser.close()
    print("| | |\n|---|---:|")
    print(f"| memory of the server before | {before:,.0f} MiB |")
    print(f"| with {SESSIONS} open sessions | {after:,.0f} MiB (limit {LIMIT_MIB:,}) |")
    print(
        f"| a page's wait, median and worst | {statistics.median(waits):.1f} s, "
        f"{max(waits):.1f} s |"
    )
    if after > LIMIT_MIB:
        raise RuntimeError(f"{after:,.0f} MiB are more than {LIMIT_MIB:,}")


def _open(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(READY, timeout=120_000)
    return time.perf_counter() - began


def _mib(process: psutil.Process) -> float:
    """Resident memory of the server and whatever it started, in MiB."""
    return (
        sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))
        / 2**20
    )


if __name__ == "__main__":
    main()
