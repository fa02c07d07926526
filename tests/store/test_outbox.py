import hashlib
import hmac
import json
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from clockwork import opened
from world import NOW

from gridmap.cases.actors import Actor
from gridmap.city.flow import webhook
from gridmap.city.flow.outbox import FIRST_WAIT_S, UNREACHED, Sent, pause_s
from gridmap.errors import ForbiddenError, NotFoundError
from gridmap.model import UserRole
from gridmap.store.flow import outbox
from gridmap.store.flow.outbox import LONGEST_WAIT_S

ADMIN = Actor(1, UserRole.ADMIN, areas=(4107,))
CLERK = Actor(2, UserRole.CLERK, areas=(410702,))


class Gateway:
    """A gateway on this machine: `answers` are played one by one, the last for good; `got`
    is what it took in.
    """

    def __init__(self) -> None:
        self.answers = [200]
        self.headers = {}
        self.got = []
        self.hang = threading.Event()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.got.append((dict(self.headers), body, self.path))
                answer = (
                    gateway.answers.pop(0)
                    if len(gateway.answers) > 1
                    else gateway.answers[0]
                )
                if answer == "hang":
                    gateway.hang.wait(20)
                    return
                if answer == "drip":
                    for letter in b"HTTP/1.0 200 OK" * 20:
                        self.wfile.write(bytes([letter]))
                        if gateway.hang.wait(0.2):
                            return
                if answer == "cut":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(answer)
                for name, value in gateway.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/in?from=city"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def keys(self):
        return [headers["Idempotency-Key"] for headers, _, _ in self.got]

    def close(self):
        self.hang.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def gateway():
    running = Gateway()
    yield running
    running.close()


@pytest.fixture
def city(town, settings, gateway):
    with_clock = opened(
        settings,
        webhook_url=gateway.url,
        webhook_secret="密",
        webhook_timeout_s=1.0,
        outbox_attempts=3,
    )
    yield with_clock
    with_clock.close()


def put(city, *keys):
    with city.store.write() as connection:
        return [
            outbox.put(connection, key, "webhook", {"event": key, "text": "路灯"}, now=NOW)
            for key in keys
        ]


def half():
    return 0.5


