"""The pages of the application by group, in the order of the menu."""

from __future__ import annotations

from gridmap.cases.registry import PLAIN
from gridmap.words import mark

PAGES = {
    mark("Maps"): {
        "pages/overview.py": mark("Overview"),
        "pages/heatmap.py": mark("Heatmap"),
        "pages/coverage.py": mark("Coverage"),
        "pages/workload.py": mark("Workload"),
        "pages/grid.py": mark("Grid"),
    },
    mark("Matters"): {
        "pages/inbox.py": mark("Inbox"),
        "pages/matters.py": mark("All matters"),
        "pages/matter.py": mark("Matter"),
        "pages/window.py": mark("Window"),
        "pages/report.py": mark("Report a matter"),
    },
    mark("Headquarters"): {
        "pages/headquarters.py": mark("Clearing and briefing"),
        "pages/whistles.py": mark("Whistle ladder"),
        "pages/centres.py": mark("One-stop centres"),
        "pages/sessions.py": mark("Sessions"),
        "pages/supervision.py": mark("Supervision"),
    },
    mark("Townships and villages"): {
        "pages/mediation.py": mark("Mediation"),
        "pages/tasks.py": mark("Tasks from above"),
        "pages/villages.py": mark("Village work"),
    },
    mark("Planning"): {"pages/planning.py": mark("Redrawing")},
    mark("Figures"): {"pages/indicators.py": mark("Indicators")},
    mark("System"): {
        "pages/data.py": mark("Data"),
        "pages/registers.py": mark("Registers"),
        "pages/office.py": mark("Administration"),
    },
}
# One matter is opened from lists; registers are offered where there is a kind to keep in one.
HIDDEN = frozenset({"pages/matter.py"} | (set() if PLAIN else {"pages/registers.py"}))
