"""Draw the worker application's icons: a grid with one place marked, plain, and with the
margin that masks cut into.

python tools/worker_icons.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "gridmap" / "api" / "worker" / "icons"
BLUE, WHITE, PALE, MARK = "#0b5a8f", "#ffffff", "#9cc4e0", "#e69f00"
ICONS = {
    "icon-192.png": (192, 0.16),
    "icon-512.png": (512, 0.16),
    "maskable-512.png": (512, 0.26),
}
"""Name → size in pixels and the share of it left free at each side."""

FINER = 4
"""Drawn this much larger, then made smaller: smooth edges."""


def icon(size: int, margin: float) -> Image.Image:
    """Three by three cells on blue, the one in the middle marked."""
    full = size * FINER
    image = Image.new("RGB", (full, full), BLUE)
    draw = ImageDraw.Draw(image)
    start, cell = full * margin, full * (1 - 2 * margin) / 3
    gap, bend = cell * 0.1, cell * 0.16
    for row in range(3):
        for column in range(3):
            left, top = start + column * cell + gap, start + row * cell + gap
            box = (left, top, left + cell - 2 * gap, top + cell - 2 * gap)
            marked = (row, column) == (1, 1)
            draw.rounded_rectangle(box, bend, fill=WHITE if marked else PALE)
    middle, radius = full / 2, cell * 0.2
    draw.ellipse(
        (middle - radius, middle - radius, middle + radius, middle + radius), fill=MARK
    )
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write every icon."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (size, margin) in ICONS.items():
        icon(size, margin).quantize(64).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
