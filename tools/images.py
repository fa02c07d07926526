"""Pictures of every page, in both languages, for the documentation: `make images`.

Starts a server of its own on the home of `GRIDMAP_HOME`, opens each page in headless
Chromium with the network cut, and writes docs/images/<page>-<language>.webp: the desk at
1440×900, the wall at 3840×2160.
"""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import geopandas as gpd
import shapely
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from gridmap.city import City
from gridmap.names import english_person
from gridmap.settings import Settings
from gridmap.store.plans import plans as store_plans

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LARGEST_BYTES = 300_000
SETTLE_MS = 4000
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Shot:
    """One picture: where, with which parameters, on which screen, how wide it is kept, and
    in whose role.

    `role` is one of the demonstration's logins; with `first_row` the first row of the
    page's table is opened; `act` is what is done on the page then.
    """

    name: str
    path: str
    params: dict[str, str]
    size: tuple[int, int] = (1440, 900)
    kept: int = 1440
    role: str = ""
    first_row: bool = False
    act: Callable[[Page], None] | None = None


def open_layers(page: Page) -> None:
    """Open the list of layers on the map and switch all of them on."""
    frame = page.frame_locator('iframe[title^="streamlit_folium"]')
    frame.locator(".gridmap-layers-button").click()
    for box in frame.locator('.gridmap-layers-list input[type="checkbox"]').all():
        box.check()
    page.mouse.move(0, 0)
    settle(page)


def part(key: str, number: int) -> Callable[[Page], None]:
    """Open the part of a page that stands at `number` (from 0) in its control."""

    def act(page: Page) -> None:
        page.locator(f".st-key-{key}-part").get_by_role("radio").nth(number).click()
        settle(page)

    return act


def check_file(page: Page) -> None:
    """Let the doctor look through a file of the city's grids with faults, and preview its
    repair.
    """
    with tempfile.TemporaryDirectory(prefix="gridmap-images-") as folder:
        page.locator(".st-key-doctor-file input[type=file]").set_input_files(
            spoilt(Path(folder) / "grids.geojson")
        )
        settle(page)
        page.locator(".st-key-doctor-file").locator(
            "xpath=ancestor::*[@data-testid='stForm']"
        ).get_by_test_id("stFormSubmitButton").get_by_role("button").click()
        page.locator(".st-key-doctor-preview button").wait_for(timeout=300_000)
        settle(page)
        page.locator(".st-key-doctor-preview button").click()
        page.locator(".st-key-doctor-take button").wait_for(timeout=300_000)
        settle(page)
    page.locator(".st-key-doctor-take button").evaluate(
        "(button) => button.scrollIntoView({ block: 'end' })"
    )
    settle(page)


def spoilt(path: Path) -> Path:
    """The city's grids as a file in which every thousandth has one vertex pulled out by
    about half a metre.
    """
    with closing(City.open(Settings())) as city:  # type: ignore[call-arg]
        grids = store_plans.read_grids(city.store)
    shapes = grids.geometry.to_numpy()
    for row in range(40, len(grids), 1000):
        ring = shapely.get_coordinates(shapes[row])
        ring[2] += 4e-6
        shapes[row] = shapely.Polygon(ring)
    grids[["code", "name", "households", "population"]].set_geometry(
        gpd.GeoSeries(shapes, crs=grids.crs)
    ).to_file(path, driver="GeoJSON")
    return path


