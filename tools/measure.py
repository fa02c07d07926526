"""Measure how the code reads: `python tools/measure.py [folder …]` prints one figure a line.

What is counted: modules and lines; tokens a code line (comments, docstrings and blank lines are
no code); lines over 100 columns; functions, their median length and how many are over 40 lines;
public functions with a docstring; comment lines; `fmt: skip`; stored names that say nothing; and
modules that import each other in a circle. The figures guide a reader, they refuse nothing.
"""

from __future__ import annotations

import ast
import io
import statistics
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = 100
LONG_FUNCTION = 40
EMPTY_NAMES = frozenset({"found", "told", "own", "one", "here", "kept", "said"})
_LAYOUT = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
)


@dataclass
class Measures:
    """What has been counted so far, over any number of modules."""

    modules: int = 0
    lines: int = 0
    code_lines: int = 0
    comment_lines: int = 0
    long_lines: int = 0
    tokens: int = 0
    skips: int = 0
    function_lines: list[int] = field(default_factory=list)
    public: int = 0
    documented: int = 0
    names: Counter[str] = field(default_factory=Counter)

    def add(self, source: str) -> None:
        """Count one module."""
        tree = ast.parse(source)
        lines = source.splitlines()
        self.modules += 1
        self.lines += len(lines)
        self.long_lines += sum(len(line) > COLUMNS for line in lines)
        self.skips += sum("# fmt: skip" in line for line in lines)
        self._count_tokens(source, docstring_lines(tree))
        self._count_functions(tree)
        self.names.update(stored_names(tree))

    def _count_tokens(self, source: str, prose: set[int]) -> None:
        code: set[int] = set()
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                self.comment_lines += token.line.strip().startswith("#")
            if token.type in _LAYOUT or token.start[0] in prose:
                continue
            code.update(range(token.start[0], token.end[0] + 1))
            self.tokens += 1
        self.code_lines += len(code)

    def _count_functions(self, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.function_lines.append(body_lines(node))
                if not node.name.startswith("_"):
                    self.public += 1
                    self.documented += ast.get_docstring(node) is not None


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function's body, its docstring left out."""
    body = function.body
    if len(body) > 1 and ast.get_docstring(function) is not None:
        body = body[1:]
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def docstring_lines(tree: ast.AST) -> set[int]:
    """Lines of strings that stand alone: docstrings, and what is said below a constant."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def stored_names(tree: ast.AST) -> Iterator[str]:
    """Names that something is assigned to: variables, targets of loops."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def import_graph(package: Path) -> dict[str, set[str]]:
    """Which modules of `package` each of its modules imports when it is loaded."""
    root = package.parent
    modules = {module_name(path, root): path for path in package.rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        graph[name] = set(imported(tree, set(modules))) - {name}
    return graph


def module_name(path: Path, root: Path) -> str:
    """The dotted name of the module in `path`."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, modules: set[str]) -> Iterator[str]:
    """Those of `modules` that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from {inner if inner in modules else node.module} & modules


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other by imports, the largest first."""
    reach = {name: reached(graph, name) for name in graph}
    groups: dict[frozenset[str], None] = {}
    for name, names in reach.items():
        if name in names:
            groups[frozenset(other for other in names if name in reach[other])] = None
    return sorted((sorted(group) for group in groups), key=len, reverse=True)


def reached(graph: dict[str, set[str]], start: str) -> set[str]:
    """All modules that `start` imports, directly or through others."""
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


def report(measures: Measures, groups: list[list[str]]) -> Iterator[str]:
    """The figures, one a line."""
    lengths = measures.function_lines
    stored = sum(measures.names.values())
    empty = sum(measures.names[name] for name in EMPTY_NAMES)
    yield f"modules               {measures.modules:,}"
    yield f"lines                 {measures.lines:,}"
    yield f"tokens a code line    {measures.tokens / max(1, measures.code_lines):.2f}"
    yield f"lines over {COLUMNS}        {measures.long_lines / max(1, measures.lines):.2%}"
    yield f"comment lines         {measures.comment_lines / max(1, measures.lines):.2%}"
    yield f"fmt: skip             {measures.skips}"
    yield f"functions             {len(lengths):,}, median {statistics.median(lengths):.0f} lines"
    yield f"functions over {LONG_FUNCTION}     {sum(length > LONG_FUNCTION for length in lengths)}"
    yield f"public with docstring {measures.documented / max(1, measures.public):.1%}"
    yield f"names that say nothing {empty / max(1, stored):.1%} of {stored:,}"
    yield f"import cycles         {len(groups)} ({', '.join(str(len(group)) for group in groups)})"
    for group in groups:
        yield "  " + " ".join(group)


def main() -> int:
    """Measure the folders given, or the package."""
    folders = [Path(name).resolve() for name in sys.argv[1:]] or [ROOT / "gridmap"]
    measures = Measures()
    groups: list[list[str]] = []
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            measures.add(path.read_text(encoding="utf-8"))
        groups += cycles(import_graph(folder))
    print("\n".join(report(measures, groups)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
