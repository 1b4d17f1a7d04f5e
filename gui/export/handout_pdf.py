"""A handout as a PDF on A4: text that can be copied, formulas and figures as vectors."""

from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTableFormat,
)

from gui.export.export import copyable
from gui.export.handout import Handout, HandoutPicture, HandoutStop
from gui.export.handout_drawings import (
    OBJECT,
    WHICH,
    DrawnObjects,
    InlineDrawing,
    box,
    figure,
    formula,
    ruled,
)
from gui.export.handout_pages import Paragraphs, break_before, hold_together, paragraph
from gui.export.handout_words import (
    ExplainedAnswer,
    bare_title,
    explained,
    heading,
    letter,
    lines,
    room,
    subtitle,
)
from gui.export.paper import DOTS, MILLIMETRES
from gui.export.prose import Passage, ProseTable, Wording, prose
from gui.look.formula import Order, typeset_or_none
from gui.look.language import tr
from gui.look.theme import LIGHT
from gui.plots.painting import saved

PAGE = 210 * MILLIMETRES, 297 * MILLIMETRES  # pixels of 1/96 inch
EDGES = 20 * MILLIMETRES, 18 * MILLIMETRES  # at each side, and above and below
PX, LINE_HEIGHT = 13.5, 142.0  # pixels of the letters; per cent
INDENT = 22.0


def pdf_of(handout: Handout) -> bytes:
    """The whole file."""
    title, buffer = bare_title(handout), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(round(DOTS))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("Nabla")
    sheet = HandoutSheet(writer)
    sheet.write(handout)
    with QPainter(writer) as painter:
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        for k in range(sheet.pages):
            if k:
                writer.newPage()
            sheet.paint(painter, k, title)
    return copyable(bytes(buffer.data().data()))


