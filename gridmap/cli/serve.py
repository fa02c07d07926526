"""`gridmap serve`: start pages, report interface and clockwork, say where they are, and
watch them.
"""

from __future__ import annotations

import os
import signal
import ssl
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from gridmap.cli.console import guarded, out, read_settings
from gridmap.cli.processes import Processes, Program
from gridmap.errors import SetupError
from gridmap.settings import Settings, site_folder

LOOK_EVERY_S = 0.25
LOOK_FOR_CITY_S = 2.0
PAGES_STEP_BACK = 5
"""Where the processor is short, reports that come in go first: a page can wait a moment longer."""


@guarded
def serve(
    *,
    host: Annotated[
        str, typer.Option(help="Address to listen on; empty: GRIDMAP_HOST.")
    ] = "",
    port: Annotated[
        int, typer.Option(help="Port of the pages; 0: GRIDMAP_PORT.", min=0, max=65535)
    ] = 0,
    api_port: Annotated[
        int,
        typer.Option(
            help="Port of the report interface; 0: GRIDMAP_API_PORT.", min=0, max=65535
        ),
    ] = 0,
    certificate: Annotated[
        Path | None,
        typer.Option(
            help="TLS certificate (PEM): serve by https; empty: GRIDMAP_CERTIFICATE."
        ),
    ] = None,
    certificate_key: Annotated[
        Path | None,
        typer.Option(help="Its private key (PEM); empty: GRIDMAP_CERTIFICATE_KEY."),
    ] = None,
) -> None:
    """Serve a city until stopped by Ctrl-C or SIGTERM: pages, report interface with the
    worker application, clockwork.

    Three processes with one clock; the addresses are printed when they answer. One that
    ends is started again, with growing pauses; one that does not stay up stops everything.
    """
    given = {
        "host": host,
        "port": port,
        "api_port": api_port,
        "certificate": certificate,
        "certificate_key": certificate_key,
    }
    settings = read_settings()
    settings = settings.model_copy(
        update={name: value for name, value in given.items() if value}
    )
    _check(settings)
    processes = Processes(out.print)

    def stop(_number: int, _frame: FrameType | None) -> None:
        processes.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        _serve(settings, processes)
    finally:
        processes.stop()


def _serve(settings: Settings, processes: Processes) -> None:
    began_s = time.time()
    waiting = not _has_city(settings)
    environment = _environment(settings, began_s)
    pages = _pages(settings, environment)
    processes.start(pages)
    if waiting and not processes.stopping:
        out.print(
            f"The home {settings.home} has no city yet; the pages build the demonstration at the "
            "first visit."
        )
        out.print(f"gridmap is at [bold]{pages.address}[/] — Ctrl-C stops it.")
        _wait_for_city(settings, processes)
    interface = _interface(settings, environment)
    for program in (interface, _clockwork(environment)):
        if not processes.stopping:
            processes.start(program)
    if not processes.stopping:
        out.print(f"gridmap is at [bold]{pages.address}[/] — Ctrl-C stops it.")
        out.print(
            f"Report interface and worker application: [bold]{interface.address}[/] "
            "(application: /app/)"
        )
    while not processes.stopping:
        processes.look()
        time.sleep(LOOK_EVERY_S)


def _check(settings: Settings) -> None:
    """Raise SetupError for ports that are the same, or a certificate that cannot be used."""
    if settings.port == settings.api_port:
        raise SetupError(
            f"Pages and report interface cannot both have port {settings.port}: set --api-port."
        )
    if settings.certificate is None and settings.certificate_key is None:
        return
    if settings.certificate is None or settings.certificate_key is None:
        raise SetupError(
            "A certificate needs its key: set GRIDMAP_CERTIFICATE and GRIDMAP_CERTIFICATE_KEY."
        )
    try:
        # An empty password: a key that needs one is refused, not asked for on the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.certificate, settings.certificate_key, password=""
        )
    except (OSError, ValueError) as error:
        raise SetupError(
            f"The certificate {settings.certificate} with the key "
            f"{settings.certificate_key} cannot be used: {error}. Both are PEM files; the "
            "key belongs to the certificate and has no password."
        ) from error


def _pages(settings: Settings, environment: dict[str, str]) -> Program:
    options = {
        "server.address": settings.host,
        "server.port": settings.port,
        "server.headless": "true",
        "logger.hideWelcomeMessage": "true",
    }
    if settings.certificate:
        options |= {
            "server.sslCertFile": settings.certificate.resolve(),
            "server.sslKeyFile": _key(settings),
        }
    flags = tuple(f"--{name}={value}" for name, value in options.items())
    command = (
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(site_folder() / "app.py"),
        *flags,
    )
    secure = settings.certificate is not None
    return Program(
        "pages",
        command,
        environment,
        settings.host,
        settings.port,
        secure=secure,
        nice=PAGES_STEP_BACK,
    )


def _interface(settings: Settings, environment: dict[str, str]) -> Program:
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "gridmap.api.server:create",
        "--factory",
        "--no-access-log",
    ]
    command += [
        "--host",
        settings.host,
        "--port",
        str(settings.api_port),
        "--log-level",
        "warning",
    ]
    if settings.certificate:
        command += [
            "--ssl-certfile",
            str(settings.certificate.resolve()),
            "--ssl-keyfile",
            str(_key(settings)),
        ]
    secure = settings.certificate is not None
    return Program(
        "report interface",
        tuple(command),
        environment,
        settings.host,
        settings.api_port,
        secure=secure,
    )


def _clockwork(environment: dict[str, str]) -> Program:
    command = (sys.executable, "-m", "gridmap.cli", "watch")
    return Program("clockwork", command, environment, nice=PAGES_STEP_BACK)


def _key(settings: Settings) -> Path:
    assert settings.certificate_key is not None  # noqa: S101  (checked at the door)
    return settings.certificate_key.resolve()


def _environment(settings: Settings, began_s: float) -> dict[str, str]:
    """What a process needs to open the same city, whatever folder it runs in, with the same
    clock as the others.
    """
    variables = {
        "HOME": settings.home.expanduser().resolve(),
        "DATABASE_URL": settings.database_url,
        "HOST": settings.host,
        "PORT": settings.port,
        "API_PORT": settings.api_port,
        "CERTIFICATE": settings.certificate and settings.certificate.resolve(),
        "CERTIFICATE_KEY": settings.certificate_key and settings.certificate_key.resolve(),
        "NOW_SINCE": began_s,
        "NOW": _start(settings),
    }
    given = {f"GRIDMAP_{name}": str(value) for name, value in variables.items() if value}
    return {**os.environ, **given}


def _start(settings: Settings) -> str:
    """Where the clock of all processes starts, for a city with a set clock; "": real time,
    or no city yet.
    """
    if not _has_city(settings):
        return settings.now.isoformat() if settings.now else ""
    from gridmap.store.base.start import start_of
    from gridmap.store.opening import open_store

    with open_store(settings) as store:
        start = start_of(settings.model_copy(update={"now_since": None}), store)
    return start.isoformat() if start else ""


def _has_city(settings: Settings) -> bool:
    from gridmap.store import Store

    return Store.exists(settings)


def _wait_for_city(settings: Settings, processes: Processes) -> None:
    looked_s = time.monotonic()
    while not processes.stopping:
        processes.look()
        if time.monotonic() - looked_s > LOOK_FOR_CITY_S:
            looked_s = time.monotonic()
            if _has_city(settings):
                return
        time.sleep(LOOK_EVERY_S)
