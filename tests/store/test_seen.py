"""Ids of an import so far: every repetition is found, and nothing else is taken for one."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.store.intake import seen
from gridmap.store.intake.ahead import ahead
from gridmap.store.intake.seen import Seen


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(st.tuples(st.text(max_size=3), st.integers(0, 2)), max_size=30), max_size=6
    )
)
def test_repetitions_are_those_a_dictionary_finds(batches):
    table, known = Seen(), {}
    for batch in batches:
        ids = pa.array([name for name, _ in batch], pa.string())
        again, other = table.add(
            ids, np.array([content for _, content in batch], dtype=np.uint64)
        )
        for row, (name, content) in enumerate(batch):
            before = known.setdefault(name, content)
            first = sum(
                1 for text, _ in batch[:row] if text == name
            ) == 0 and name not in _earlier(batches, batch)
            assert again[row] == (not first and before == content)
            assert other[row] == (not first and before != content)


def _earlier(batches, batch):
    names = set()
    for one in batches:
        if one is batch:
            return names
        names |= {name for name, _ in one}
    return names


def test_many_ids_are_kept_apart():
    table = Seen()
    for begin in range(0, 60_000, 7_000):
        ids = pa.array([f"r{number}" for number in range(begin, begin + 7_000)])
        again, other = table.add(ids, np.zeros(7_000, dtype=np.uint64))
        assert not again.any()
        assert not other.any()
    again, _ = table.add(pa.array(["r0", "r59999", "x"]), np.zeros(3, dtype=np.uint64))
    assert again.tolist() == [True, True, False]


def test_two_ids_of_one_hash_are_two_ids(monkeypatch):
    monkeypatch.setattr(seen, "hash_texts", lambda ids: np.zeros(len(ids), dtype=np.uint64))
    table = Seen()
    again, other = table.add(pa.array(["a", "b"]), np.zeros(2, dtype=np.uint64))
    assert not again.any()
    assert not other.any()


def test_reading_ahead_keeps_the_order_and_hands_on_errors():
    def items():
        yield from range(5)
        raise ValueError("no more")

    got = []
    with pytest.raises(ValueError, match="no more"):
        for item in ahead(items()):
            got.append(item)  # noqa: PERF402  (what came before the error counts)
    assert got == list(range(5))


def test_reading_ahead_stops_when_nobody_listens():
    made = []

    def items():
        for number in range(1000):
            made.append(number)
            yield number

    stream = ahead(items())
    assert next(stream) == 0
    stream.close()
    assert len(made) < 10
