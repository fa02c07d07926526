"""Village work: the clean-up of contracts, what it brings the villages, and what they talk
over and decide.
"""

from __future__ import annotations

from gridmap.ui import frame
from gridmap.ui.town import villagespage

HERE = "pages/villages.py"

page = frame.current()
frame.head(
    page,
    page.say("Contracts and deliberations of {place}", place=page.place),
    here=HERE,
    period=False,
)
villagespage.show(page)