def test_a_message_is_posted_once_and_signed(city, gateway):
    assert put(city, "one") == [True]
    assert put(city, "one") == [False]
    assert city.outbox.deliver() == Sent(sent=1)
    assert city.outbox.deliver() == Sent()
    [(headers, body, path)] = gateway.got
    assert (headers["Idempotency-Key"], path) == ("one", "/in?from=city")
    assert json.loads(body) == {"event": "one", "text": "路灯"}
    signed = hmac.new("密".encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Gridmap-Signature"] == f"sha256={signed}"
    assert city.outbox.counts() == {"waiting": 0, "sent": 1, "dead": 0}


def test_a_message_rolled_back_with_what_it_tells_of_is_never_sent(city, gateway):
    with pytest.raises(ZeroDivisionError), city.store.write() as connection:
        outbox.put(connection, "undone", "webhook", {}, now=NOW)
        1 / 0  # noqa: B018
    assert city.outbox.deliver() == Sent()
    assert gateway.got == []


def test_failures_are_tried_again_with_growing_pauses_until_it_recovers(city, gateway):
    gateway.answers = [500, "cut", 204]
    put(city, "one")
    assert city.outbox.deliver(jitter=half) == Sent(failed=1)
    [row] = city.outbox.waiting().to_dict("records")
    assert row["last_error"].startswith("HTTP 500")
    assert row["next_try"] == NOW + pause_s(1, 0.5)
    assert city.outbox.deliver(jitter=half) == Sent()  # not yet
    city.clock.shown = row["next_try"]
    assert city.outbox.deliver(jitter=half) == Sent(failed=1)
    city.clock.shown += pause_s(2, 0.5)
    assert city.outbox.deliver(jitter=half) == Sent(sent=1)
    assert gateway.keys == ["one"] * 3
    city.clock.shown += 100_000
    assert city.outbox.deliver() == Sent()


def test_after_the_last_try_a_message_is_put_aside_in_sight_until_the_admin_lets_it_go_again(
    city, gateway
):
    gateway.answers = [400]
    put(city, "one")
    for _ in range(3):
        city.outbox.deliver()
        city.clock.shown += LONGEST_WAIT_S
    assert city.outbox.deliver() == Sent()
    [row] = city.outbox.dead().to_dict("records")
    assert (row["key"], row["attempts"]) == ("one", 3)
    assert row["last_error"].startswith("HTTP 400")
    with pytest.raises(ForbiddenError):
        city.outbox.retry(CLERK, row["id"])
    gateway.answers = [200]
    city.outbox.retry(ADMIN, row["id"])
    with pytest.raises(NotFoundError):
        city.outbox.retry(ADMIN, row["id"])
    assert city.outbox.deliver() == Sent(sent=1)


@pytest.mark.parametrize("way", ["hang", "drip"])
def test_a_gateway_that_hangs_is_left_in_time(city, gateway, way):
    gateway.answers = [way]
    put(city, *(f"m{number}" for number in range(UNREACHED + 3)))
    begun = time.monotonic()
    assert city.outbox.deliver() == Sent(failed=UNREACHED)
    assert time.monotonic() - begun < 2.5 * UNREACHED
    assert "1 s" in city.outbox.waiting()["last_error"].iloc[0]
    assert len(city.outbox.waiting()) == UNREACHED + 3


def test_a_gateway_that_is_not_there_is_an_error_of_the_message_not_of_the_clockwork(
    city, gateway
):
    gateway.close()
    put(city, "one")
    assert city.outbox.deliver() == Sent(failed=1)
    assert "ConnectionRefused" in city.outbox.waiting()["last_error"].iloc[0]


def test_a_gateway_that_asks_to_be_left_alone_is_left_alone(city, gateway):
    gateway.answers, gateway.headers = [429], {"Retry-After": "600"}
    put(city, "one")
    city.outbox.deliver()
    assert city.outbox.waiting()["next_try"].iloc[0] == NOW + 600


def test_a_clock_set_back_does_not_put_a_message_off_for_days(city, gateway):
    gateway.answers = [500, 200]
    city.clock.shown = NOW + 30 * 86_400
    put(city, "one")
    assert city.outbox.deliver().failed == 1
    city.clock.shown = NOW
    assert city.outbox.deliver() == Sent(sent=1)


def test_two_senders_at_once_send_each_message_once(city, settings, gateway):
    keys = [f"m{number:03d}" for number in range(60)]
    put(city, *keys)
    other = opened(settings, webhook_url=gateway.url, webhook_timeout_s=5.0)
    counts, threads = [], []
    for sender in (city, other):
        threads.append(
            threading.Thread(
                target=lambda sender=sender: counts.append(sender.outbox.deliver().sent)
            )
        )
        threads[-1].start()
    for thread in threads:
        thread.join(60)
    other.close()
    assert sorted(gateway.keys) == keys
    assert sum(counts) == len(keys)


def test_a_sender_that_dies_leaves_its_message_to_the_next_one(city, gateway):
    put(city, "one")
    claimed = outbox.claim(city.store, now=NOW, lease_s=40)
    assert claimed.key == "one"
    assert outbox.claim(city.store, now=NOW + 39, lease_s=40) is None
    city.clock.shown = NOW + 40
    assert city.outbox.deliver() == Sent(sent=1)
    outbox.failed(
        city.store, claimed, error="late", next_try=NOW, dead=False
    )  # the dead one wakes up
    assert city.outbox.counts()["sent"] == 1


def test_without_a_gateway_messages_wait_and_go_out_of_date(town, settings):
    city = opened(settings)
    put(city, "one")
    assert city.outbox.deliver() == Sent()
    assert city.outbox.destination == ""
    city.clock.shown += city.settings.outbox_days * 86_400 + 1
    put_later = outbox.put
    with city.store.write() as connection:
        put_later(connection, "two", "webhook", {}, now=city.clock.shown)
    assert city.outbox.sweep() == 1
    assert city.outbox.waiting()["key"].tolist() == ["two"]
    city.close()


def test_the_address_shown_keeps_what_may_be_secret(city, gateway):
    assert city.outbox.destination == "http://127.0.0.1"


def test_pauses_grow_to_an_hour_and_jitter_takes_off_half_at_most():
    pauses = [pause_s(attempt, 0.0) for attempt in range(1, 15)]
    assert pauses[:4] == [FIRST_WAIT_S, 20, 40, 80]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_WAIT_S
    assert all(
        pause_s(attempt, 0.999) * 2 >= pauses[attempt - 1] for attempt in range(1, 15)
    )


def test_https_is_checked_and_a_hanging_handshake_is_left(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            key,
            "-out",
            certificate,
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
        ],
        check=True,
        capture_output=True,
    )
    gateway = Gateway()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    gateway.server.socket = context.wrap_socket(gateway.server.socket, server_side=True)
    url = gateway.url.replace("http:", "https:")
    refused = webhook.post(url, b"{}", key="one", secret="", timeout_s=5)
    assert "CERTIFICATE_VERIFY_FAILED" in refused.error
    gateway.close()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        answer = webhook.post(
            f"https://127.0.0.1:{silent.getsockname()[1]}/",
            b"{}",
            key="one",
            secret="",
            timeout_s=1,
        )
        assert "within 1 s" in answer.error
        assert time.monotonic() - begun < 5