SHOTS = (
    Shot("overview", "", {}),
    Shot("wall", "", {"screen": "wall"}, (3840, 2160), 1920),
    Shot("wall-1080", "", {"screen": "wall"}, (1920, 1080), 1440),
    Shot("heatmap", "heatmap", {"area": "410702", "level": "grid", "period": "year"}),
    Shot("heatmap-kernel", "heatmap", {"layer": "kernel", "period": "90"}),
    Shot("coverage", "coverage", {}),
    Shot("workload", "workload", {"area": "410702"}),
    Shot("grid", "grid", {"area": "410702001016001", "period": "year"}),
    Shot("data", "data", {}),
    Shot("mediation", "mediation", {"area": "410702"}),
    Shot("mediators", "mediation", {}, role="demo.commander", act=part("mediation", 1)),
    Shot("tasks", "tasks", {"area": "410702", "task": "1"}),
    Shot("villages", "villages", {"area": "410724"}),
    Shot(
        "villages-meetings",
        "villages",
        {"area": "410702", "deliberation": "3"},
        role="demo.clerk.village",
    ),
    Shot("inbox", "inbox", {}, role="demo.clerk.village"),
    Shot("matter", "inbox", {}, role="demo.clerk.village", first_row=True),
    Shot("matters", "matters", {}, role="demo.dispatcher"),
    Shot("window", "window", {}, role="demo.clerk.county"),
    Shot("headquarters", "headquarters", {}, role="demo.commander"),
    Shot("headquarters-wall", "headquarters", {"screen": "wall"}, (1920, 1080), 1440),
    Shot("whistles", "whistles", {"period": "90"}, role="demo.commander"),
    Shot(
        "centres",
        "centres",
        {"period": "custom", "from": "2024-01-01", "to": "2024-03-31", "area": "410702"},
        role="demo.commander",
    ),
    Shot("sessions", "sessions", {}, role="demo.commander"),
    Shot("groups", "sessions", {}, role="demo.commander", act=part("sessions", 2)),
    Shot(
        "supervision-rules",
        "supervision",
        {},
        role="demo.commander",
        act=part("supervision", 3),
    ),
    Shot("supervision", "supervision", {}, role="demo.commander"),
    Shot("report", "report", {}),
    Shot("indicators", "indicators", {}),
    Shot("office", "office", {}, role="demo.admin"),
    Shot("planner", "planning", {}, role="demo.planner"),
    Shot("planner-review", "planning", {"draft": "2"}, role="demo.commander"),
    Shot(
        "layers",
        "heatmap",
        {"area": "410702002", "level": "grid", "period": "year"},
        act=open_layers,
    ),
    Shot("doctor", "data", {}, role="demo.planner", act=check_file),
)


@contextmanager
def server() -> Iterator[str]:
    """A server of our own on a free port; its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("gridmap")), "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"The server stopped with code {process.returncode}.")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/gridmap/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.3)
    raise SystemExit("The server did not answer within three minutes.")


def take(browser: Browser, address: str, shot: Shot, lang: str) -> bytes:
    """The picture of `shot` in `lang` as PNG, once the page has come to rest."""
    width, height = shot.size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        locale="zh-CN" if lang == "zh" else "en-GB",
    )
    page.set_default_timeout(120_000)
    try:
        page.goto(f"{address}/{shot.path}?{urlencode({'lang': lang, **shot.params})}")
        settle(page)
        if shot.role:
            take_role(page, shot.role)
        if shot.first_row:
            page.get_by_test_id("stDataFrame").first.click(position={"x": 200, "y": 55})
            settle(page)
        if shot.act:
            shot.act(page)
        return page.screenshot()
    finally:
        page.close()


def take_role(page: Page, login: str) -> None:
    """Sign in as the demonstration's user `login`, by the side bar."""
    with closing(City.open(Settings())) as city:  # type: ignore[call-arg]
        name = next(
            user.name
            for user in city.people.directory.users.values()
            if user.login == login
        )
    field = page.locator(".st-key-side-sign_in input")
    field.click()
    field.fill(english_person(name) if page.url.count("lang=en") else name)
    page.get_by_role("option").first.click()
    settle(page)


def settle(page: Page) -> None:
    """Wait until Streamlit has run and the map has been drawn."""
    page.wait_for_selector('[data-testid="stAppViewContainer"]', timeout=180_000)
    page.wait_for_selector('[data-testid="stMainBlockContainer"] p', timeout=180_000)
    page.wait_for_selector(
        '[data-test-script-state="notRunning"]', state="attached", timeout=180_000
    )
    page.wait_for_timeout(SETTLE_MS)


def keep(png: bytes, target: Path, width: int) -> int:
    """Write the picture as WebP no larger than `LARGEST_BYTES`; its size in bytes."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    if image.width > width:
        image = image.resize(
            (width, round(image.height * width / image.width)), Image.Resampling.LANCZOS
        )
    for quality in (88, 80, 70, 60, 50):
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= LARGEST_BYTES:
            break
    target.write_bytes(buffer.getvalue())
    return buffer.tell()


def main(names: list[str]) -> int:
    """Take the pictures called `names`, or all."""
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with server() as address, sync_playwright() as playwright:
        path = next(
            (str(path) for path in (Path("/usr/bin/chromium"),) if path.exists()), None
        )
        browser = playwright.chromium.launch(executable_path=path)
        for shot in wanted:
            for lang in LANGUAGES:
                target = IMAGES / f"{shot.name}-{lang}.webp"
                size = keep(take(browser, address, shot, lang), target, shot.kept)
                print(f"{target.relative_to(ROOT)} {size:,} bytes", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
