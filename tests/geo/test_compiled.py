"""Compiled functions: kept on disk where that can be, compiled anew where not or when their
neighbours change.
"""

import os
import subprocess
import sys

import pytest

KERNEL = """
from gridmap.geo.compiled import compiled
from inner import step

@compiled
def twice(x):
    return step(step(x))
"""
INNER = """
from gridmap.geo.compiled import compiled

@compiled
def step(x):
    return x + {step}
"""
ASK = "import outer; print(outer.twice(1), sum(outer.twice.stats.cache_hits.values()))"


@pytest.fixture
def ask(tmp_path):
    """Run the kernel in a process of its own: its answer and whether its code came from the
    disk.
    """
    (tmp_path / "outer.py").write_text(KERNEL)

    def run(step, **environment):
        (tmp_path / "inner.py").write_text(INNER.format(step=step))
        path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
        done = subprocess.run(
            [sys.executable, "-c", ASK],
            env={
                **os.environ,
                "PYTHONPATH": path,
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return tuple(map(int, done.stdout.split()))

    return run


def test_code_is_kept_until_a_function_it_calls_changes(ask):
    assert ask(1) == (3, 0)
    assert ask(1) == (3, 1)
    assert ask(5) == (11, 0)


def test_where_nothing_can_be_written_it_still_runs(ask, tmp_path):
    (tmp_path / "__pycache__").write_text(
        "a file, so that no folder of that name can be made"
    )
    nowhere = str(tmp_path / "outer.py")
    places = {"HOME": nowhere, "XDG_CACHE_HOME": nowhere, "NUMBA_CACHE_DIR": ""}
    assert ask(1, **places) == (3, 0)


def test_a_cache_folder_serves_where_the_module_lies_beyond_writing(ask, tmp_path):
    (tmp_path / "__pycache__").write_text("a file")
    kept = {"NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    assert ask(1, **kept) == (3, 0)
    assert ask(1, **kept) == (3, 1)
