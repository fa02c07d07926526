"""An import whose process is killed at any moment leaves nothing half-visible, and is
completed or discarded next.
"""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from killed_import import BATCHES, ROWS, batches
from world import CODES, NOW, fill

from gridmap.store.intake.imports import import_reports, read_imports, read_rejects
from gridmap.store.look import columns
from gridmap.store.look.facts import load
from gridmap.store.look.matters import count
from gridmap.store.opening import open_store

RIGHT = BATCHES * (ROWS - 1)
HERE = Path(__file__).parent


def killed(settings, stage, number):
    """Run the import and let it be killed."""
    command = [
        sys.executable,
        str(HERE / "killed_import.py"),
        str(settings.home),
        settings.database_url,
        stage,
        str(number),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd=HERE, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def seen(store):
    """Reports that readers see: in the truth, in the columns, in memory."""
    return count(store), columns.manifest(store).rows, len(load(store, grid_codes=CODES))


@pytest.mark.parametrize(
    ("stage", "number"),
    [("reading", 1), ("reading", BATCHES), ("seal", 1)],
)
def test_killed_before_everything_is_staged_it_is_discarded(settings, stage, number):
    with open_store(settings) as store:
        fill(store)
    killed(settings, stage, number)
    with open_store(settings) as store:
        assert seen(store) == (0, 0, 0)
        assert read_imports(store)["state"].tolist() == ["discarded"]
        assert list((store.home / "staging").iterdir()) == []
        assert import_reports(store, batches(), files=["test"], now=NOW).accepted == RIGHT
        assert seen(store) == (RIGHT, RIGHT, RIGHT)


@pytest.mark.parametrize(
    ("stage", "number"),
    [
        ("committing", 1),
        ("committing", 5),
        ("publishing", 1),
        ("parquet", 1),
        ("columns", 1),
        ("publishing", 2),
    ],
)
def test_killed_after_everything_is_staged_it_is_completed(settings, stage, number):
    with open_store(settings) as store:
        fill(store)
    killed(settings, stage, number)
    with open_store(settings) as store:
        assert seen(store) == (RIGHT, RIGHT, RIGHT)
        history = read_imports(store)
        assert history["state"].tolist() == ["visible"]
        assert (history["rows"][0], history["accepted"][0]) == (BATCHES * ROWS, RIGHT)
        assert history["rejected"][0] == {"not_a_number": BATCHES}
        assert len(read_rejects(store, 1)) == BATCHES
        assert list((store.home / "staging").iterdir()) == []
        again = import_reports(store, batches(), files=["test"], now=NOW)
        assert again.accepted == 0
        assert again.rejected == {"duplicate_known": RIGHT, "not_a_number": BATCHES}
        assert seen(store) == (RIGHT, RIGHT, RIGHT)


def test_an_unfinished_import_is_seen_by_nobody(settings):
    with open_store(settings) as reader:
        fill(reader)
        killed(settings, "committing", 5)
        assert seen(reader) == (0, 0, 0)
        columns.rebuild(reader)
        assert seen(reader) == (0, 0, 0)
        assert import_reports(reader, iter(()), files=["nothing"], now=NOW).accepted == 0
        assert seen(reader) == (RIGHT, RIGHT, RIGHT)
