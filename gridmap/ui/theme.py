"""One look for every page: spacing, quiet controls, and the wall that reads from six metres.

Streamlit's own theme (`.streamlit/config.toml`) sets colours and type; this adds what it
has no setting for.
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

CATEGORIES = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#f0e442",
    "#000000",
)
"""Okabe and Ito's eight colours, told apart by every kind of colour vision."""

FONT = (
    "'Source Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang "
    "SC', sans-serif"
)

_PAGE = """
.stMainBlockContainer { padding: 3.4rem 1.4rem 1rem 1.4rem; max-width: none; }
.stApp [data-testid="stHeader"] { height: 2.9rem; }
[data-testid="stSidebarHeader"] { height: 2.6rem; margin: 0; padding-block: 0; }
[data-testid="stSidebarUserContent"] { padding: 0 1rem 1rem 1rem; }
[data-testid="stSidebar"] { min-width: 15.5rem; max-width: 17rem; }
.stVerticalBlock { gap: 0.6rem; }
[data-testid="stMainMenu"] { display: none; }
[data-testid="InputInstructions"] { display: none; }
[data-testid="stElementToolbarButton"]:has(button[aria-label^="Copy"]) { display: none; }
.st-key-head { gap: 0.1rem; }
.st-key-trail { gap: 0.1rem; row-gap: 0; }
.st-key-trail button { padding: 0 0.15rem; min-height: 1.6rem; }
.st-key-trail p { font-size: 1.12rem; }
.st-key-trail .stButton p { color: #0b5a8f; }
.gm-figures { display: flex; flex-direction: column; gap: 0.5rem; height: 100%; }
.gm-figure { flex: 1; display: flex; flex-direction: column; justify-content: center; border: 1px solid #d5dbe1; border-radius: 6px; padding: 0.5rem 0.8rem; }
.gm-name { display: flex; justify-content: space-between; gap: 0.6rem; font-size: 0.95rem; }
.st-key-draft-panel div { flex-wrap: wrap; overflow: visible; }
.gm-counts { color: #5b6775; white-space: nowrap; }
.gm-line { display: flex; justify-content: space-between; align-items: center; gap: 0.8rem; }
.gm-value { font-size: 1.9rem; line-height: 1.35; white-space: nowrap; font-variant-numeric: tabular-nums; }
.gm-value small { font-size: 0.95rem; color: #5b6775; margin-left: 0.3rem; }
.st-key-figures .gm-figures { min-height: max(26rem, calc(100vh - 9.2rem)); }
.gm-spark { flex: 1 1 0; width: 0; min-width: 0; max-width: 9rem; height: 2.2rem; }
.gm-change { display: flex; flex-direction: column; color: #5b6775; font-size: 0.85rem; line-height: 1.35; }
.st-key-across .gm-figures { flex-direction: row; flex-wrap: wrap; }
.st-key-across .gm-figure { min-width: 30%; }
.stApp .stHeading, .stApp .stHeading * { margin-bottom: 0; }
[data-testid="stHeading"] h3 { font-size: 1.12rem; padding: 0.5rem 0 0 0; }
.st-key-controls { gap: 0.5rem; }
.st-key-gap-kinds [data-testid="stButtonGroup"] button { padding-inline: 0.5rem; }
.st-key-attention [role="radiogroup"] { display: grid; grid-template-columns: repeat(auto-fill, minmax(27rem, 1fr)); gap: 0.35rem 1.6rem; }
.st-key-attention [role="radiogroup"] > div { min-width: 0; }
.st-key-attention label > div > div:first-child { display: none; }
.st-key-attention label p { color: #0b5a8f; padding: 0.12rem 0; }
.st-key-attention label:hover p { text-decoration: underline; }
.st-key-attention [data-testid="stRadioCaption"] { margin: 0; padding: 0; }
.st-key-attention [data-testid="stRadioCaption"] p { color: #1f2933; font-size: 0.95rem; }
[class*="st-key-chart_"] .stDownloadButton, [class*="st-key-table_"] .stDownloadButton { margin-top: -0.4rem; }
[class*="st-key-chart_"] .stDownloadButton p, [class*="st-key-table_"] .stDownloadButton p {
  font-size: 0.82rem; color: #5b6775; }
[class*="st-key-chart_"] .stDownloadButton button, [class*="st-key-table_"] .stDownloadButton button {
  min-height: 1.4rem; padding: 0; }
iframe { display: block; }
[class*="st-key-tall_table_"] { min-height: max(24rem, calc(100vh - 19rem)); }
[class*="st-key-tall_table_"] > .stElementContainer:has(.stDataFrame) { flex: 1 1 0; min-height: 0; }
[class*="st-key-tall_table_"] > .stElementContainer:has(.stDataFrame) > div { height: 100%; }
[class*="st-key-tall_table_"] .stDataFrame { height: 100%; }
[class*="st-key-tall_table_"] .stDownloadButton p { font-size: 0.82rem; color: #5b6775; }
.gm-links { display: flex; border-top: 1px solid #d5dbe1; border-bottom: 1px solid #d5dbe1; padding: 0.45rem 0; }
.gm-link { flex: 1; min-width: 0; display: grid; grid-template-columns: 1.3rem 1fr; column-gap: 0.2rem; color: #5b6775; }
.gm-link-sign { color: #5b6775; }
.gm-link-name { overflow-wrap: anywhere; }
.gm-link-time { grid-column: 2; font-size: 0.85rem; min-height: 1.3rem; font-variant-numeric: tabular-nums; }
.gm-link-done .gm-link-name { color: #1f2933; }
.gm-link-done .gm-link-sign, .gm-link-now .gm-link-sign, .gm-link-now .gm-link-time { color: #0b5a8f; }
.gm-link-now .gm-link-name { color: #0b5a8f; font-weight: 600; }
.gm-link-left .gm-link-name { text-decoration: line-through; }
.st-key-signin [data-testid="stText"] { font-weight: 600; font-family: inherit; }
.st-key-signin button, .st-key-boxes button { min-height: 1.6rem; padding: 0; }
.st-key-boxes { border-bottom: 1px solid #d5dbe1; padding-bottom: 0.4rem; column-gap: 1rem; row-gap: 0; }
.st-key-boxes p { color: #0b5a8f; }
.st-key-journal > div { border-left: 2px solid #d5dbe1; padding: 0.15rem 0 0.35rem 0.8rem; }
[class*="st-key-pairs"] [data-testid="stCaptionContainer"] { padding-top: 0.15rem; }
"""

