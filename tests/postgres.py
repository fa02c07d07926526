"""A private PostgreSQL cluster in a temporary folder, on a free loopback port, for the
length of a test run.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from ports import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 2**31


def available() -> bool:
    return bool(BINARIES) and (os.geteuid() != 0 or shutil.which("runuser") is not None)


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a running server; `{name}` in it stands for the database."""
    # Not below pytest's own folder: that one is private to this user, and the server runs
    # as another.
    with (
        tempfile.TemporaryDirectory(prefix="gridmap-postgresql-", dir=_place()) as name,
        (Path(name) / "log").open("wb") as log,
    ):
        data = Path(name) / "data"
        data.mkdir()
        prefix: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            prefix = ["runuser", "-u", "postgres", "--"]
            Path(name).chmod(0o755)
            shutil.chown(data, "postgres", "postgres")
        initdb = [
            *prefix,
            str(BINARIES[0] / "initdb"),
            "-D",
            str(data),
            "-A",
            "trust",
            "-U",
            "gridmap",
        ]
        subprocess.run(
            [*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd="/",
        )
        port = free_port()
        options = [
            "-p",
            str(port),
            "-h",
            "127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=off",
            "-c",
            "max_wal_size=128MB",
        ]
        command = [*prefix, str(BINARIES[0] / "postgres"), "-D", str(data), *options]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        try:
            _wait(port, server)
            yield f"postgresql://gridmap@127.0.0.1:{port}/{{name}}"
        finally:
            _stop(data)
            server.wait(timeout=60)


def _place() -> Path | None:
    """In memory, where there is room: to drop a database takes long on a disk. Else anywhere."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    return MEMORY if roomy else None


def create(url: str, name: str, *, template: str = "template1") -> str:
    """Create the database `name`, a copy of `template` that nobody is connected to, and
    return its URL.
    """
    with psycopg.connect(url.format(name="postgres"), autocommit=True) as connection:
        # Copying files is quicker than writing them page by page into the log.
        how = "STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} {how}")
    return url.format(name=name)


def drop(url: str, name: str) -> None:
    with psycopg.connect(url.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            psycopg.connect(f"postgresql://gridmap@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("PostgreSQL did not start")


def _stop(data: Path) -> None:
    pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGINT)  # fast shutdown
