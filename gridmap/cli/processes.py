"""Processes that belong together: started, asked whether they answer, started anew when one
ends, stopped as one.
"""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from gridmap.errors import SetupError

START_LIMIT_S = 120
STOP_LIMIT_S = 10
HEALTH = "/gridmap/health"
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
"""A process that has run for so long is steady: the next time it ends, the pauses begin anew."""
MOST_STARTS = 5
"""So many times in a row a process may end before it was steady; then all are stopped."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  (addresses to listen on, as given)


@dataclass(frozen=True, slots=True)
class Program:
    """What a process runs. With a `port` it is ready when it answers there, otherwise as
    soon as it runs.

    `nice`: how far it steps back behind the others when the processor is short.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    host: str = ""
    port: int = 0
    secure: bool = False
    nice: int = 0

    @property
    def address(self) -> str:
        """Where a browser finds it, from outside when it listens on all addresses; "": nowhere."""
        host = socket.gethostname() if self.host in EVERYWHERE else self.host
        shown = f"[{host}]" if ":" in host else host
        return (
            f"http{'s' if self.secure else ''}://{shown}:{self.port}" if self.port else ""
        )


@dataclass(slots=True)
class _Running:
    """A program with its process: when it was started, how often it ended unsteadily, when
    it may start again.
    """

    program: Program
    process: subprocess.Popen[bytes] | None = None
    began_s: float = 0.0
    ended: int = 0
    again_s: float = 0.0

    def start(self) -> None:
        command, environment = self.program.command, dict(self.program.environment)
        self.process = subprocess.Popen(command, env=environment)  # noqa: S603
        if self.program.nice:
            # Ended at once, or not allowed here: then all are alike.
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.process.pid, self.program.nice)
        self.began_s = time.monotonic()


@dataclass
class Processes:
    """Programs that run until `stop`; `tell` is given a line for people whenever something
    happens to one.
    """

    tell: Callable[[str], None]
    _running: list[_Running] = field(default_factory=list)
    stopping: bool = False

    def start(self, program: Program) -> None:
        """Start `program` and wait until it answers.

        Raises SetupError when its port is taken, when it ends before it answers, or takes
        longer than a start may.
        """
        if program.port:
            refuse_taken(program)
        running = _Running(program)
        self._running.append(running)
        running.start()
        deadline = time.monotonic() + START_LIMIT_S
        while not self.stopping and not answers(program):
            assert running.process is not None  # noqa: S101  (just started)
            code = running.process.poll()
            if code is not None and not self.stopping:
                raise SetupError(
                    f"The {program.name} ended at once with code {code}; its last lines "
                    "above say why."
                )
            if time.monotonic() > deadline:
                raise SetupError(
                    f"The {program.name} did not answer within {START_LIMIT_S} s; its lines "
                    "say why."
                )
            time.sleep(0.1)

    def look(self) -> None:
        """Start anew what has ended, after a pause that grows; raise SetupError when one
        does not stay up.
        """
        for running in self._running:
            process, now_s = running.process, time.monotonic()
            if self.stopping or (process is not None and process.poll() is None):
                continue
            if process is not None:
                self._ended(running, process.returncode, now_s)
            elif now_s >= running.again_s:
                running.start()
                self.tell(f"The {running.program.name} is started again.")

    def stop(self) -> None:
        """Ask every process by its id to end, and end what does not within `STOP_LIMIT_S`."""
        self.stopping = True
        left = [running.process for running in self._running if running.process is not None]
        for process in left:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_LIMIT_S
        for process in left:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ids(self) -> dict[str, int]:
        """The process ids by name of the program."""
        return {
            running.program.name: running.process.pid
            for running in self._running
            if running.process is not None
        }

    def _ended(self, running: _Running, code: int, now_s: float) -> None:
        steady = now_s - running.began_s > STEADY_S
        running.ended = 1 if steady else running.ended + 1
        if running.ended > MOST_STARTS:
            raise SetupError(
                f"The {running.program.name} ended {running.ended} times in a row, the last "
                f"time with code {code}; its "
                "lines above say why. Everything is stopped."
            )
        pause_s = min(FIRST_PAUSE_S * 2 ** (running.ended - 1), LONGEST_PAUSE_S)
        running.process, running.again_s = None, now_s + pause_s
        self.tell(
            f"The {running.program.name} ended with code {code}; it is started again in "
            f"{pause_s:g} s."
        )


def refuse_taken(program: Program) -> None:
    """Raise SetupError when somebody listens where `program` is to listen."""
    family = socket.AF_INET6 if ":" in program.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((program.host, program.port))
        except OSError as error:
            raise SetupError(
                f"Cannot listen on {program.host}:{program.port} for the {program.name} "
                f"({error.strerror}). Stop what "
                "uses it, or choose another port: --port or GRIDMAP_PORT, --api-port or "
                "GRIDMAP_API_PORT."
            ) from error


def answers(program: Program) -> bool:
    """Whether `program` answers on its port; one without a port always does."""
    if not program.port:
        return True
    host = EVERYWHERE.get(program.host, program.host)
    if program.secure:
        context = ssl.create_default_context()
        # The question is whether our own process answers on this machine, not who it is.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection: HTTPConnection = HTTPSConnection(
            host, program.port, timeout=5, context=context
        )
    else:
        connection = HTTPConnection(host, program.port, timeout=5)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
