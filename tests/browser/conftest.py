"""Fixtures of the browser tests: a real server on a free port, Chromium without any way out
of the machine.

* `serve(app, home=…)` starts `app` under Streamlit and returns its address; the server ends
  with the session.
* `serve_api(home)` starts the report interface, which also serves the worker application;
  it can be stopped and started.
* `page` is a fresh browser page. The test fails when the page asks any host but the server,
  raises an error in a
  script, or logs one. `page.goto(url)` as usual; `map_frame(page)` gives the frame of the
  (first) map once painted.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("GRIDMAP_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
START_S = 120

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed"
)
if not Path(CHROMIUM).exists():
    pytest.skip(
        f"no Chromium at {CHROMIUM}; name one in GRIDMAP_CHROMIUM", allow_module_level=True
    )

Serve = Callable[..., str]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start servers: `serve(app, home=folder, **environment)` → `http://127.0.0.1:port`."""
    started: list[subprocess.Popen[bytes]] = []
    known: dict[tuple[object, ...], str] = {}

    def start(app: Path | str, *, home: Path, **environment: str) -> str:
        key = (str(app), str(home), *sorted(environment.items()))
        if key in known:
            return known[key]
        port = free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
        env = {
            **os.environ,
            "PYTHONPATH": paths,
            "GRIDMAP_HOME": str(home),
            "GRIDMAP_PORT": str(port),
            **environment,
        }
        options = (
            f"--server.port={port}",
            "--server.address=127.0.0.1",
            "--server.headless=true",
        )
        with log.open("wb") as out:
            server = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", str(app), *options],
                cwd=ROOT,
                env=env,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        started.append(server)
        _wait(server, f"http://127.0.0.1:{port}/gridmap/health", log)
        known[key] = f"http://127.0.0.1:{port}"
        return known[key]

    yield start
    for server in started:
        server.terminate()
    for server in started:
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@dataclass
class ApiServer:
    """The report interface on a port of its own; `stop` and `start` let it fall silent and
    come back.
    """

    home: Path
    log: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        own = {"GRIDMAP_HOME": str(self.home), "GRIDMAP_API_PORT": str(self.port)}
        app = (
            "--factory",
            "gridmap.api.server:create",
            "--host=127.0.0.1",
            f"--port={self.port}",
        )
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "uvicorn",
                    *app,
                    "--log-level=warning",
                    "--no-access-log",
                ],
                cwd=ROOT,
                env={**os.environ, **own, **self.environment},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        _wait(self.process, f"{self.url}/gridmap/health", self.log)

    def stop(self) -> None:
        """End it; nobody answers on its port until it is started again."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@pytest.fixture(scope="session")
def serve_api(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., ApiServer]]:
    """Start report interfaces: `serve_api(home, **environment)` → `ApiServer`, answering."""
    started: list[ApiServer] = []

    def start(home: Path, **environment: str) -> ApiServer:
        log = tmp_path_factory.mktemp("api") / "log.txt"
        server = ApiServer(home, log, free_port(), environment)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[playwright.Browser]:
    """One Chromium for the session; names other than the machine's own do not resolve in it."""
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: playwright.Browser) -> Iterator[playwright.Page]:
    """A fresh page at 1440 × 900; ends in failure when it went outside or logged an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    watched(page, outside, errors)
    page.set_default_timeout(30_000)
    yield page
    context.close()
    assert outside == [], "the page asked for something outside the machine"
    assert errors == [], "the page logged errors"


def watched(page: playwright.Page, outside: list[str], errors: list[str]) -> None:
    """Note in the two lists what `page` asks of other hosts, and the errors it logs or raises."""
    page.on(
        "request",
        lambda request: None if _own(request.url) else outside.append(request.url),
    )
    page.on(
        "console",
        lambda message: errors.append(message.text) if _is_error(message) else None,
    )
    page.on("pageerror", lambda error: errors.append(str(error)))


def map_frame(page: playwright.Page, *, painted: int = 1) -> playwright.Frame:
    """The frame of the first map, once it has been painted `painted` times."""
    frame = page.frame_locator('iframe[title^="streamlit_folium"]')
    frame.locator(".gridmap[data-painted]").first.wait_for()
    found = next(f for f in page.frames if "streamlit_folium" in f.url)
    found.wait_for_function(f"() => gridmap.state.painted >= {painted}")
    return found


def choose_page(page: playwright.Page, group: str, name: str) -> None:
    """Open a page by the menu: its group, then its name."""
    page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def _is_error(message: playwright.ConsoleMessage) -> bool:
    # Opened at the address of a page, Streamlit looks for its server below that address
    # first, then at the root.
    looked_for = "/_stcore/" in message.location.get("url", "")
    return message.type == "error" and not looked_for


def _own(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname == "127.0.0.1"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(
        f"The server did not answer:\n{log.read_text(encoding='utf-8', errors='replace')}"
    )