class HandoutSheet:
    """A handout laid out on pages."""

    def __init__(self, device: QPdfWriter) -> None:
        self.document = QTextDocument()
        self._objects = DrawnObjects(self.document)
        layout = self.document.documentLayout()
        layout.setPaintDevice(device)
        layout.registerHandler(OBJECT, self._objects)
        self._font = LIGHT.font()
        self._font.setPixelSize(round(PX))
        self.document.setDefaultFont(self._font)
        self.document.setDocumentMargin(0)
        self._wide, self._high = (side - 2 * edge for side, edge in zip(PAGE, EDGES, strict=True))
        self.document.setPageSize(QSizeF(self._wide, self._high))
        self._cursor = QTextCursor(self.document)
        self._fresh = True  # whether the first paragraph is still to be written
        self._together: list[Paragraphs] = []  # to be held on one page

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return self.document.pageCount()

    def paint(self, painter: QPainter, page: int, title: str) -> None:
        """Paint one page, with a line at its foot."""
        left, top = EDGES
        with saved(painter):
            painter.translate(left, top - page * self._high)
            view = QRectF(0, page * self._high, self._wide, self._high)
            painter.setClipRect(view)
            self._objects.view = view.adjusted(0, 1, 0, -1)  # Qt rounds where pages begin
            context = QAbstractTextDocumentLayout.PaintContext()
            context.clip = view
            context.palette.setColor(context.palette.ColorRole.Text, QColor(LIGHT.text))
            self.document.documentLayout().draw(painter, context)
        small = QFont(self._font)
        small.setPixelSize(11)
        painter.setFont(small)
        painter.setPen(QColor(LIGHT.quiet))
        foot = QRectF(left, PAGE[1] - top + 4, self._wide, top / 2)
        number = f"{page + 1} / {self.pages}"
        apart = QFontMetricsF(small).horizontalAdvance(number) + 20
        words = QFontMetricsF(small).elidedText(title, Qt.TextElideMode.ElideRight, self._wide - apart)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, words)
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, number)

    # The parts

    def write(self, handout: Handout) -> None:
        """Lay out everything."""
        self._heading(bare_title(handout), 24, 0)
        self._line(subtitle(handout), quiet=True)
        self._prose(handout.about)
        for stop in handout.stops:
            self._stop(stop, handout.teacher)
        found = explained(handout)
        if found:
            self._heading(tr("The answers"), 20, 0, page=True)
        for stop, one in found:
            self._solution(stop, one)
        hold_together(self.document, self._together, self._high)

    def _stop(self, stop: HandoutStop, teacher: bool) -> None:
        self._heading(heading(stop), 17, 22)
        self._prose(stop.text.words)
        self._figure(stop.figure)
        if stop.question:
            self._heading(tr("Question"), round(PX), 8)
            first = paragraph(self._cursor)
            self._prose(stop.text.asked)
            self._room(stop)
            self._together.append((first, paragraph(self._cursor)))
        if teacher and stop.text.teacher:
            self._heading(tr("For the teacher"), round(PX), 8)
            self._prose(stop.text.teacher, quiet=True, indent=1)

    def _room(self, stop: HandoutStop) -> None:
        for k, answer in enumerate(stop.text.answers):
            self._block(indent=1, above=2, below=4)
            self._draw(InlineDrawing(10, 10, box))
            self._cursor.insertText(f"  {letter(k)}  ", self._form(Wording("", bold=True)))
            self._runs(one for part in prose(answer.words) if isinstance(part, Passage) for one in part.runs)
        self._figure(stop.sketch)
        for k in range(lines(stop)):
            self._block(above=6, drawn=True)
            words, unit = (room(stop), stop.unit) if k == 0 else ("", "")
            self._draw(InlineDrawing(self._wide, 26, ruled(words, unit, self._font)))

    def _solution(self, stop: HandoutStop, one: ExplainedAnswer) -> None:
        self._heading(one.heading, 15, 14)
        self._prose(one.right)
        self._figure(stop.curve)
        self._prose(one.after)
        for other in one.others:
            self._prose(other, quiet=True)

    # Text

    def _block(
        self, indent: int = 0, above: float = 0, below: float = 8, level: int = 0, drawn: bool = False
    ) -> None:
        """Begin a paragraph; one that is `drawn` is as high as what stands in it."""
        form = QTextBlockFormat()
        high = 100.0 if drawn else LINE_HEIGHT
        form.setLineHeight(high, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setLeftMargin(INDENT * indent)
        form.setTopMargin(above)
        form.setBottomMargin(below)
        form.setHeadingLevel(level)
        if self._fresh:
            self._cursor.setBlockFormat(form)
            self._fresh = False
        else:
            self._cursor.insertBlock(form, QTextCharFormat())

    def _heading(self, words: str, px: int, above: float, page: bool = False) -> None:
        self._block(above=above, below=5, level=1)
        if page:
            break_before(self._cursor.block())
        form = self._form(Wording("", bold=True))
        font = form.font()
        font.setPixelSize(px)
        form.setFont(font)
        self._cursor.insertText(words, form)

    def _line(self, words: str, quiet: bool = False) -> None:
        self._block()
        self._cursor.insertText(words, self._form(Wording(words), quiet))

    def _prose(self, markdown: str, quiet: bool = False, indent: int = 0) -> None:
        for part in prose(markdown):
            if isinstance(part, ProseTable):
                self._grid(part)
                continue
            below = 3 if part.depth or part.code else 8
            above, below = (8, below) if part.heading else (4, 12) if part.display else (0, below)
            self._block(indent + part.depth + part.quoted, above, below, part.heading, part.display)
            if part.depth:
                sign = f"{part.number}." if part.number else "•"
                self._cursor.insertText(f"{sign}  ", self._form(Wording(""), quiet))
            self._runs(part.runs, quiet, display=part.display)

    def _runs(self, runs: Iterable[Wording], quiet: bool = False, display: bool = False) -> None:
        for run in runs:
            if run.formula:
                self._formula(run.text, display)
            else:
                self._cursor.insertText(run.text, self._form(run, quiet))

    def _form(self, run: Wording, quiet: bool = False) -> QTextCharFormat:
        form, font = QTextCharFormat(), QFont(self._font)
        if run.bold:
            font.setWeight(QFont.Weight.DemiBold)
        font.setItalic(run.italic)
        if run.code:
            font.setFamilies(["DejaVu Sans Mono", "Noto Sans Mono", "Consolas", *self._font.families()])
        form.setFont(font)
        form.setForeground(QColor(LIGHT.quiet if quiet else LIGHT.text))
        if run.link:
            form.setAnchor(True)
            form.setAnchorHref(run.link)
        return form

    def _grid(self, grid: ProseTable) -> None:
        form = QTextTableFormat()
        form.setCellPadding(4)
        form.setCellSpacing(0)
        form.setBorder(0.5)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderCollapse(True)
        form.setWidth(QTextLength(QTextLength.Type.VariableLength, 0))
        table = self._cursor.insertTable(len(grid.rows), len(grid.rows[0]), form)
        for k, row in enumerate(grid.rows):
            for n, cell in enumerate(row):
                self._cursor = table.cellAt(k, n).firstCursorPosition()
                self._runs([run._replace(bold=run.bold or k == 0) for run in cell])
        self._cursor = QTextCursor(self.document)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)

    # What is drawn

    def _draw(self, drawing: InlineDrawing) -> None:
        self._objects.all.append(drawing)
        form = self._form(Wording(""))
        form.setObjectType(OBJECT)
        form.setProperty(WHICH, len(self._objects.all) - 1)
        if drawing.middle:
            form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        self._cursor.insertText("\ufffc", form)

    def _formula(self, latex: str, display: bool) -> None:
        found = typeset_or_none(Order(latex, round(1.1 * PX), LIGHT.text, (), self._wide // 8 * 8))
        if found is None:
            self._cursor.insertText(latex, self._form(Wording(latex, code=True)))
            return
        scale = min(1.0, self._wide / found.width)
        top, bottom = found.ascent * scale, (found.height - found.ascent) * scale
        middle = QFontMetricsF(self._font).xHeight() / 2  # Qt puts the middle of an object there
        if not display:
            top, bottom = (max(top - middle, bottom + middle) + shift for shift in (middle, -middle))
        painted = formula(found, scale, top - found.ascent * scale)
        self._draw(InlineDrawing(found.width * scale, top + bottom, painted, not display))

    def _figure(self, picture: HandoutPicture | None) -> None:
        if picture is None:
            return
        share = min(1.0, self._wide / picture.width, (self._high - 60) / picture.height)
        self._block(above=4, below=4, drawn=True)
        first = paragraph(self._cursor)
        drawn = figure(picture.strokes, share)
        self._draw(InlineDrawing(picture.width * share, picture.height * share, drawn))
        if picture.caption:
            self._block(below=8)
            form = self._form(Wording(""), quiet=True)
            font = form.font()
            font.setPixelSize(11)
            form.setFont(font)
            self._cursor.insertText(picture.caption, form)
        self._together.append((first, paragraph(self._cursor)))
