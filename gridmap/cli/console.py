"""What every command shares: the console, progress bars, JSON output, and errors turned
into exit codes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from gridmap import progress as quiet
from gridmap.errors import (
    ConflictError,
    ForbiddenError,
    GridmapError,
    InputError,
    NotFoundError,
    RefusedError,
    SetupError,
)
from gridmap.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

EXIT_CODES: dict[type[GridmapError], int] = {
    InputError: 3,
    NotFoundError: 4,
    ConflictError: 5,
    ForbiddenError: 6,
    SetupError: 7,
    RefusedError: 6,
}
"""0 is success, 1 an unforeseen error, 2 a wrong call; these are the foreseen ones and
those derived from them.
"""

REFUSED_ROWS = 8
"""Exit code when an import went through but refused some rows."""

FINDINGS = 9
"""Exit code of `check` and `doctor` when they found something wrong."""

Json = Annotated[
    bool, typer.Option("--json", help="Print the result as JSON, for scripts.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]


def read_settings() -> Settings:
    """The settings in force; a wrong one is an error that names it and where it was set.

    Raises SetupError.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # everything comes from the environment and the file
    except ValidationError as error:
        wrong = "; ".join(
            f"{_variable(fault['loc'])}={fault['input']!r}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SetupError(
            f"A setting is wrong: {wrong}. Correct the environment or gridmap.toml."
        ) from error


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors gridmap raises on purpose into a sentence and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GridmapError as error:
            _explain(error)
            raise typer.Exit(exit_code(error)) from error

    return run


def exit_code(error: GridmapError) -> int:
    """The code of the nearest kind of error in `EXIT_CODES`; 1 when there is none."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), 1)


def _explain(error: GridmapError) -> None:
    if not isinstance(error, InputError):
        err.print(f"[bold red]Error[/]: {_plain(str(error))}")
        return
    err.print(
        f"[bold red]{len(error.faults)} fault(s) in the input; nothing was changed.[/]"
    )
    for fault in error.faults[:100]:
        err.print(f"  {_plain(str(fault))}")
    if len(error.faults) > 100:
        err.print(f"  … and {len(error.faults) - 100} more")


def _plain(text: str) -> str:
    """Text of people's files must not be read as Rich markup."""
    return text.replace("[", r"\[")


def emit(result: dict[str, object]) -> None:
    """Print a result for a script: one JSON object on standard output."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")


def table(title: str, headings: list[str], rows: list[list[object]]) -> None:
    """Print rows for a person."""
    shown = Table(title=title, title_justify="left")
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*(_plain(str(cell)) for cell in row))
    out.print(shown)


@contextmanager
def progress_bars(*, hidden: bool) -> Iterator[quiet.Progress]:
    """A progress callable that draws one bar a stage on standard error."""
    if hidden or not err.is_terminal:
        yield quiet.silent if hidden else _lines()
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                _finish(bars)
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield update


def _finish(bars: Progress) -> None:
    """A stage whose length was not known is over when the next one begins."""
    for task in bars.tasks:
        if task.total is None:
            bars.update(task.id, total=1, completed=1)


def _lines() -> quiet.Progress:
    """Where no terminal is watching (a log): one line as each stage begins."""
    seen: set[str] = set()

    def update(stage: str, _done: int, _total: int) -> None:
        if stage not in seen:
            seen.add(stage)
            err.print(f"· {stage}")

    return update


def _variable(location: tuple[int | str, ...]) -> str:
    """The environment variable of a setting, by its place among the settings."""
    return "_".join(["GRIDMAP", *map(str, location)]).upper()
