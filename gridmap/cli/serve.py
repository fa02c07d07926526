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

from gridmap.cli.console import guarded, out, settings
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
    own = settings()
    own = own.model_copy(update={name: value for name, value in given.items() if value})
    _check(own)
    processes = Processes(out.print)

    def stop(_number: int, _frame: FrameType | None) -> None:
        processes.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        _serve(own, processes)
    finally:
        processes.stop()


def _serve(own: Settings, processes: Processes) -> None:
    began_s = time.time()
    waiting = not _has_city(own)
    environment = _environment(own, began_s)
    pages = _pages(own, environment)
    processes.start(pages)
    if waiting and not processes.stopping:
        out.print(
            f"The home {own.home} has no city yet; the pages build the demonstration at the "
            "first visit."
        )
        out.print(f"gridmap is at [bold]{pages.address}[/] — Ctrl-C stops it.")
        _wait_for_city(own, processes)
    interface = _interface(own, environment)
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


def _check(own: Settings) -> None:
    """Raise SetupError for ports that are the same, or a certificate that cannot be used."""
    if own.port == own.api_port:
        raise SetupError(
            f"Pages and report interface cannot both have port {own.port}: set --api-port."
        )
    if own.certificate is None and own.certificate_key is None:
        return
    if own.certificate is None or own.certificate_key is None:
        raise SetupError(
            "A certificate needs its key: set GRIDMAP_CERTIFICATE and GRIDMAP_CERTIFICATE_KEY."
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            own.certificate, own.certificate_key, password=""
        )
    except (OSError, ValueError) as error:
        raise SetupError(
            f"The certificate {own.certificate} with the key {own.certificate_key} cannot "
            f"be used: {error}. Both are PEM "
            "files; the key belongs to the certificate and has no password."
        ) from error


def _pages(own: Settings, environment: dict[str, str]) -> Program:
    options = {
        "server.address": own.host,
        "server.port": own.port,
        "server.headless": "true",
        "logger.hideWelcomeMessage": "true",
    }
    if own.certificate:
        options |= {
            "server.sslCertFile": own.certificate.resolve(),
            "server.sslKeyFile": _key(own),
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
    secure = own.certificate is not None
    return Program(
        "pages",
        command,
        environment,
        own.host,
        own.port,
        secure=secure,
        nice=PAGES_STEP_BACK,
    )


def _interface(own: Settings, environment: dict[str, str]) -> Program:
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "gridmap.api.server:create",
        "--factory",
        "--no-access-log",
    ]
    command += ["--host", own.host, "--port", str(own.api_port), "--log-level", "warning"]
    if own.certificate:
        command += [
            "--ssl-certfile",
            str(own.certificate.resolve()),
            "--ssl-keyfile",
            str(_key(own)),
        ]
    secure = own.certificate is not None
    return Program(
        "report interface",
        tuple(command),
        environment,
        own.host,
        own.api_port,
        secure=secure,
    )


def _clockwork(environment: dict[str, str]) -> Program:
    command = (sys.executable, "-m", "gridmap.cli", "watch")
    return Program("clockwork", command, environment, nice=PAGES_STEP_BACK)


def _key(own: Settings) -> Path:
    assert own.certificate_key is not None  # noqa: S101  (checked at the door)
    return own.certificate_key.resolve()


def _environment(own: Settings, began_s: float) -> dict[str, str]:
    """What a process needs to open the same city, whatever folder it runs in, with the same
    clock as the others.
    """
    told = {
        "HOME": own.home.expanduser().resolve(),
        "DATABASE_URL": own.database_url,
        "HOST": own.host,
        "PORT": own.port,
        "API_PORT": own.api_port,
        "CERTIFICATE": own.certificate and own.certificate.resolve(),
        "CERTIFICATE_KEY": own.certificate_key and own.certificate_key.resolve(),
        "NOW_SINCE": began_s,
        "NOW": _start(own),
    }
    return {
        **os.environ,
        **{f"GRIDMAP_{name}": str(value) for name, value in told.items() if value},
    }


def _start(own: Settings) -> str:
    """Where the clock of all processes starts, for a city with a set clock; "": real time,
    or no city yet.
    """
    if not _has_city(own):
        return own.now.isoformat() if own.now else ""
    from gridmap.store.base.start import start_of
    from gridmap.store.opening import open_store

    with open_store(own) as store:
        start = start_of(own.model_copy(update={"now_since": None}), store)
    return start.isoformat() if start else ""


def _has_city(own: Settings) -> bool:
    from gridmap.store import Store

    return Store.exists(own)


def _wait_for_city(own: Settings, processes: Processes) -> None:
    looked_s = time.monotonic()
    while not processes.stopping:
        processes.look()
        if time.monotonic() - looked_s > LOOK_FOR_CITY_S:
            looked_s = time.monotonic()
            if _has_city(own):
                return
        time.sleep(LOOK_EVERY_S)
