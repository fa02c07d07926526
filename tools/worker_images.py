"""Pictures of the worker application for the documentation: docs/images/worker-<language>.webp.

    GRIDMAP_HOME=folder python tools/worker_images.py [folder for single pictures]

Signs in as the demonstration's grid worker on a copy of the city in GRIDMAP_HOME, so that
the city stays as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.request import Request, urlopen

import shapely.geometry
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SHOWN = ("map", "tasks", "task", "report")
"""The pictures that stand side by side in the documentation."""

WIDTH, HEIGHT, GAP = 390, 844, 14
SETTLE_MS = 900


@contextmanager
def server(home: Path) -> Iterator[str]:
    """A report interface of our own on a copy of `home`; its address once it answers."""
    with (
        tempfile.TemporaryDirectory(prefix="gridmap-pictures-") as folder,
        socket.socket() as free,
    ):
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        shutil.copytree(home, Path(folder) / "home")
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "gridmap.api.server:create",
            f"--port={port}",
        ]
        environment = {**os.environ, "GRIDMAP_HOME": str(Path(folder) / "home")}
        process = subprocess.Popen(
            [*command, "--log-level=warning"], cwd=ROOT, env=environment
        )
        try:
            _wait(f"http://127.0.0.1:{port}/gridmap/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The report interface did not answer.")


def ask(url: str, path: str, *, key: str = "", body: object = None) -> list[dict] | dict:
    """What the interface answers."""
    headers = {"Content-Type": "application/json"} | (
        {"Authorization": f"Bearer {key}"} if key else {}
    )
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{url}/api/v1/{path}", data, headers), timeout=30) as answer:
        return json.load(answer)


def take(page: Page, url: str, key: str) -> dict[str, bytes]:
    """Every view of the application, once it has come to rest: name → PNG."""
    found: dict[str, bytes] = {}

    def shot(name: str) -> None:
        page.wait_for_timeout(SETTLE_MS)
        found[name] = page.screenshot()

    page.goto(f"{url}/app/")
    page.wait_for_selector("[data-user]")
    shot("sign-in")
    page.goto(f"{url}/app/#key={key}")
    page.reload()
    page.wait_for_selector(".grid-name.own")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    shot("map")
    for tab in ("tasks", "receipts", "me"):
        page.tap(f"[data-tab={tab}]")
        shot(tab)
    page.tap("[data-tab=tasks]")
    page.tap("[data-matter]")
    shot("task")
    page.tap("[data-tab=report]")
    page.wait_for_selector(".quick .tile")
    shot("categories")
    page.tap(".quick .tile >> nth=1")
    shot("report")
    page.context.set_offline(offline=True)
    page.tap("#send")
    page.wait_for_selector("[data-queued]")
    page.reload()
    shot("offline")
    page.context.set_offline(offline=False)
    page.wait_for_selector("[data-queued]", state="detached")
    shot("sent")
    return found


def side_by_side(pictures: list[bytes]) -> Image.Image:
    """The pictures in a row, on the grey of a desk."""
    sheet = Image.new(
        "RGB", (len(pictures) * (WIDTH + GAP) + GAP, HEIGHT + 2 * GAP), "#c9d0d6"
    )
    for number, picture in enumerate(pictures):
        image = (
            Image.open(BytesIO(picture))
            .convert("RGB")
            .resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        )
        sheet.paste(image, (GAP + number * (WIDTH + GAP), GAP))
    return sheet


def phone(run: object, lang: str, place: tuple[float, float]) -> BrowserContext:
    """A phone's browser that stands at `place` (longitude, latitude)."""
    return run.new_context(  # type: ignore[attr-defined]
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale=lang,
        geolocation={"longitude": place[0], "latitude": place[1], "accuracy": 9},
        permissions=["geolocation"],
    )


def main(single: Path | None) -> None:
    """Take the pictures in both languages."""
    with (
        server(Path(os.environ.get("GRIDMAP_HOME", ".gridmap"))) as url,
        sync_playwright() as playwright,
    ):
        worker = next(
            user for user in ask(url, "demo/users") if user["role"] == "grid_worker"
        )
        key = ask(url, "demo/sign-in", body={"user": worker["id"]})["key"]
        own = next(
            row
            for row in ask(url, "me/map", key=key)["features"]
            if row["properties"]["own"]
        )
        point = shapely.geometry.shape(own["geometry"]).representative_point()
        path = next(
            (str(path) for path in (Path("/usr/bin/chromium"),) if path.exists()), None
        )
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for lang, locale in (("zh", "zh-CN"), ("en", "en-GB")):
            context = phone(browser, locale, (point.x, point.y))
            pictures = take(context.new_page(), url, key)
            context.close()
            for name, picture in pictures.items() if single else ():
                (single / f"{name}-{lang}.png").write_bytes(picture)
            side_by_side([pictures[name] for name in SHOWN]).save(
                IMAGES / f"worker-{lang}.webp", quality=82, method=6
            )
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
