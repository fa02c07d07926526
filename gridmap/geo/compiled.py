"""How loops over arrays are compiled: once per machine, free of the interpreter's lock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` with Numba, without the interpreter's lock and with its machine
    code kept on disk.

    The code is kept beside the module, else in the user's cache folder or
    `NUMBA_CACHE_DIR`; where none of them can be written, each process compiles anew.
    Kernels are plain loops without Numba's own threads, which may not be entered from two
    threads at once: callers run them from a thread pool.
    """
    dispatcher = numba.njit(nogil=True, error_model="numpy")(function)
    with suppress(RuntimeError):  # nowhere to write
        dispatcher.enable_caching()
    _heed_neighbours(dispatcher, Path(function.__code__.co_filename).parent)
    return cast("Function", dispatcher)


def _heed_neighbours(dispatcher: Any, folder: Path) -> None:
    """Let kept code become stale when any kernel of its folder changes.

    Numba looks at the function's own file only, though what it calls in other files is
    compiled into it: after an upgrade it would run the old code.
    """
    index = getattr(dispatcher._cache, "_cache_file", None)  # noqa: SLF001  (Numba has no open way)
    if index is not None:
        index._source_stamp = (index._source_stamp, _kernels_stamp(folder))  # noqa: SLF001


@cache
def _kernels_stamp(folder: Path) -> str:
    """Digest of all modules of a folder that hold compiled functions."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        content = path.read_bytes()
        if b"\n@compiled" in content:
            digest.update(content)
    return digest.hexdigest()
