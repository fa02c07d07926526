"""One look for every page: spacing, quiet controls, and the wall that reads from six metres.

Streamlit's own theme (`.streamlit/config.toml`) sets colours and type; this adds what it has no setting for.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

INK = "#1f2933"
QUIET = "#5b6775"
LINE = "#d5dbe1"
ACCENT = "#0b5a8f"
LOOK = "#d55e00"
"""Vermilion of Okabe and Ito: what needs a look; never the only sign of it."""

CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000")
"""Okabe and Ito's eight colours, told apart by every kind of colour vision."""

FONT = "'Source Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"

_PAGE = """
.stMainBlockContainer { padding: 3.4rem 1.4rem 1rem 1.4rem; max-width: none; }
.stApp [data-testid="stHeader"] { height: 2.9rem; }
[data-testid="stSidebarHeader"] { height: 2.6rem; margin: 0; padding-block: 0; }
[data-testid="stSidebarUserContent"] { padding: 0 1rem 1rem 1rem; }
[data-testid="stSidebar"] { min-width: 15.5rem; max-width: 17rem; }
.stVerticalBlock { gap: 0.6rem; }
.st-key-head { gap: 0.1rem; }
.st-key-trail { gap: 0.1rem; row-gap: 0; }
.st-key-trail button { padding: 0 0.15rem; min-height: 1.6rem; }
.st-key-trail p { font-size: 1.12rem; }
.st-key-trail .stButton p { color: #0b5a8f; }
[data-testid="stMetric"] { padding: 0.35rem 0.75rem; }
[data-testid="stMetricValue"] { font-size: 1.65rem; font-variant-numeric: tabular-nums; }
[data-testid="stMetricLabel"] p { font-size: 0.92rem; }
[data-testid="stMetricDelta"] { font-size: 0.82rem; }
iframe { display: block; }
"""

_WALL = """
[data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"],
[data-testid="stExpandSidebarButton"], [data-testid="stToolbar"], [data-testid="stElementToolbar"],
[data-testid="stDecoration"], [data-testid="stStatusWidget"], .vega-embed details { display: none !important; }
.stApp, .stMain, [data-testid="stAppViewContainer"] { background: #0c1116; color: #eef2f5; }
.stMainBlockContainer { padding: 1.2vh 1.2vw; max-width: none; }
.stApp p, .stApp span, .stApp label, .stApp div { color: #eef2f5; }
.stApp p, .stApp label { font-size: 2.65vh !important; line-height: 1.25; }
.stApp .st-key-wall_title p { font-size: 3.6vh !important; font-weight: 600; }
.st-key-wall_title p, .st-key-wall_place p { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
[data-testid="stMetric"] { padding: 0.8vh 1vw; border-color: #33404c; background: #141b22; }
[data-testid="stMetricLabel"] p { font-size: 2.7vh !important; }
[data-testid="stMetricValue"], [data-testid="stMetricValue"] div { font-size: 5.2vh; line-height: 1.15; }
[data-testid="stMetricDelta"], [data-testid="stMetricDelta"] div,
[data-testid="stMetricDelta"] p { font-size: 2.65vh !important; }
[data-testid="stMetricDelta"] svg { width: 2.6vh; height: 2.6vh; }
.st-key-wall_list [data-testid="stVerticalBlock"] { gap: 0.2vh; }
"""


def page() -> None:
    """Set the spacing of a page."""
    st.html(f"<style>{_PAGE}</style>")


def wall() -> None:
    """Dark, large, without controls: type of at least 28 px on 1080 lines, twice that on 2160."""
    st.html(f"<style>{_PAGE}{_WALL}</style>")


def chart_config(*, dark: bool) -> dict[str, Any]:
    """The settings every chart shares: no frame, hairline grid, words in the page's type."""
    ink, quiet, line = ("#eef2f5", "#aab6c2", "#33404c") if dark else (INK, QUIET, LINE)
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": quiet,
            "titleColor": quiet,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": line,
            "gridOpacity": 0.6,
            "domainColor": line,
            "tickColor": line,
            "labelLimit": 220,
        },
        "text": {"color": ink, "fontSize": 12},
        "title": {"color": ink, "fontSize": 14, "fontWeight": 600, "anchor": "start", "offset": 8},
        "legend": {"labelColor": ink, "titleColor": quiet, "labelFontSize": 12, "titleFontSize": 12},
        "bar": {"color": ACCENT},
        "line": {"color": ACCENT, "strokeWidth": 2},
        "range": {"category": list(CATEGORIES)},
    }
