"""The official map sheet of a plan: grids with their names, neighbours, title, scale bar,
north arrow, legend, date, number.

Drawn with ReportLab in its own Chinese font (STSong-Light), which every reader of PDF
knows: no font file is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A3, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gridmap.city.plans.sheets import Sheet, SheetGrid
from gridmap.geo.crs import to_metres
from gridmap.words import Words, mark

FONT = "STSong-Light"
MM = 72 / 25.4
MARGIN = 14 * MM
SIDE = 78 * MM
"""Width of the column with legend and figures."""
HEAD = 24 * MM
SCALES = (
    1_000,
    2_000,
    2_500,
    5_000,
    7_500,
    10_000,
    15_000,
    20_000,
    25_000,
    50_000,
    75_000,
    100_000,
    200_000,
    500_000,
)
INK, QUIET = HexColor("#1f2933"), HexColor("#5b6775")
FILLS = {
    "basic": HexColor("#f7f1e3"),
    "exclusive": HexColor("#cfe4f3"),
    "changed": HexColor("#ffd166"),
}
LEGEND = {
    "changed": mark("Grid that changes"),
    "basic": mark("Basic grid"),
    "exclusive": mark("Exclusive grid"),
    "village": mark("Border of a village"),
    "neighbour": mark("Neighbouring village"),
}


def map_sheets(sheets: Sequence[Sheet], path: Path) -> Path:
    """Write `sheets` as a PDF, a page of A3 landscape each, and return its path."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    width, height = landscape(A3)
    canvas = Canvas(str(path), pagesize=(width, height))
    canvas.setTitle(sheets[0].title)
    canvas.setAuthor("gridmap")
    frame = (MARGIN, MARGIN, width - 2 * MARGIN - SIDE, height - 2 * MARGIN - HEAD)
    for sheet in sheets:
        _Drawing(canvas, sheet, frame).draw()
        canvas.showPage()
    canvas.save()
    return path


