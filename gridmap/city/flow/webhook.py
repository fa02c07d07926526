"""Posting one message to another system: the only module that talks to the outside."""

from __future__ import annotations

import hashlib
import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

SIGNATURE = "X-Gridmap-Signature"
KEY = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of posting: `error` is empty when the message was acknowledged (any 2xx).

    Its status line is the acknowledgement; what the other side writes after it is not read.
    `wait_s` is how long the other side asked to be left alone; `reached` tells whether it
    answered at all.
    """

    error: str = ""
    wait_s: int = 0
    reached: bool = True


def post(url: str, body: bytes, *, key: str, secret: str, timeout_s: float) -> Answer:
    """Post `body` (JSON) to `url`; never raises, never takes longer than `timeout_s`,
    follows no redirect.

    `key` goes along as Idempotency-Key, so that the other side can tell a repeated message;
    with `secret` its HMAC-SHA256 over the body as X-Gridmap-Signature: sha256=<hex>.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        KEY: key,
        "User-Agent": "gridmap",
    }
    if secret:
        headers[SIGNATURE] = "sha256=" + signature(body, secret)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _deadline(connection, timeout_s) as late:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            status, reason = response.status, response.reason
            asked = response.getheader("Retry-After", "")
    except TimeoutError:
        return Answer(f"No answer within {timeout_s:g} s", reached=False)
    except (OSError, HTTPException, ValueError) as error:
        if late.is_set():
            return Answer(f"No answer within {timeout_s:g} s", reached=False)
        return Answer(f"{type(error).__name__}: {error}", reached=False)
    finally:
        connection.close()
    if 200 <= status < 300:
        return Answer()
    return Answer(f"HTTP {status} {reason}".strip(), int(asked) if asked.isdecimal() else 0)


def signature(body: bytes, secret: str) -> str:
    """The HMAC-SHA256 of `body` under `secret`, as hexadecimal digits."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@contextmanager
def _deadline(connection: HTTPConnection, seconds: float) -> Iterator[threading.Event]:
    """Cut the line after `seconds` in all: a timeout of a socket begins anew with every byte."""
    late = threading.Event()

    def cut() -> None:
        late.set()
        if connection.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(
                    connection.sock, socket.SHUT_RDWR
                )  # below TLS, which the other thread is in

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
