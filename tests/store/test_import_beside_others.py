"""Reports keep coming in from another process while an import runs."""

import subprocess
import sys
from pathlib import Path

from world import NOW, fill, reports

from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.look.matters import count
from gridmap.store.opening import open_store

HERE = Path(__file__).parent
ROWS = 60_000


def test_reports_come_in_by_themselves_while_an_import_runs(settings, tmp_path):
    stop = tmp_path / "stop"
    with open_store(settings) as store:
        fill(store)
        command = [
            sys.executable,
            str(HERE / "live_reports.py"),
            str(settings.home),
            settings.database_url,
            str(stop),
        ]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=HERE
        ) as other:
            assert other.stdout.readline() == "ready\n"
            table = reports(
                range(ROWS),
                reported_at=[str(NOW - 10)] * ROWS,
                accepted_at=[""] * ROWS,
                due_at=[""] * ROWS,
                closed_at=[""] * ROWS,
                status=[""] * ROWS,
            )
            result = import_reports(store, [table], files=["test"], now=NOW)
            stop.touch()
            number, longest = other.stdout.read().split()
        assert result.accepted == ROWS
        assert count(store) == ROWS + int(number)
        # Far below the time the whole import takes, and what a phone waits for without trouble.
        assert float(longest) < 10
        columns.refresh(store)
        assert columns.manifest(store).rows == ROWS + int(number)
