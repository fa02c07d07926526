"""Posts reports at a given rate over kept-open connections, and tells how long each took to
be acknowledged.

    python -m benchmarks._load PLAN.json < /dev/null > RESULT.json

A process of its own, with a client of a few lines: what is measured is the server, not the client.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Tally:
    """What came of the posts: seconds until each was acknowledged, their client ids, and
    everything else that came.
    """

    waits_s: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    took_s: float = 0.0


class Line:
    """One connection that stays open."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, key: str, body: bytes) -> int:
        """Send `body`, read the whole answer, return its status."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(*self._address)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._address[0]}\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        told = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await self._reader.readexactly(
            int(told.split("content-length:")[1].split("\r\n")[0])
        )
        return int(told.split(" ", 2)[1])


def due_times(seconds: float, rate: float) -> Iterator[float]:
    """When each post is due, seconds after the start; without a rate each is due at once,
    until the time is over.
    """
    began = time.monotonic()
    if rate:
        yield from (number / rate for number in range(int(seconds * rate)))
    else:
        while (now := time.monotonic() - began) < seconds:
            yield now


async def run(plan: dict[str, Any]) -> Tally:
    """Post what `plan` says: url, places [[key, lon, lat]…], categories, clients, seconds,
    rate, mark.
    """
    parts, tally = urlsplit(plan["url"]), Tally()
    chance, due = random.Random(plan["mark"]), due_times(plan["seconds"], plan["rate"])
    began = time.monotonic()

    async def client(number: int) -> None:
        line, posts = Line(parts.hostname or "", parts.port or 80), 0
        for at in due:
            await asyncio.sleep(max(0.0, began + at - time.monotonic()))
            key, lon, lat = chance.choice(plan["places"])
            name = f"{plan['mark']}-{number}-{posts}"
            posts += 1
            report = {
                "client_id": name,
                "category": chance.choice(plan["categories"]),
                "lon": lon,
                "lat": lat,
                "text": "交通标志牌倒在路边，请派人查看",
            }
            try:
                status = await line.post(
                    "/api/v1/reports", key, json.dumps(report).encode()
                )
            except (OSError, asyncio.IncompleteReadError) as error:
                line = Line(parts.hostname or "", parts.port or 80)
                tally.others[type(error).__name__] = (
                    tally.others.get(type(error).__name__, 0) + 1
                )
                continue
            if status == 201:
                # From when it was due: a queue in front of a slow server counts as waiting.
                tally.waits_s.append(time.monotonic() - began - at)
                tally.acknowledged.append(name)
            else:
                tally.others[str(status)] = tally.others.get(str(status), 0) + 1

    await asyncio.gather(*(client(number) for number in range(plan["clients"])))
    tally.took_s = time.monotonic() - began
    return tally


if __name__ == "__main__":
    found = asyncio.run(run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    json.dump(found.__dict__, sys.stdout)