_WALL = """
[data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"],
[data-testid="stExpandSidebarButton"], [data-testid="stToolbar"], [data-testid="stElementToolbar"],
[data-testid="stDecoration"], [data-testid="stStatusWidget"] { display: none !important; }
.stApp, .stMain, [data-testid="stAppViewContainer"] { background: #0c1116; }
.stMainBlockContainer { padding: 1vh 1vw; }
.stVerticalBlock { gap: 0.8vh; }
.stApp [data-testid="stText"], .stApp [data-testid="stText"] * { color: #eef2f5; }
.stApp [data-testid="stText"] { font-size: 2.75vh; line-height: 1.32; font-family: inherit; }
.stApp .st-key-wall_title [data-testid="stText"] { font-size: 3.2vh; font-weight: 600; }
.st-key-wall_leave { position: absolute; opacity: 0; pointer-events: none; }
.st-key-wall_list { max-height: 40vh; overflow: hidden; }
.st-key-wall_list [data-testid="stText"] { font-size: 2.65vh; border-top: 1px solid #26323d; padding: 0.32vh 0; }
.gm-figures { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0.8vh; }
.gm-figure { border-color: #33404c; background: #141b22; padding: 0.6vh 0.9vw; color: #eef2f5; }
.gm-figure:first-child { grid-column: span 2; }
.gm-figure:first-child .gm-change { flex-direction: row; gap: 3vw; }
.gm-name, .gm-counts { font-size: 2.7vh; line-height: 1.25; color: #cdd6de; }
.gm-value small { font-size: 2.6vh; color: #cdd6de; font-weight: 400; }
.gm-value { font-size: 5vh; line-height: 1.15; font-weight: 600; }
.gm-spark { height: 4.8vh; max-width: 9vw; }
.gm-figure:first-child .gm-spark { max-width: 20vw; }
.gm-change { font-size: 2.6vh; line-height: 1.25; color: #aab6c2; }
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
        "title": {
            "color": ink,
            "fontSize": 14,
            "fontWeight": 600,
            "anchor": "start",
            "offset": 8,
        },
        "legend": {
            "labelColor": ink,
            "titleColor": quiet,
            "labelFontSize": 12,
            "titleFontSize": 12,
        },
        "bar": {"color": ACCENT},
        "line": {"color": ACCENT, "strokeWidth": 2},
        "range": {"category": list(CATEGORIES)},
    }
