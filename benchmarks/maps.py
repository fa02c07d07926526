"""The map in a browser: how long until it is coloured, how much it loads, how fast a filter
recolours it.

Headless Chromium with software rendering against a server of its own on the city in
`GRIDMAP_HOME` (the full one: `gridmap demo --reports 8600000`). Cold is an empty browser
cache and a running server; warm is the same browser again, with a profile as a person's
browser has one: a private window keeps no compiled scripts.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, Playwright, sync_playwright

from benchmarks._browser import CHROMIUM, FLAGS, server
from gridmap.settings import Settings
from gridmap.store import Store

ROUNDS = 5
VISITS_BEFORE = 2
"""A browser keeps compiled scripts from the second visit on."""
LIMITS = {"cold": 4.0, "warm": 2.0, "recolour": 1.0, "map data": 0.7}
BYTES = """() => performance.getEntriesByType('resource').filter((r) => r.name.includes('/gridmap/map/'))
  .map((r) => [r.name.split('/').pop(), r.encodedBodySize])"""
# Reading a pixel back makes the browser finish what it has only recorded so far.
FINISHED = """() => { document.querySelector('.gridmap-layer canvas').getContext('2d').getImageData(0, 0, 1, 1) }"""
OWN_RECOLOUR = """() => {
  const state = gridmap.state;
  const began = performance.now();
  state.values = state.values.map((value, at) => (value * 7 + at) % 100);
  state.classify();
  state.colouring++;
  state.layer.draw();
  state.layer.base.getContext('2d').getImageData(0, 0, 1, 1);
  return performance.now() - began;
}"""


def main(home: Path | None = None) -> None:
    """Measure on the city in `home` (default: `GRIDMAP_HOME`) and print a table."""
    own = Settings()
    own = own.model_copy(update={"home": home}) if home else own
    print("## The map in a browser\n")
    if not Store.exists(own):
        print(f"No city in {own.home}: absent. Build one with `gridmap demo`.")
        return
    with server(own) as (url, process), sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        first = _visit(browser, url)[0]
        cold = [_visit(browser, url) for _ in range(ROUNDS)]
        warm = _again(run, url)
        recolour, drawing, fetched = _filters(browser, url)
        memory = process.memory_info().rss / 2**20
        browser.close()
    files = cold[0][1]
    print(f"{files} bytes of map data at first view; server {memory:,.0f} MiB.\n")
    print("| | median | worst | limit |\n|---|---:|---:|---:|")
    print(f"| first page of a new server → coloured map | {first:.2f} s | | |")
    _row("cold page → coloured map", [seconds for seconds, _ in cold], LIMITS["cold"])
    _row("warm page → coloured map", warm, LIMITS["warm"])
    _row("filter changed → recoloured", recolour, LIMITS["recolour"])
    _row("of which the browser's drawing", drawing, None)
    print(f"| map data | {files / 1e6:.2f} MB | | {LIMITS['map data']} MB |")
    print(f"| geometry fetched by a filter change | {fetched} files | | 0 |")


def _row(name: str, seconds: list[float], limit: float | None) -> None:
    allowed = f"{limit:.1f} s" if limit else ""
    print(
        f"| {name} | {statistics.median(seconds):.2f} s | {max(seconds):.2f} s | {allowed} |"
    )


def _visit(browser: Browser, url: str) -> tuple[float, int]:
    """Seconds from asking for the page to the coloured map with an empty cache, and the
    bytes of map data.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    seconds, frame = _open(page, lambda: page.goto(url))
    size = sum(int(count) for _, count in frame.evaluate(BYTES))
    context.close()
    return seconds, size


def _again(run: Playwright, url: str) -> list[float]:
    """Seconds from asking for the page to the coloured map in a browser that has seen it before."""
    with tempfile.TemporaryDirectory(prefix="gridmap-browser-") as profile:
        context = run.chromium.launch_persistent_context(
            profile,
            executable_path=CHROMIUM,
            args=list(FLAGS),
            viewport={"width": 1440, "height": 900},
            locale="zh-CN",
        )
        found = []
        for _ in range(VISITS_BEFORE + 2 * ROUNDS):
            page = context.new_page()
            found.append(_open(page, lambda page=page: page.goto(url))[0])  # type: ignore[misc]
            page.close()
        context.close()
    return found[VISITS_BEFORE:]


def _filters(browser: Browser, url: str) -> tuple[list[float], list[float], int]:
    """Seconds from a click on a filter to the recoloured map, of the drawing alone, and
    files fetched meanwhile.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    _, frame = _open(page, lambda: page.goto(f"{url}/?level=grid&lang=en"))
    page.wait_for_timeout(1500)
    files = len(frame.evaluate(BYTES))
    seconds = []
    for choice in (
        "Last 7 days",
        "Last 90 days",
        "Last 30 days",
        "Last 7 days",
        "Last 90 days",
    ):
        painted = frame.evaluate("() => gridmap.state.painted")
        box = page.locator('[class*="st-key-side-period"]')
        box.locator('[role="combobox"], input').first.click()
        option = page.get_by_role("option", name=choice).first
        option.wait_for()
        began = time.perf_counter()
        option.click()
        frame.wait_for_function(f"() => gridmap.state.painted > {painted}", polling=10)
        frame.evaluate(FINISHED)
        seconds.append(time.perf_counter() - began)
        page.wait_for_timeout(1200)
    drawing = [frame.evaluate(OWN_RECOLOUR) / 1000 for _ in range(8)]
    fetched = len(frame.evaluate(BYTES)) - files
    context.close()
    return seconds, drawing[1:], fetched


def _open(page: Page, go: Callable[[], object]) -> tuple[float, Frame]:
    began = time.perf_counter()
    go()
    page.frame_locator('iframe[title^="streamlit_folium"]').locator(
        ".gridmap[data-painted]"
    ).wait_for(timeout=120_000)
    frame = next(each for each in page.frames if "streamlit_folium" in each.url)
    frame.evaluate(FINISHED)
    return time.perf_counter() - began, frame


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
