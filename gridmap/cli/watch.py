"""`gridmap watch`: the clockwork: limits that come near or run out, messages, figures,
contacts that expire.
"""

from __future__ import annotations

import signal
import threading
from dataclasses import asdict
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from gridmap.cli.console import Json, emit, guarded, out
from gridmap.cli.opened import opened_city

if TYPE_CHECKING:
    from gridmap.city.city import City


@guarded
def watch(
    *,
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="Look once at everything, say what was done, and stop."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the city's clockwork until stopped by Ctrl-C or SIGTERM; `gridmap serve` does
    this by itself.

    It may run more than once at a time and may have been down: each limit is raised once.
    """
    with opened_city() as city:
        if not once:
            _run(city)
            return
        done = asdict(city.watch.tick())
        if as_json:
            emit(done)
            return
        figures = (f"{name.replace('_', ' ')} {value}" for name, value in done.items())
        out.print(", ".join(figures))


def _run(city: City) -> None:
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    city.watch.run(stop)
