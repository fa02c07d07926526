"""Fields for a picture or a layer, their words in the page's language: the browser
component has only English ones.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from gridmap.ui.frame import Page

KINDS = ("jpg", "jpeg", "png", "webp")
MOST_MB = 12


def photo(page: Page, key: str) -> Any:
    """The file chosen, or None."""
    say = page.say
    with st.container(key=f"{key}-upload"):
        _words(
            f"{key}-upload",
            say("Choose a picture"),
            say("JPEG, PNG or WebP, at most 12 MB"),
        )
        return st.file_uploader(
            say("Photo (optional)"), type=list(KINDS), max_upload_size=MOST_MB, key=key
        )


def layer(page: Page, key: str) -> Any:
    """A layer of grids chosen, or None."""
    say = page.say
    with st.container(key=f"{key}-upload"):
        _words(
            f"{key}-upload",
            say("Choose a file"),
            say("GeoPackage, GeoJSON, zipped Shapefile or GeoParquet"),
        )
        return st.file_uploader(
            say("Or from a layer edited in QGIS"),
            type=["gpkg", "geojson", "zip", "parquet"],
            key=key,
        )


@contextmanager
def kept(given: Any) -> Iterator[Path]:
    """An uploaded file as a path, for as long as the block lasts; only its suffix is the
    sender's.
    """
    suffix = re.sub(r"[^a-z0-9.]", "", Path(str(given.name)).suffix.lower())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{suffix}"
        path.write_bytes(given.getvalue())
        yield path


def _words(container: str, button: str, note: str) -> None:
    """Put our words where the component writes its own."""
    box = f".st-key-{container.replace('.', '-')} [data-testid='stFileUploaderDropzone']"
    texts = [
        json.dumps(text, ensure_ascii=False).replace("<", "") for text in (button, note)
    ]
    st.html(
        f"<style>{box} button [data-testid='stMarkdownContainer'] p {{ font-size: 0; }}"
        f"{box} button [data-testid='stMarkdownContainer'] p::after {{ content: {texts[0]}; "
        f"font-size: 0.95rem; }}"
        f"{box} [data-testid='stFileUploaderDropzoneInstructions'] {{ font-size: 0; }}"
        f"{box} [data-testid='stFileUploaderDropzoneInstructions'] * {{ display: none; }}"
        f"{box} [data-testid='stFileUploaderDropzoneInstructions']::after"
        f" {{ content: {texts[1]}; font-size: 0.82rem; color: #5b6775; }}</style>"
    )
