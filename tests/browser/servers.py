"""Servers of the browser tests, each a process of its own on a free port: the application
under Streamlit, and the report interface.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from ports import free_port

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app.py"
START_S = 120
STOP_S = 15

Serve = Callable[..., str]
"""`serve(app, home=folder, **environment)` → `http://127.0.0.1:port`."""


@dataclass
class Server:
    """A process that answers on a port; `stop` and `start` let it fall silent and come back."""

    command: tuple[str, ...]
    port: int
    home: Path
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        paths = (str(ROOT), os.environ.get("PYTHONPATH", ""))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "GRIDMAP_HOME": str(self.home),
            **self.environment,
        }
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def stop(self) -> None:
        """End it; nobody answers on its port until it is started again."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urlopen(f"{self.url}/gridmap/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        words = self.log.read_text(encoding="utf-8", errors="replace")
        pytest.fail(f"The server did not answer:\n{words}")


def application(app: Path, home: Path, log: Path, environment: dict[str, str]) -> Server:
    """A page or the whole application under Streamlit; not yet started."""
    port = free_port()
    options = (
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--server.headless=true",
    )
    command = ("streamlit", "run", str(app), *options)
    return Server(command, port, home, log, {"GRIDMAP_PORT": str(port), **environment})


def interface(home: Path, log: Path, environment: dict[str, str]) -> Server:
    """The report interface, which also serves the worker application; not yet started."""
    port = free_port()
    options = (
        "--host=127.0.0.1",
        f"--port={port}",
        "--log-level=warning",
        "--no-access-log",
    )
    command = ("uvicorn", "--factory", "gridmap.api.server:create", *options)
    return Server(command, port, home, log, {"GRIDMAP_API_PORT": str(port), **environment})


def stop_all(servers: Iterable[Server]) -> None:
    """End servers, all at the same time."""
    running = [server for server in servers if server.process is not None]
    for server in running:
        server.process.terminate()
    for server in running:
        server.stop()
