"""Build hook: the wheel carries the map libraries' browser files and the compiled
catalogues of words.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling collects the files of a wheel, a plain one or an editable one."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (the interface's names)
        """Fetch what is missing and compile the catalogues; a source archive carries neither."""
        if self.target_name != "wheel":
            return
        import assets  # noqa: PLC0415  (beside this file, importable only now)
        import catalogues  # noqa: PLC0415

        assets.main(root=Path(self.root))
        catalogues.compile_all()

    def dependencies(self) -> list[str]:
        """An npm for building, where the machine has none."""
        import assets  # noqa: PLC0415

        return [] if assets.has_npm() else [assets.NODE_WHEEL]
