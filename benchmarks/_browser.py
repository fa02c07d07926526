"""A server and a browser for the benchmarks that look at pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import psutil

from gridmap.settings import Settings, site_folder

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
CHROMIUM = os.environ.get("GRIDMAP_CHROMIUM", "/usr/bin/chromium")


@contextmanager
def server(own: Settings) -> Iterator[tuple[str, psutil.Process]]:
    """A server of its own on the city of `own`, and its address; it is stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "GRIDMAP_HOME": str(own.home.resolve())}
    options = (
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--server.headless=true",
    )
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(site_folder() / "app.py"),
        *options,
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            answering(f"{url}/gridmap/health")
            yield url, psutil.Process(process.pid)
        finally:
            process.terminate()


def answering(url: str) -> None:
    """Wait until `url` answers; raises TimeoutError after a minute."""
    for _ in range(600):
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)
