"""A real server of the interface for tests."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn
from ports import free_port

from gridmap.api.server import create
from gridmap.city import City


@dataclass
class Served:
    """A running interface: its address, its city, a key per user."""

    url: str
    city: City
    keys: dict[int, str] = field(default_factory=dict)

    def key(self, user: int) -> str:
        if user not in self.keys:
            self.keys[user] = self.city.keys.make(
                self.city.people.actor(user), user, label="test"
            )
        return self.keys[user]

    def client(self, user: int = 0) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.key(user)}"} if user else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)


@contextmanager
def served(settings, clock=None):
    """`create(settings)` on a port of its own."""
    app = create(settings, clock=clock)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the interface did not start"
        assert time.monotonic() < until
        time.sleep(0.01)
    try:
        yield Served(f"http://127.0.0.1:{port}", app.state.door.city)
    finally:
        server.should_exit = True
        thread.join()
