"""The worker application on a phone in somebody's hand, and what the interface says of it."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from .screen import PATIENCE_MS
from .servers import Server

SCREEN = {"width": 390, "height": 844}
GPS = 0x8825
ORIENTATION = 0x0112


@dataclass
class Phone:
    """A phone in somebody's hand: its page, what it asked for, and what went wrong on it."""

    page: Page
    context: BrowserContext
    server: Server
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """Beginnings of messages that a test brings about on purpose: the browser logs every
    answer above 399.
    """

    def open(self, path: str = "") -> Phone:
        """The application, from its beginning."""
        self.page.goto(f"{self.server.url}/app/{path}")
        return self

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.tap()

    def text(self, selector: str = "main") -> str:
        return self.page.locator(selector).first.inner_text()

    def sees(self, selector: str, **options: object) -> None:
        self.page.locator(selector).first.wait_for(**options)

    def sends_all(self) -> None:
        """Wait until nothing is queued any more, in the memory of the phone and on its screen."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while queued := self.kept("queue"):
            assert time.monotonic() < deadline, queued
            time.sleep(0.05)
        self.page.wait_for_function("() => !document.querySelector('[data-queued]')")

    def kept(self, store: str) -> list[dict]:
        """All of one object store of the phone, photos left out."""
        script = """(name) => new Promise((resolve) => {
          indexedDB.open('gridmap-worker').onsuccess = ({ target }) => {
            const request = target.result.transaction(name).objectStore(name).getAll();
            request.onsuccess = () => { target.result.close(); resolve(request.result.map((row) => JSON.parse(JSON.stringify(row)))); };
          };
        })"""
        return self.page.evaluate(script, store)

    def strange_errors(self) -> list[str]:
        """What was logged that the test does not expect."""
        return [
            text for text in self.errors if not text.startswith(self.expected or ("\0",))
        ]


Phones = Callable[..., Phone]
"""`phones(lang="zh-CN", at=(lon, lat), on=server)` makes a phone."""


def phone_options(lang: str, at: tuple[float, float] | None) -> dict[str, object]:
    """What a browser has to pretend to be a phone in `lang` that stands `at` a place."""
    options = {"viewport": SCREEN, "has_touch": True, "is_mobile": True, "locale": lang}
    if at:
        place = {"longitude": at[0], "latitude": at[1], "accuracy": 9}
        options |= {"geolocation": place, "permissions": ["geolocation"]}
    return options


def signed_in(phone: Phone, person: dict) -> Phone:
    """The phone once `person` has signed in on it, able to start without a line."""
    phone.open()
    phone.tap(f'[data-user="{person["id"]}"]')
    phone.sees(".leaflet-container canvas")
    phone.page.wait_for_function("() => navigator.serviceWorker.controller")
    phone.page.wait_for_function(
        "() => document.querySelectorAll('.grid-name.own').length > 0"
    )
    return phone


def ask(server: Server, path: str, *, key: str = "", json_body: object = None) -> object:
    """What the interface answers, past the application."""
    body = None if json_body is None else json.dumps(json_body).encode()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    headers |= {"Content-Type": "application/json"} if body else {}
    with urlopen(
        Request(f"{server.url}/api/v1/{path}", body, headers), timeout=30
    ) as answer:
        return json.load(answer)


def photo(
    width: int = 640,
    height: int = 480,
    *,
    noise: bool = False,
    at: tuple[float, float] | None = None,
) -> dict:
    """A JPEG as a phone's camera would hand it over; `at` is written into it."""
    if noise:
        image = Image.fromarray(
            np.random.default_rng(3).integers(0, 255, (height, width, 3), dtype=np.uint8)
        )
    else:
        image = Image.new("RGB", (width, height), "#3a6b8c")
    notes = Image.Exif()
    if at:
        place = notes.get_ifd(GPS)
        place.update({1: "N", 2: _sexagesimal(at[1]), 3: "E", 4: _sexagesimal(at[0])})
        notes[ORIENTATION] = 1
    data = io.BytesIO()
    image.save(data, "JPEG", quality=92, exif=notes)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    minutes = degrees % 1 * 60
    return (float(int(degrees)), float(int(minutes)), minutes % 1 * 60)
