"""`gridmap serve` as a person starts it: three processes, addresses, an end by signal."""

import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
import pytest
from ports import free_port
from typer.testing import CliRunner

from gridmap.cli import app
from gridmap.settings import Settings
from gridmap.store.opening import open_store

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def home(small_city, tmp_path_factory):
    """A copy of the small city: the clockwork changes it."""
    return shutil.copytree(small_city.home, tmp_path_factory.mktemp("served") / "home")


class Served:
    """A running `gridmap serve`."""

    def __init__(self, home, log, *words, **environment):
        self.port, self.api_port = free_port(), free_port()
        self.log = log
        self.scheme = "https" if words else "http"
        ports = ["--port", str(self.port), "--api-port", str(self.api_port)]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gridmap.cli", "serve", *ports, *map(str, words)],
                env={
                    **os.environ,
                    "GRIDMAP_HOME": str(home),
                    "GRIDMAP_WATCH_S": "0.5",
                    **environment,
                },
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def lines(self):
        return self.log.read_text()

    def wait_for(self, words):
        deadline = time.monotonic() + 150
        while words not in self.lines():
            assert self.process.poll() is None, self.lines()
            assert time.monotonic() < deadline, self.lines()
            time.sleep(0.1)

    def get(self, port, path):
        if self.scheme == "https":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=20, context=context
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def children(self):
        """Process ids by what they run."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            words = " ".join(child.cmdline())
            found[
                next(
                    (name for name in ("streamlit", "uvicorn", "watch") if name in words),
                    words,
                )
            ] = child.pid
        return found


@contextmanager
def served(home, tmp_path, *words, **environment):
    running = Served(home, tmp_path / "lines.txt", *words, **environment)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.terminate()
            running.process.wait(30)


def test_three_processes_serve_one_city_and_end_together(home, tmp_path):
    with served(home, tmp_path) as running:
        running.wait_for("Report interface")
        assert f"http://127.0.0.1:{running.port}" in running.lines()
        assert f"http://127.0.0.1:{running.api_port}" in running.lines()
        children = running.children()
        assert set(children) == {"streamlit", "uvicorn", "watch"}
        for port in (running.port, running.api_port):
            assert running.get(port, "/gridmap/health")[0] == 200
        os.kill(children["uvicorn"], signal.SIGKILL)
        running.wait_for("The report interface is started again")
        deadline = time.monotonic() + 60
        while True:
            try:
                assert running.get(running.api_port, "/gridmap/health")[0] == 200
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert running.children()["streamlit"] == children["streamlit"]
        with open_store(Settings(home=home)) as store:
            while not (watched := store.get_meta("watched_at")):
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert abs(int(watched) - time.time()) < 300
        numbers = running.children().values()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(30) == 0
        assert not any(psutil.pid_exists(number) for number in numbers)


def test_with_a_certificate_pages_and_report_interface_answer_by_https_with_one_clock(
    home, tmp_path
):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
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
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ],
        check=True,
        capture_output=True,
    )
    now = "2024-05-22T10:00:00+08:00"
    words = ("--certificate", certificate, "--certificate-key", key)
    with served(home, tmp_path, *words, GRIDMAP_NOW=now) as running:
        running.wait_for("Report interface")
        assert f"https://127.0.0.1:{running.api_port}" in running.lines()
        assert running.get(running.port, "/gridmap/health")[0] == 200
        status, body = running.get(running.api_port, "/api/v1/now")
        assert status == 200
        told = json.loads(body)["now"]
        assert "2024-05-22T10:0" in str(told) or 1716343200 <= int(told) < 1716343200 + 300
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(30) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "8600", "--api-port", "8600"], "both have port 8600"),
        (["--certificate", "none.pem"], "needs its key"),
        (["--certificate", "none.pem", "--certificate-key", "none.key"], "cannot be used"),
    ],
)
def test_what_cannot_be_served_is_refused_at_once(small_city, monkeypatch, words, said):
    monkeypatch.setenv("GRIDMAP_HOME", str(small_city.home))
    refused = CliRunner().invoke(app, ["serve", *words])
    assert refused.exit_code == 7
    assert said in refused.stderr


def test_one_look_of_the_clockwork_says_what_it_did(home, monkeypatch):
    monkeypatch.setenv("GRIDMAP_HOME", str(home))
    told = CliRunner().invoke(app, ["watch", "--once", "--json"])
    assert told.exit_code == 0, told.stderr
    assert set(json.loads(told.stdout)) == {
        "near_due",
        "overdue",
        "step_overdue",
        "sent",
        "dead",
        "refreshed",
    }
