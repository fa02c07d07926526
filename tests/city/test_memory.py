import threading
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from gridmap.city.base.memory import Memory


@dataclass(frozen=True, eq=False)
class Result:
    numbers: np.ndarray


def test_what_was_made_once_is_not_made_again():
    memory, made = Memory(), []
    for _ in range(3):
        memory.get("key", lambda: made.append(1) or 7)
    assert made == [1]


def test_many_threads_that_ask_at_once_wait_for_one_answer():
    memory, made, go = Memory(), [], threading.Barrier(8)

    def make():
        made.append(1)
        return 7

    def ask():
        go.wait()
        assert memory.get("key", make) == 7

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_an_error_is_told_and_not_kept():
    memory = Memory()
    with pytest.raises(ValueError, match="no"):
        memory.get("key", lambda: (_ for _ in ()).throw(ValueError("no")))
    assert memory.get("key", lambda: 3) == 3


def test_a_frame_changed_by_one_is_unchanged_for_the_next():
    memory = Memory()
    first = memory.get("key", lambda: pd.DataFrame({"a": [1, 2]}))
    first.loc[0, "a"] = 99
    first["b"] = 5
    assert memory.get("key", lambda: None).equals(pd.DataFrame({"a": [1, 2]}))


def test_arrays_cannot_be_changed_also_inside_results():
    memory = Memory()
    for key, make in (
        ("a", lambda: np.zeros(3)),
        ("b", lambda: Result(np.zeros(3))),
        ("c", lambda: [Result(np.zeros(3))]),
    ):
        found = memory.get(key, make)
        array = found if key == "a" else found.numbers if key == "b" else found[0].numbers
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_was_asked_for_longest_ago_is_dropped_when_it_is_full():
    memory = Memory(most_bytes=30_000)
    for key in range(5):
        memory.get(key, lambda: np.zeros(1000))
    assert len(memory) == 3
    made = []
    memory.get(4, lambda: made.append(4))
    memory.get(0, lambda: made.append(0))
    assert made == [0]


def test_very_large_results_are_handed_out_but_not_kept():
    memory = Memory()
    assert memory.get("big", lambda: np.zeros(2**21)).nbytes == 2**24
    assert len(memory) == 0
