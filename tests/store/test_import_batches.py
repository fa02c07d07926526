"""However a file is cut into batches, and however often it comes, the truth is the same."""

import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from world import NOW, fill, reports, truth

from gridmap.settings import Settings
from gridmap.store.intake import staging
from gridmap.store.intake.imports import import_reports, read_rejects
from gridmap.store.look import columns
from gridmap.store.opening import open_store

NUMBERS = [*range(1, 25), 3, 7, 7]
TABLE = reports(
    NUMBERS, lon=["" if number % 6 == 0 else f"113.{number % 20:02d}" for number in NUMBERS]
)


def imported(runs, commit_rows):
    """The truth after importing TABLE once for each of `runs`, cut at its positions."""
    before, staging.COMMIT_ROWS = staging.COMMIT_ROWS, commit_rows
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            open_store(Settings(home=Path(folder))) as store,
        ):
            fill(store)
            for cuts in runs:
                ends = [0, *sorted(cuts), len(TABLE)]
                batches = [
                    TABLE.iloc[begin:end] for begin, end in pairwise(ends) if begin < end
                ]
                import_reports(store, batches, files=["test"], now=NOW)
            held = columns.manifest(store).rows
            return truth(store), held
    finally:
        staging.COMMIT_ROWS = before


@cache
def in_one_piece():
    return imported([[]], 1000)[0]


@settings(max_examples=8, deadline=None)
@given(
    runs=st.lists(
        st.lists(st.integers(1, len(TABLE) - 1), max_size=5), min_size=1, max_size=3
    ),
    commit_rows=st.integers(1, 40),
)
def test_any_split_and_any_repetition_gives_the_same_truth(runs, commit_rows):
    expected = in_one_piece()
    found, held = imported(runs, commit_rows)
    assert found == expected
    assert held == len(expected) == len({number for number in NUMBERS if number % 6})


def test_rows_are_numbered_on_through_the_batches(town):
    result = import_reports(
        town, [TABLE.iloc[:10], TABLE.iloc[10:]], files=["test"], now=NOW
    )
    refused = read_rejects(town, result.import_id)
    wrong = [row for row, lon in enumerate(TABLE["lon"], 1) if lon == ""]
    assert sorted(refused.loc[refused["reason"] == "no_coordinates", "row"]) == wrong


def test_frames_with_numbers_and_dates_are_as_good_as_text(town):
    table = reports([1]).assign(
        reported_at=pd.to_datetime(["2024-05-01T08:00:00+08:00"]),
        accepted_at=[None],
        due_at=[pd.NaT],
        closed_at=[""],
        lon=[113.05],
        lat=[35.05],
        worker=[7.0],
    )
    assert import_reports(town, [table], files=["test"], now=NOW).rejected == {}
    assert truth(town)[0]["reported_at"] == 1714521600
    assert truth(town)[0]["worker"] == 7
