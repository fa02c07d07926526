"""Reports taken in while people use the pages: acknowledged a second, how long each waits,
and whether one is lost.

Sixty seconds of posts at a fixed rate from many connections, with five browser sessions
walking through the pages of the same city, all served by `gridmap serve`; then some seconds
as fast as the connections can. Runs on a copy of the city of `GRIDMAP_HOME`, which stays as
it is. A report is acknowledged when it is on the disk (SQLite, synchronous=FULL): at the
end the server is killed, and every acknowledged report has to be in the truth, once.

Browsers run on other machines; here they share the cores with the server, so they run with
a low priority.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import func, select

from benchmarks._browser import CHROMIUM, FLAGS, answering
from gridmap.city import City
from gridmap.model import UserRole
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.opening import open_store
from gridmap.store.tables import matters

SECONDS = 60
RATE = 230
FULL_SECONDS = 15
CLIENTS = 40
SESSIONS = 5
PAGES = ("", "heatmap", "coverage", "workload", "inbox", "matters")
PAUSE_S = 10.0
"""How long a person looks at a page."""
LEAST_RATE = 200
LONGEST_P95_S = 0.25
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def main() -> None:
    """Measure on a copy of the city in `GRIDMAP_HOME` and print a table."""
    own = Settings()
    print("## Reports taken in while pages are used\n")
    if not Store.exists(own):
        print(f"No city in {own.home}: absent. Build one with `gridmap demo`.")
        return
    with tempfile.TemporaryDirectory(prefix="gridmap-throughput-") as folder:
        home = Path(folder) / "home"
        shutil.copytree(own.home, home)
        copy = own.model_copy(update={"home": home})
        plan = _plan(copy)
        with _served(copy) as (pages, interface), sync_playwright() as run:
            plan["url"] = interface
            browser = run.chromium.launch(
                executable_path=_behind(Path(folder)), args=list(FLAGS)
            )
            sessions = [
                browser.new_context(
                    viewport={"width": 1440, "height": 900}, locale="zh-CN"
                ).new_page()
                for _ in range(SESSIONS)
            ]
            for session in sessions:
                _open(session, pages)
            paced, waits = _loaded(
                plan | {"seconds": SECONDS, "rate": RATE, "mark": "paced"}, sessions, pages
            )
            full, _ = _loaded(
                plan | {"seconds": FULL_SECONDS, "rate": 0, "mark": "full"}, sessions, pages
            )
            browser.close()
        lost = _lost(copy, [*paced["acknowledged"], *full["acknowledged"]])
    _print(paced, full, waits, lost)


def _plan(copy: Settings) -> dict[str, Any]:
    """Keys of people of every county, places they may report at, and categories."""
    chance = np.random.default_rng(1)
    city = City.open(copy)
    try:
        people = [user for user in city.people.directory.users.values() if user.active]
        counties = {
            user.area: user.id
            for user in people
            if user.role is UserRole.DISPATCHER and user.area >= 10**5
        }
        places = []
        for area, user in sorted(counties.items()):
            key = city.keys.make(city.people.actor(user), user, label="throughput")
            grids = chance.choice(city.places.grids(area), 50)
            places += [(key, *city.places.middle(int(grid))) for grid in grids]
        table = city.categories()
        leaves = table.loc[~table["code"].isin(table["parent"]), "code"].tolist()
    finally:
        city.close()
    return {"places": places, "categories": leaves, "clients": CLIENTS}


@contextmanager
def _served(copy: Settings) -> Iterator[tuple[str, str]]:
    """`gridmap serve` on the copy; its addresses. Killed at the end, without a chance to
    write anything more.
    """
    ports = _free_ports(2)
    environment = {**os.environ, "GRIDMAP_HOME": str(copy.home)}
    command = [
        sys.executable,
        "-m",
        "gridmap.cli",
        "serve",
        "--port",
        str(ports[0]),
        "--api-port",
        str(ports[1]),
    ]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            addresses = [f"http://127.0.0.1:{port}" for port in ports]
            for address in addresses:
                answering(f"{address}/gridmap/health")
            yield addresses[0], addresses[1]
        finally:
            for each in (*psutil.Process(process.pid).children(recursive=True), process):
                each.send_signal(signal.SIGKILL)


def _behind(folder: Path) -> Path:
    """A command that starts the browser with a low priority, and everything it starts."""
    command = folder / "browser"
    command.write_text(f'#!/bin/sh\nexec nice -n 10 "{CHROMIUM}" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return command


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _loaded(
    plan: dict[str, Any], sessions: Sequence[Page], pages: str
) -> tuple[dict[str, Any], list[float]]:
    """Post what `plan` says while the sessions walk on; what came of it, and how long pages
    took (seconds).
    """
    waits = []
    with tempfile.TemporaryDirectory() as folder:
        written, result = Path(folder) / "plan.json", Path(folder) / "result.json"
        written.write_text(json.dumps(plan), encoding="utf-8")
        with result.open("w") as out:
            before = _processor_s()
            load = subprocess.Popen(
                [sys.executable, "-m", "benchmarks._load", str(written)], stdout=out
            )
            turn = 0
            while load.poll() is None:
                waits.append(
                    _open(
                        sessions[turn % len(sessions)],
                        f"{pages}/{PAGES[turn // len(sessions) % len(PAGES)]}",
                    )
                )
                turn += 1
                time.sleep(PAUSE_S / len(sessions))
        after = _processor_s()
        if load.returncode:
            raise RuntimeError("the load ended by itself")
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return found | {
            "processor_s": {name: after[name] - before[name] for name in after}
        }, waits


def _processor_s() -> dict[str, float]:
    """Seconds of processor taken so far by the interface, the rest of the server, and the
    browsers.
    """
    found = {"interface": 0.0, "pages and clockwork": 0.0, "browsers": 0.0}
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            line = " ".join(each.cmdline())
            kind = (
                "interface"
                if "gridmap.api.server" in line
                else "browsers"
                if "chrom" in line or "playwright" in line
                else "pages and clockwork"
                if "streamlit" in line or "gridmap.cli" in line
                else ""
            )
            if kind:
                found[kind] += sum(each.cpu_times()[:2])
    return found


def _shares(taken_s: dict[str, float], took_s: float) -> str:
    return ", ".join(f"{name} {seconds / took_s:.2f}" for name, seconds in taken_s.items())


def _open(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(READY, timeout=120_000)
    return time.perf_counter() - began


def _lost(copy: Settings, acknowledged: Sequence[str]) -> tuple[int, int]:
    """How many acknowledged reports are not in the truth, and how many are there more than once."""
    with open_store(copy) as store, store.read() as connection:
        mine = matters.c.client_id.like("%:paced-%") | matters.c.client_id.like("%:full-%")
        rows = connection.execute(
            select(matters.c.client_id, func.count())
            .where(mine)
            .group_by(matters.c.client_id)
        )
        there = {client_id.split(":", 1)[1]: count for client_id, count in rows}
    return len(set(acknowledged) - set(there)), sum(count > 1 for count in there.values())


def _print(
    paced: dict[str, Any], full: dict[str, Any], waits: list[float], lost: tuple[int, int]
) -> None:
    rate, p95 = (
        len(paced["acknowledged"]) / paced["took_s"],
        float(np.percentile(paced["waits_s"], 95)),
    )
    print(
        f"| {SECONDS} s at {RATE} posts/s over {CLIENTS} connections, {SESSIONS} browser "
        "sessions | |\n|---|---:|"
    )
    print(
        f"| acknowledged | {len(paced['acknowledged']):,}, {rate:.0f}/s (wanted: {LEAST_RATE}/s) |"
    )
    print(
        f"| wait, p50 / p95 / p99 / longest | {_percentiles(paced['waits_s'])} (p95 wanted: "
        f"{LONGEST_P95_S * 1000:.0f} ms) |"
    )
    print(f"| not acknowledged | {paced['others'] or 'none'} |")
    print(
        f"| pages opened meanwhile, median and worst wait | {len(waits)}, "
        f"{statistics.median(waits):.1f} s, {max(waits):.1f} s |"
    )
    print(
        f"| as fast as the connections can, {FULL_SECONDS} s | "
        f"{len(full['acknowledged']) / full['took_s']:.0f}/s, "
        f"{_percentiles(full['waits_s'])} |"
    )
    print(
        f"| processor meanwhile, of {os.cpu_count()} cores | "
        f"{_shares(paced['processor_s'], paced['took_s'])} |"
    )
    print(f"| acknowledged and lost, or written twice | {lost[0]}, {lost[1]} |")
    if lost != (0, 0):
        raise RuntimeError("acknowledged reports were lost or written twice")
    if rate < LEAST_RATE or p95 > LONGEST_P95_S:
        raise RuntimeError(f"{rate:.0f}/s with p95 {p95 * 1000:.0f} ms miss the mark")


def _percentiles(waits_s: Sequence[float]) -> str:
    return (
        " / ".join(
            f"{1000 * value:.0f}" for value in np.percentile(waits_s, [50, 95, 99, 100])
        )
        + " ms"
    )


if __name__ == "__main__":
    main()
