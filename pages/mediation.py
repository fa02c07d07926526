"""Mediation: disputes entrusted by petition office, police and courts, who mediates them,
and what came of it.
"""

from __future__ import annotations

from gridmap.ui import frame
from gridmap.ui.town import mediationpage

HERE = "pages/mediation.py"

page = frame.current()
period = mediationpage.in_period()
frame.head(
    page,
    page.say("Disputes entrusted to mediation in {place}", place=page.place),
    here=HERE,
    period=period,
)
mediationpage.show(page)
