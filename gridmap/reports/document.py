"""`Document`: paper in one look: A4, one typeface for both languages, text that people wrote
kept text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepInFrame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from gridmap.words import Words

FONT = "STSong-Light"
"""One of the typefaces every reader of PDF brings for Chinese: nothing has to be embedded,
a page stays a few kB.
"""
_LACKING = str.maketrans({"›": ">", "·": "|"})
"""Signs the typeface lacks, and what stands for them."""
MARGIN = 13 * mm
WIDTH = A4[0] - 2 * MARGIN
HEIGHT = A4[1] - 2 * MARGIN
INK = colors.HexColor("#1f2933")
QUIET = colors.HexColor("#5b6775")
LINE = colors.HexColor("#c4ccd4")
HEAD = colors.HexColor("#eef2f5")
_RULED = TableStyle(
    [
        ("BACKGROUND", (0, 0), (-1, 0), HEAD),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
)


class Document:
    """Paragraphs and tables in the language of `say`."""

    def __init__(self, say: Words) -> None:
        _register()
        self.say = say
        self._wrap = "CJK" if say.lang == "zh" else None

    def text(
        self, words: str, size: float = 9, *, quiet: bool = False, bold: bool = False
    ) -> Paragraph:
        """A paragraph; `words` are taken as they stand, never as markup, line breaks kept."""
        style = ParagraphStyle(
            f"{size}.{quiet}",
            fontName=FONT,
            fontSize=size,
            leading=size * 1.32,
            wordWrap=self._wrap,
            textColor=QUIET if quiet else INK,
        )
        markup = escape(words.translate(_LACKING)).replace("\n", "<br/>")
        return Paragraph(f"<b>{markup}</b>" if bold else markup, style)

    def heading(self, words: str) -> list[Flowable]:
        """A heading with room above."""
        return [Spacer(1, 2.6 * mm), self.text(words, 11.5, bold=True), Spacer(1, 1.2 * mm)]

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        size: float = 8,
    ) -> Table:
        """A ruled table; `widths` are shares of the page's width."""
        cells = [[self.text(head, size, quiet=True) for head in heads]]
        cells += [[self.text(str(cell), size) for cell in row] for row in rows]
        whole = sum(widths)
        columns = [WIDTH * width / whole for width in widths]
        table = Table(cells, colWidths=columns, repeatRows=1, hAlign="LEFT")
        table.setStyle(_RULED)
        return table

    def one_page(self, title: str, content: list[Flowable]) -> bytes:
        """A PDF of one page; what would not fit is made smaller as a whole, never cut."""
        shrunk = KeepInFrame(WIDTH, HEIGHT - 6 * mm, content, mode="shrink")
        return self._pdf(title, [shrunk], numbered=False)

    def pages(self, title: str, content: list[Flowable]) -> bytes:
        """A PDF of as many pages as needed, numbered."""
        return self._pdf(title, content, numbered=True)

    def _pdf(self, title: str, content: list[Flowable], *, numbered: bool) -> bytes:
        file = io.BytesIO()
        # `invariant`: no time and no random id in the file; the same page has the same bytes.
        document = BaseDocTemplate(
            file, pagesize=A4, title=title, author="gridmap", invariant=1
        )
        frame = Frame(
            MARGIN,
            MARGIN,
            WIDTH,
            HEIGHT,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )

        def number(canvas: Canvas, _document: BaseDocTemplate) -> None:
            if numbered:
                canvas.setFont(FONT, 8)
                canvas.setFillColor(QUIET)
                canvas.drawRightString(
                    A4[0] - MARGIN, MARGIN * 0.6, str(canvas.getPageNumber())
                )

        document.addPageTemplates(PageTemplate("page", [frame], onPage=number))
        document.build(content)
        return file.getvalue()


@cache
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    pdfmetrics.registerFontFamily(
        FONT, normal=FONT, bold=FONT, italic=FONT, boldItalic=FONT
    )
