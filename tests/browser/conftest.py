"""Fixtures of the browser tests: real servers, and Chromium without any way out of the
machine.

* `serve(app, home=…)` starts a page or the application under Streamlit and returns its
  address, `serve_api(home)` the report interface, which can be stopped and started; both end
  with the session. See `servers.py`.
* `home` is a copy of the small city that the tests of a module may change; `city` is its
  front desk, `address` its application, `server` its report interface.
* `page` is a fresh browser page, `phones()` makes phones in workers' hands. A test fails when
  one of them asks any host but the servers, raises an error in a script, or logs one. What
  is done on them stands in `screen.py` and `phone.py`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from gridmap.city import City
from gridmap.settings import Settings

from .phone import Phone, Phones, phone_options
from .screen import PATIENCE_MS
from .servers import APP, Serve, Server, application, interface, stop_all

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


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start applications: `serve(app, home=folder, **environment)` → their address."""
    started: dict[tuple[object, ...], Server] = {}

    def start(app: Path, *, home: Path, **environment: str) -> str:
        key = (app, home, *sorted(environment.items()))
        if key not in started:
            log = tmp_path_factory.mktemp("server") / "log.txt"
            started[key] = application(app, home, log, environment)
            started[key].start()
        return started[key].url

    yield start
    stop_all(started.values())


@pytest.fixture(scope="session")
def serve_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start report interfaces: `serve_api(home, **environment)` → `Server`, answering."""
    started: list[Server] = []

    def start(home: Path, **environment: str) -> Server:
        log = tmp_path_factory.mktemp("api") / "log.txt"
        server = interface(home, log, environment)
        started.append(server)
        server.start()
        return server

    yield start
    stop_all(started)


@pytest.fixture(scope="module")
def home(small_city: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small city, to write to."""
    target = tmp_path_factory.mktemp("browser") / "home"
    return shutil.copytree(small_city.home, target)


@pytest.fixture(scope="module")
def city(home: Path) -> Iterator[City]:
    """The front desk of that copy."""
    opened = City.open(Settings(home=home))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(serve: Serve, home: Path) -> str:
    """The application on that copy."""
    return serve(APP, home=home)


@pytest.fixture(scope="module")
def server(serve_api: Callable[..., Server], home: Path) -> Server:
    """What the phones of that copy talk to."""
    return serve_api(home)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; names other than the machine's own do not resolve in it."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; name one in GRIDMAP_CHROMIUM")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as run:
        browser = run.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page at 1440 × 900; ends in failure when it went outside or logged an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    _watch(page, outside, errors)
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()
    assert outside == [], "the page asked for something outside the machine"
    assert errors == [], "the page logged errors"


@pytest.fixture
def phones(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Phones]:
    """Make phones; each must have stayed on the machine and logged no error."""
    made: list[Phone] = []

    def make(
        *,
        lang: str = "zh-CN",
        at: tuple[float, float] | None = None,
        on: Server | None = None,
    ) -> Phone:
        context = browser.new_context(**phone_options(lang, at))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        phone = Phone(page, context, on or request.getfixturevalue("server"))
        _watch(page, phone.outside, phone.errors)
        made.append(phone)
        return phone

    yield make
    for phone in made:
        phone.context.close()
    for phone in made:
        assert phone.outside == [], "the phone asked for something outside the machine"
        assert phone.strange_errors() == [], "the phone logged errors"


def _watch(page: Page, outside: list[str], errors: list[str]) -> None:
    """Note in the two lists what `page` asks of other hosts, and the errors it logs or raises."""
    page.on(
        "request",
        lambda request: None if _is_local(request.url) else outside.append(request.url),
    )
    page.on(
        "console",
        lambda message: errors.append(message.text) if _is_error(message) else None,
    )
    page.on("pageerror", lambda error: errors.append(str(error)))


def _is_error(message: ConsoleMessage) -> bool:
    # Opened at the address of a page, Streamlit looks for its server below that address
    # first, then at the root.
    looked_for = "/_stcore/" in message.location.get("url", "")
    return message.type == "error" and not looked_for


def _is_local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname == "127.0.0.1"
