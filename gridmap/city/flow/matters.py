"""`matters`: reports taken in and every move of a matter, given by a signed-in person."""

from __future__ import annotations

from gridmap.city.flow.dossier import Dossier, Public
from gridmap.city.flow.find import Finding, MatterFilter
from gridmap.city.flow.newmatter import NewMatter, Receipt

__all__ = ["Dossier", "MatterFilter", "Matters", "NewMatter", "Public", "Receipt"]


class Matters(Finding):
    """Matters in motion: taken in (`reporting`), moved (`moving`), read (`dossier`), found
    (`find`).
    """
