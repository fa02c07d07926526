"""Report: for people without the phone application: hand in what you saw, ask how it
stands; no sign-in needed.
"""

from __future__ import annotations

from gridmap.ui import frame
from gridmap.ui.flow import reportpage

HERE = "pages/report.py"

page = frame.current()
frame.head(
    page, page.say("Report what you saw, and ask how it stands"), here=HERE, period=False
)
reportpage.show(page)