class _Drawing:
    """One sheet on its canvas; `frame` is left, bottom, width, height of the map in points."""

    def __init__(
        self, canvas: Canvas, sheet: Sheet, frame: tuple[float, float, float, float]
    ) -> None:
        self.canvas, self.sheet, self.frame = canvas, sheet, frame
        self.say = Words(sheet.lang)
        shapes = to_metres(np.array([grid.shape for grid in sheet.grids], dtype=object))
        west, south, east, north = shapely.total_bounds(shapes)
        left, bottom, width, height = frame
        need = max(
            (east - west) * 1.12 / (width / MM / 1000),
            (north - south) * 1.12 / (height / MM / 1000),
        )
        self.scale = next((scale for scale in SCALES if scale >= need), SCALES[-1])
        self.per_m = 1000 * MM / self.scale
        self.x0 = left + width / 2 - (west + east) / 2 * self.per_m
        self.y0 = bottom + height / 2 - (south + north) / 2 * self.per_m
        self.shapes = shapes

    def draw(self) -> None:
        self._head()
        self._map()
        self._side()

    def _head(self) -> None:
        left, bottom, _, height = self.frame
        self._text(left, bottom + height + 13 * MM, self.sheet.title, 24)
        self._text(left, bottom + height + 5 * MM, self.sheet.subtitle, 12, QUIET)

    def _map(self) -> None:
        canvas, sheet = self.canvas, self.sheet
        canvas.saveState()
        window = canvas.beginPath()
        window.rect(*self.frame)
        canvas.clipPath(window, stroke=0)
        for near in sheet.neighbours:
            self._polygon(to_metres(near.shape), HexColor("#eef0f1"), QUIET, 0.5)
        for grid, shape in zip(sheet.grids, self.shapes, strict=True):
            self._polygon(shape, FILLS["changed" if grid.changed else grid.kind], INK, 0.6)
        for outline in sheet.villages:
            self._polygon(to_metres(outline), None, INK, 2.0)
        for near in sheet.neighbours:
            self._label(to_metres(near.shape), [near.name], 9, QUIET)
        for grid, shape in zip(sheet.grids, self.shapes, strict=True):
            self._label(shape, self._lines(grid), 9, INK)
        canvas.restoreState()
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.2)
        canvas.rect(*self.frame)

    def _lines(self, grid: SheetGrid) -> list[str]:
        return [
            grid.name,
            str(grid.code)[-6:],
            self.say("{n} households", n=grid.households),
        ]

    def _polygon(self, shape: Any, fill: Color | None, stroke: Color, width: float) -> None:
        path = self.canvas.beginPath()
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            points = shapely.get_coordinates(ring) * self.per_m + (self.x0, self.y0)
            path.moveTo(*points[0])
            for point in points[1:-1]:
                path.lineTo(*point)
            path.close()
        self.canvas.setStrokeColor(stroke)
        self.canvas.setLineWidth(width)
        if fill is not None:
            self.canvas.setFillColor(fill)
        self.canvas.drawPath(path, fill=int(fill is not None), stroke=1, fillMode=0)

    def _label(self, shape: Any, lines: list[str], size: float, colour: Color) -> None:
        """Words in the middle of what is seen of a shape, as many lines as have room;
        smaller where it is small.
        """
        left, bottom, width, height = self.frame
        corners = np.array([[left, bottom], [left + width, bottom + height]])
        window = shapely.box(*((corners - (self.x0, self.y0)) / self.per_m).ravel())
        part = shapely.intersection(shape, window)
        if part.is_empty:
            return
        west, south, east, north = (edge * self.per_m for edge in part.bounds)
        fit = min(
            size,
            (east - west) * 0.8 / max(self._width(line, 1) for line in lines),
            (north - south) * 0.5,
        )
        if fit < 3.5:
            lines, fit = lines[1:2] or lines[:1], max(fit, 3.5)
        inside = shapely.point_on_surface(part)
        x = inside.x * self.per_m + self.x0
        y = inside.y * self.per_m + self.y0 + (len(lines) / 2 - 0.8) * fit * 1.2
        for line in lines:
            self._halo(x - self._width(line, fit) / 2, y, line, fit, colour)
            y -= fit * 1.2

    def _side(self) -> None:
        left, bottom, width, height = self.frame
        x, y = left + width + 8 * MM, bottom + height
        self._north(x + 10 * MM, y - 22 * MM)
        y -= 36 * MM
        for key, words in LEGEND.items():
            self._swatch(key, x, y)
            self._text(x + 14 * MM, y + 0.8 * MM, self.say(words), 10.5)
            y -= 8 * MM
        y -= 6 * MM
        for line in self.sheet.figures:
            self._text(x, y, line, 10.5)
            y -= 6.4 * MM
        self._foot(x, bottom)

    def _foot(self, x: float, bottom: float) -> None:
        say, sheet = self.say, self.sheet
        lines = [
            say("Plan number: {number}", number=sheet.number),
            say("State: {state}", state=sheet.state),
            say("Date: {day}", day=sheet.day.isoformat()),
            say("CGCS2000, Gauss-Krüger, central meridian 114° E"),
        ]
        if sheet.generated:
            lines.append(say("Demonstration: boundaries below county are generated."))
        y = bottom
        for line in reversed(lines):
            self._text(x, y, line, 9, QUIET)
            y += 5.6 * MM
        self._bar(x, y + 6 * MM)

    def _bar(self, x: float, y: float) -> None:
        """A bar of round metres in four parts, and the scale in figures."""
        room = 58 * MM / self.per_m
        step = 10 ** math.floor(math.log10(room / 4))
        step = next(step * times for times in (5, 2.5, 2, 1) if step * times * 4 <= room)
        part = step * self.per_m
        for number in range(4):
            self.canvas.setFillColor(INK if number % 2 == 0 else white)
            self.canvas.setStrokeColor(INK)
            self.canvas.setLineWidth(0.7)
            self.canvas.rect(x + number * part, y, part, 2.2 * MM, fill=1, stroke=1)
        for number in (0, 2, 4):
            far = step * number
            words = f"{far:,.0f} m" if far < 2000 else f"{far / 1000:g} km"
            middle = self._width(words, 8) / 2 if number else 0
            self._text(x + number * part - middle, y + 3.6 * MM, words, 8)
        scale = f"{self.scale:,}".replace(",", " ")
        self._text(x, y - 5.6 * MM, self.say("Scale 1 : {scale}", scale=scale), 10.5)

    def _north(self, x: float, y: float) -> None:
        for side, fill in ((-1, INK), (1, white)):
            path = self.canvas.beginPath()
            path.moveTo(x, y + 16 * MM)
            path.lineTo(x + side * 4.5 * MM, y)
            path.lineTo(x, y + 4 * MM)
            path.close()
            self.canvas.setFillColor(fill)
            self.canvas.setStrokeColor(INK)
            self.canvas.drawPath(path, fill=1, stroke=1)
        words = self.say("N")
        self._text(x - self._width(words, 13) / 2, y + 17.5 * MM, words, 13)

    def _swatch(self, key: str, x: float, y: float) -> None:
        canvas = self.canvas
        canvas.setStrokeColor(QUIET if key == "neighbour" else INK)
        canvas.setLineWidth(2.0 if key == "village" else 0.6)
        if key == "village":
            canvas.line(x, y + 2 * MM, x + 10 * MM, y + 2 * MM)
            return
        canvas.setFillColor(FILLS.get(key, HexColor("#eef0f1")))
        canvas.rect(x, y, 10 * MM, 4.6 * MM, fill=1, stroke=1)

    def _halo(self, x: float, y: float, words: str, size: float, colour: Color) -> None:
        """Words with a light edge, to be read over lines."""
        self.canvas.saveState()  # how text is drawn lasts beyond the text itself
        text = self.canvas.beginText(x, y)
        text.setFont(FONT, size)
        text.setTextRenderMode(2)
        self.canvas.setStrokeColor(white)
        self.canvas.setLineWidth(size / 5)
        text.setFillColor(white)
        text.textOut(words)
        self.canvas.drawText(text)
        self.canvas.restoreState()
        self._text(x, y, words, size, colour)

    def _text(
        self, x: float, y: float, words: str, size: float, colour: Color = INK
    ) -> None:
        text = self.canvas.beginText(x, y)
        text.setFont(FONT, size)
        text.setFillColor(colour)
        text.textOut(words)
        self.canvas.drawText(text)

    @staticmethod
    def _width(words: str, size: float) -> float:
        return float(pdfmetrics.stringWidth(words, FONT, size))
