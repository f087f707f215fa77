"""Prints certificates: one page of PDF, fonts embedded, with a QR code (ReportLab, segno)."""

from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from pathlib import Path

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from services.registry.rules.certificate_words import Line, Paper

HAN = "OneWindowHan"
LATIN = "OneWindowLatin"
FONT_FILE = Path(__file__).with_name("fonts") / "DroidSansFallbackFull.ttf"
LATIN_FILE = "Vera.ttf"
"""ReportLab carries it and finds it by name."""

GETA = "〓"
"""What printers set for a character that is not in the case."""

RED, INK, GREY = HexColor("#a61b1b"), HexColor("#1a1a1a"), HexColor("#595959")
MARGIN = 25 * mm
QR_SIZE = 34 * mm
WIDTH, HEIGHT = A4


class CertificatePrinter:
    """Sets certificates; reads its fonts once, when it is made."""

    def __init__(self) -> None:
        han, latin = TTFont(HAN, str(FONT_FILE)), TTFont(LATIN, LATIN_FILE)
        for font in (han, latin):
            # The library keeps fonts for the whole process; registering twice changes nothing.
            pdfmetrics.registerFont(font)
        self._han = frozenset(han.face.charToGlyph)
        self._latin = frozenset(latin.face.charToGlyph)

    def printed(self, paper: Paper) -> bytes:
        """The page as PDF; the same paper gives the same bytes."""
        buffer = BytesIO()
        canvas = Canvas(
            buffer,
            pagesize=A4,
            invariant=1,
            pageCompression=1,
            lang="zh-CN",
            initialFontName=LATIN,
        )
        # Titles of files are shown in lists and previews: nothing personal stands in them.
        canvas.setTitle(paper.title)
        canvas.setAuthor(paper.issuer)
        self._frame(canvas)
        self._head(canvas, paper)
        below = self._body(canvas, paper, top=HEIGHT - 82 * mm)
        self._proof(canvas, paper)
        self._foot(canvas, paper, below)
        canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    def _frame(self, canvas: Canvas) -> None:
        canvas.setStrokeColor(RED)
        canvas.setLineWidth(1.6)
        canvas.rect(14 * mm, 14 * mm, WIDTH - 28 * mm, HEIGHT - 28 * mm)
        canvas.setLineWidth(0.5)
        canvas.rect(16 * mm, 16 * mm, WIDTH - 32 * mm, HEIGHT - 32 * mm)

    def _head(self, canvas: Canvas, paper: Paper) -> None:
        canvas.setFillColor(RED)
        self._centred(canvas, paper.title, y=HEIGHT - 48 * mm, size=_fitting(paper.title))
        canvas.setFillColor(GREY)
        self._centred(canvas, paper.title_en, y=HEIGHT - 58 * mm, size=11)
        canvas.setFillColor(INK)
        self._centred(canvas, f"编号：{paper.number}", y=HEIGHT - 69 * mm, size=12)

    def _body(self, canvas: Canvas, paper: Paper, *, top: float) -> float:
        """The lines of the certificate; returns where they end."""
        y = top
        for line in (*paper.lines, *_dates(paper)):
            y -= self._line(canvas, line, y)
        return y

    def _line(self, canvas: Canvas, line: Line, y: float) -> float:
        canvas.setFillColor(GREY)
        self._write(canvas, line.title, x=MARGIN, y=y, size=11)
        canvas.setFillColor(INK)
        rows = list(self._wrapped(line.text, size=14, width=WIDTH - 2 * MARGIN - 60 * mm))
        for number, row in enumerate(rows):
            self._write(canvas, row, x=MARGIN + 60 * mm, y=y - number * 7 * mm, size=14)
        height = 7 * mm * len(rows) + 4 * mm
        canvas.setStrokeColor(HexColor("#d9d9d9"))
        canvas.line(MARGIN, y - height + 6.5 * mm, WIDTH - MARGIN, y - height + 6.5 * mm)
        return float(height)

    def _proof(self, canvas: Canvas, paper: Paper) -> None:
        x, y = WIDTH - MARGIN - QR_SIZE, 46 * mm
        _draw_code(canvas, paper.verify_url, x=x, y=y)
        canvas.setFillColor(INK)
        self._write(canvas, "扫码查验真伪和状态", x=x, y=y - 5 * mm, size=9.5)
        self._write(canvas, f"校验码 {paper.code}", x=x, y=y - 11 * mm, size=9.5)

    def _foot(self, canvas: Canvas, paper: Paper, below: float) -> None:
        canvas.setFillColor(INK)
        self._write(canvas, "制发机关", x=MARGIN, y=72 * mm, size=10)
        self._write(canvas, paper.issuer, x=MARGIN, y=64 * mm, size=14)
        canvas.setFillColor(GREY)
        self._write(canvas, f"查验网址 {paper.verify_page}", x=MARGIN, y=52 * mm, size=9)
        self._write(canvas, "证照标识", x=MARGIN, y=46 * mm, size=9)
        self._write(canvas, paper.identifier, x=MARGIN, y=41 * mm, size=8)
        self._write(canvas, "本证照是否有效，以使用时查验的结果为准。", x=MARGIN, y=35 * mm, size=9)
        if self._lacks(paper) and below > 80 * mm:
            note = f"{GETA} 为字库未收的字，以查验页面所示为准。"
            self._write(canvas, note, x=MARGIN, y=29 * mm, size=9)

    def _lacks(self, paper: Paper) -> bool:
        texts = (paper.title, paper.issuer, *(line.text for line in paper.lines))
        return any(font == "" for text in texts for font, _ in self._runs(text, raw=True))

    def _centred(self, canvas: Canvas, text: str, *, y: float, size: float) -> None:
        self._write(canvas, text, x=(WIDTH - self._width(text, size)) / 2, y=y, size=size)

    def _write(self, canvas: Canvas, text: str, *, x: float, y: float, size: float) -> None:
        for font, run in self._runs(text):
            canvas.setFont(font, size)
            canvas.drawString(x, y, run)
            x += pdfmetrics.stringWidth(run, font, size)

    def _width(self, text: str, size: float) -> float:
        return sum(float(pdfmetrics.stringWidth(run, font, size)) for font, run in self._runs(text))

    def _wrapped(self, text: str, *, size: float, width: float) -> Iterator[str]:
        row = ""
        for character in text:
            if row and self._width(row + character, size) > width:
                yield row
                row = ""
            row += character
        yield row

    def _runs(self, text: str, *, raw: bool = False) -> Iterator[tuple[str, str]]:
        """Pieces of a text, each with the font that has it.

        Args:
            raw: Tell characters that no font has by an empty font, instead of replacing them.
        """
        for font, characters in groupby(text, self._font_of):
            run = "".join(characters)
            yield (font, run) if font or raw else (HAN, GETA * len(run))

    def _font_of(self, character: str) -> str:
        if ord(character) in self._latin:
            return LATIN
        return HAN if ord(character) in self._han else ""


def _fitting(title: str) -> float:
    """A size at which a title of any length stays on its line."""
    return float(min(34.0, (WIDTH - 2 * MARGIN) / max(len(title), 1)))


def _dates(paper: Paper) -> tuple[Line, Line]:
    return (
        Line(key="issued", title="制发日期", title_en="Issued", text=paper.issued),
        Line(key="validity", title="有效期", title_en="Valid", text=paper.validity),
    )


def _draw_code(canvas: Canvas, text: str, *, x: float, y: float) -> None:
    """A QR code as filled squares: sharp at every size, and no image to decode."""
    matrix = segno.make(text, error="m", micro=False).matrix
    module = QR_SIZE / len(matrix)
    canvas.setFillColor(HexColor("#000000"))
    for row, modules in enumerate(matrix):
        top = y + QR_SIZE - (row + 1) * module
        for column, dark in enumerate(modules):
            if dark:
                canvas.rect(x + column * module, top, module, module, stroke=0, fill=1)
