"""`gridmap serve`: start the server, say where it is once it answers, and watch it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Annotated

import typer

from gridmap.cli.console import guarded, out, settings
from gridmap.errors import SetupError
from gridmap.settings import Settings, site_folder

START_LIMIT_S = 120
STOP_LIMIT_S = 10


@guarded
def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on; empty: GRIDMAP_HOST.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on; 0: GRIDMAP_PORT.", min=0, max=65535)] = 0,
) -> None:
    """Serve the pages until stopped by Ctrl-C or SIGTERM; the address is printed when they answer."""
    own = settings()
    own = own.model_copy(update={"host": host or own.host, "port": port or own.port})
    _refuse_taken(own)
    server = subprocess.Popen(_command(own), env=_environment(own))  # noqa: S603  (our own interpreter and file)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        _wait_until_it_answers(server, own)
        out.print(f"gridmap is at [bold]http://{own.host}:{own.port}[/] — Ctrl-C stops it.")
        code = server.wait()
    finally:
        _end(server)
    if code not in (0, -signal.SIGTERM, -signal.SIGINT):
        raise SetupError(f"The server ended by itself with code {code}; its last lines above say why.")


def _command(own: Settings) -> list[str]:
    app = site_folder() / "app.py"
    options = {
        "server.address": own.host,
        "server.port": own.port,
        "server.headless": "true",
        "logger.hideWelcomeMessage": "true",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(app), *flags]


def _environment(own: Settings) -> dict[str, str]:
    """What the server needs to open the same city, whatever folder it runs in."""
    url = {"GRIDMAP_DATABASE_URL": own.database_url} if own.database_url else {}
    return {**os.environ, "GRIDMAP_HOME": str(own.home.resolve()), **url}


def _refuse_taken(own: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((own.host, own.port))
        except OSError as error:
            raise SetupError(
                f"Cannot listen on {own.host}:{own.port} ({error.strerror}). "
                "Stop what uses it, or choose another port with --port or GRIDMAP_PORT."
            ) from error


def _wait_until_it_answers(server: subprocess.Popen[bytes], own: Settings) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while server.poll() is None:
        if _answers(own):
            return
        if time.monotonic() > deadline:
            raise SetupError(f"The server did not answer within {START_LIMIT_S} s; its lines above say why.")
        time.sleep(0.1)


def _answers(own: Settings) -> bool:
    connection = HTTPConnection(own.host, own.port, timeout=5)
    try:
        connection.request("GET", "/gridmap/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(STOP_LIMIT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
