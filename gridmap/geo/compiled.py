"""How loops over arrays are compiled: once per machine, free of the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` with Numba, without the interpreter's lock and with its machine code kept on disk.

    The code is kept beside the module, else in the user's cache folder or `NUMBA_CACHE_DIR`; where none of them can be
    written, each process compiles anew. Kernels are plain loops without Numba's own threads, which may not be entered
    from two threads at once: callers run them from a thread pool.
    """
    dispatcher = numba.njit(nogil=True, error_model="numpy")(function)
    with suppress(RuntimeError):  # nowhere to write
        dispatcher.enable_caching()
    return cast("Function", dispatcher)
