import os
import signal
import socket
import sys
import time

import pytest
from ports import free_port

from gridmap.cli import processes as supervising
from gridmap.cli.processes import Processes, Program, answers
from gridmap.errors import SetupError

SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/gridmap/health" else 404)
        self.end_headers()
    def log_message(self, *words): pass
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def program(name, code, *words, **more):
    return Program(
        name, (sys.executable, "-c", code, *map(str, words)), dict(os.environ), **more
    )


def server(name="server"):
    port = free_port()
    return program(name, SERVER, port, host="127.0.0.1", port=port)


@pytest.fixture
def group(monkeypatch):
    monkeypatch.setattr(supervising, "FIRST_PAUSE_S", 0.05)
    lines = []
    running = Processes(lines.append)
    running.lines = lines
    yield running
    running.stop()


def wait_until(condition, look=lambda: None):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        look()
        time.sleep(0.02)


def gone(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_started_server_answers_and_all_end_together(group):
    one, two = server("one"), server("two")
    group.start(one)
    group.start(two)
    assert answers(one)
    assert answers(two)
    numbers = group.ids()
    assert set(numbers) == {"one", "two"}
    group.stop()
    assert all(gone(number) for number in numbers.values())


def test_one_that_ends_is_started_again_and_told(group):
    one = server("one")
    group.start(one)
    before = group.ids()["one"]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: group.ids().get("one", before) != before, group.look)
    wait_until(lambda: answers(one))
    assert "ended with code -9" in group.lines[0]
    assert "started again" in group.lines[1]


def test_one_that_does_not_stay_up_stops_everything_with_a_reason(group):
    group.start(program("flaky part", "import time; time.sleep(0.3); raise SystemExit(3)"))
    with pytest.raises(
        SetupError, match="flaky part ended 6 times in a row, the last time with code 3"
    ):
        wait_until(lambda: False, group.look)


def test_a_steady_one_begins_its_count_anew(group, monkeypatch):
    monkeypatch.setattr(supervising, "STEADY_S", 0.0)
    group.start(program("short part", "pass"))
    wait_until(lambda: len(group.lines) >= 16, group.look)
    assert all("in 0.05 s" in line for line in group.lines[::2])


def test_one_that_ends_before_it_answers_is_an_error_at_once(group):
    broken = program(
        "broken part", "raise SystemExit(4)", host="127.0.0.1", port=free_port()
    )
    with pytest.raises(SetupError, match="broken part ended at once with code 4"):
        group.start(broken)


def test_one_that_ignores_the_request_to_end_is_ended(group, monkeypatch):
    monkeypatch.setattr(supervising, "STOP_LIMIT_S", 0.3)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', "
        "flush=True); time.sleep(60)"
    )
    group.start(program("deaf part", deaf))
    time.sleep(0.5)
    number = group.ids()["deaf part"]
    group.stop()
    assert gone(number)


def test_a_taken_port_is_named_with_its_program_before_anything_starts(group):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=rf"{port} for the pages.*--port"):
            group.start(Program("pages", ("true",), {}, "127.0.0.1", port))
    assert group.ids() == {}


def test_the_address_shown_can_be_opened_from_elsewhere():
    assert Program("pages", (), {}, "127.0.0.1", 8501).address == "http://127.0.0.1:8501"
    assert (
        Program("pages", (), {}, "0.0.0.0", 8501, secure=True).address
        == f"https://{socket.gethostname()}:8501"
    )
    assert Program("pages", (), {}, "fe80::1", 8501).address == "http://[fe80::1]:8501"
    assert Program("clockwork", (), {}).address == ""
