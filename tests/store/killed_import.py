"""Imports reports into a home and kills its own process at one moment; run by
test_import_killed.py.

    python killed_import.py HOME DATABASE_URL STAGE NUMBER

The process ends by SIGKILL when progress tells of STAGE for the NUMBERth time (from 1), or
inside the writing of a Parquet file (STAGE parquet), or before the manifest of the staged
rows (STAGE seal).
"""

import os
import signal
import sys
from pathlib import Path

from world import NOW, reports

from gridmap.settings import Settings
from gridmap.store.intake import staging
from gridmap.store.intake.imports import import_reports
from gridmap.store.look import columns
from gridmap.store.opening import open_store

BATCHES, ROWS = 4, 50


def batches():
    for number in range(BATCHES):
        yield reports(
            range(number * ROWS, number * ROWS + ROWS), lon=["x"] + ["113.05"] * (ROWS - 1)
        )


def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)


def main(home, url, stage, number):
    staging.COMMIT_ROWS = 20
    told = []

    def progress(now_at, _done, _total):
        told.append(now_at)
        if told.count(stage) == number:
            die()

    if stage == "seal":
        staging.Staging.seal = die
    if stage == "parquet":
        columns._write_parquet = die
    with open_store(Settings(home=Path(home), database_url=url)) as store:
        import_reports(store, batches(), files=["test"], now=NOW, progress=progress)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
