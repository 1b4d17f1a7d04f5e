"""The panel on the right: live numbers that do not make it jump, and the explanation."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication

from gui.look.numbers import number_text
from gui.look.theme import LIGHT
from gui.screen import reading
from gui.screen.explanation import explanation
from gui.screen.notes import NOTES, Check, Live, NotesPanel, notes_file

TEXT = r"""# Title

The gradient $g_t$ of *Momentum*, see [Newton](experiment:optimizers.newton) and [elsewhere](https://example.org).

$$v_{t+1} = \beta v_t + g_t$$

- one $\frac{$ broken
- two
"""


@pytest.fixture
def panel(qtbot: Any) -> NotesPanel:
    panel = NotesPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.resize(340, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def block(value: float, latex: str = r"v_{t+1} = \beta v_t + g_t", check: Check | None = None) -> Live:
    return Live("Velocity", latex, f"v = ({number_text(value)}, {number_text(-value)})", check)


def images(document: QTextDocument) -> list[str]:
    kind = QTextDocument.ResourceType.ImageResource
    return [name for name in ("0.formula", "1.formula", "2.formula") if document.resource(kind, QUrl(name))]


def test_numbers_change_and_nothing_moves(panel: NotesPanel, qtbot: Any) -> None:
    panel.show_markdown(TEXT)
    panel.set_live([block(0.1), block(0.2, "x")])
    qtbot.waitUntil(lambda: panel.text.y() > 60)
    widgets, place = list(panel.blocks), panel.text.y()
    for value in (1e-9, -123.4, 7e20, float("nan"), float("inf")):
        panel.set_live([block(value), block(-value, "x")])
        panel.grab()
        assert panel.text.y() == place
    assert panel.blocks == widgets
    assert panel.blocks[0].numbers.text == f"v = ({number_text(float('inf'))}, −∞)"


def test_blocks_come_and_go(panel: NotesPanel) -> None:
    panel.set_live([block(1), block(2)])
    panel.set_live([block(3)])
    assert [part.isHidden() for part in panel.blocks] == [False, True]
    panel.set_live([block(3), block(4), block(5)])
    assert [part.isHidden() for part in panel.blocks] == [False, False, False]


def test_the_badge_says_whether_the_gradient_is_right(panel: NotesPanel) -> None:
    panel.set_live([block(1, check=Check(3e-10, True)), block(2, check=Check(0.968, False)), block(3)])
    assert [part.head.badge for part in panel.blocks] == [
        "gradient check 3×10⁻¹⁰ ✓",
        "gradient check 0.97 ✗",
        "",
    ]
    panel.grab()


def test_formulas_stand_in_the_text_and_broken_ones_as_they_are(panel: NotesPanel) -> None:
    panel.show_markdown(TEXT)
    assert images(panel.text.document()) == ["0.formula", "1.formula"]
    plain = panel.text.document().toPlainText()
    assert plain.startswith("Title\nThe gradient \ufffc of Momentum")
    assert r"\frac{ broken" in plain
    assert "$" not in plain


def test_a_narrow_panel_scales_wide_formulas_and_shows_all_text(panel: NotesPanel, qtbot: Any) -> None:
    panel.show_markdown("$$" + "x + " * 40 + "x$$\n\n" + "word " * 100)
    panel.resize(260, 600)
    qtbot.waitUntil(lambda: panel.text.document().textWidth() == panel.text.width())
    document = panel.text.document()
    assert document.idealWidth() <= panel.text.width()
    assert panel.text.height() >= document.size().height()


def test_links_lead_to_experiments_only(panel: NotesPanel, qtbot: Any) -> None:
    panel.show_markdown(TEXT)
    with qtbot.waitSignal(panel.experiment_requested) as asked:
        panel.text.anchorClicked.emit(QUrl("experiment:optimizers.newton"))
    assert asked.args == ["optimizers.newton"]
    with qtbot.assertNotEmitted(panel.experiment_requested):
        panel.text.anchorClicked.emit(QUrl("https://example.org"))
    assert panel.text.document().toPlainText().startswith("Title")


def test_chinese_lines_are_joined_without_a_gap_and_headings_stay_apart(panel: NotesPanel) -> None:
    panel.show_markdown("# 标题\n几个优化器从同一点出发，\n沿着下降。\n\n- 一\n- 二\n")
    assert panel.text.document().toPlainText() == "标题\n几个优化器从同一点出发，沿着下降。\n一\n二"


def test_text_can_be_selected_and_read(panel: NotesPanel) -> None:
    panel.show_markdown("Some words")
    panel.text.selectAll()
    assert panel.text.textCursor().selectedText() == "Some words"


def test_explanations_are_found_by_name_and_fall_back_to_english(panel: NotesPanel, tmp_path: Path) -> None:
    assert notes_file("optimizers.race", "en") == NOTES / "en" / "optimizers" / "race.md"
    assert notes_file("optimizers.no_such", "zh_CN") == NOTES / "en" / "optimizers" / "no_such.md"
    panel.show_file(tmp_path / "nowhere.md")
    assert panel.text.document().toPlainText() == ""
    (tmp_path / "there.md").write_text("Hello", encoding="utf-8")
    panel.show_file(tmp_path / "there.md")
    assert panel.text.document().toPlainText() == "Hello"


def test_texts_of_widths_before_do_not_stay(panel: NotesPanel, qtbot: Any) -> None:
    panel.show_markdown(TEXT)
    for width in (300, 340, 360, 320):
        panel.resize(width, 600)
        qtbot.waitUntil(lambda: panel.text.document().textWidth() == panel.text.width())
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert len(panel.text.findChildren(QTextDocument)) == 1
    assert "Title" in panel.text.toPlainText()


def test_the_text_of_an_experiment_is_typeset_for_the_width_that_it_has(window, monkeypatch):
    widths = []
    monkeypatch.setattr(
        reading, "explanation", lambda *given: (widths.append(given[2]), explanation(*given))[1]
    )
    window.show_experiment("losses.curves")
    window.show_notes(True)
    QApplication.processEvents()
    assert widths[-1] == window.on_screen.notes.scene.words.width()
    assert len(widths) <= 2  # with and without a scroll bar
    window.show_notes(False)
    window.on_screen.notes.show_markdown("Nobody *reads* this.")
    assert len(widths) <= 2
    window.show_notes(True)
    assert window.on_screen.notes.text.toPlainText() == "Nobody reads this."


def test_a_line_of_chinese_that_ends_makes_no_gap(qtbot: Any) -> None:
    document = explanation(
        "它滚起来，\nAdam 更快\n一些。\n\n他说\nAdam 好", LIGHT, 300, 1.0, QApplication.instance()
    )
    assert document.toPlainText().splitlines() == ["它滚起来，Adam 更快一些。", "他说 Adam 好"]


@pytest.mark.parametrize(("size", "told"), [((1280, 640), False), ((1920, 1000), True)])
def test_in_a_low_window_a_lecture_leaves_the_room_of_the_numbers_to_the_plots(on_screen, size, told) -> None:
    screen = on_screen("losses.curves", theme=replace(LIGHT, scale=1.6), size=size)
    assert screen.strip.formula.isVisible()
    assert screen.strip.numbers.isVisible() == told
    assert screen.view.values.height() > 0.4 * size[1]


def test_formulas_of_the_text_are_copied_with_the_mouse_and_by_key(panel: NotesPanel) -> None:
    panel.show_markdown(TEXT)
    text = panel.text
    assert text.formulas() == ["g_t", r"v_{t+1} = \beta v_t + g_t"]
    layout = text.document().documentLayout()
    wide, high = range(0, text.width(), 4), range(0, text.height(), 4)
    place = next(QPoint(x, y) for y in high for x in wide if layout.imageAt(QPointF(x, y)) == "1.formula")
    actions = {action.text(): action for action in text.menu(place).actions()}
    actions["Copy as LaTeX"].trigger()
    assert QApplication.clipboard().text() == r"v_{t+1} = \beta v_t + g_t"
    actions["Copy as picture"].trigger()
    assert not QApplication.clipboard().image().isNull()
    beside = text.menu(QPoint(text.width() - 2, text.height() - 2))
    assert "Copy as LaTeX" not in [action.text() for action in beside.actions()]
    by_key = next(action for action in text.menu(None).actions() if action.text() == "Copy as LaTeX")
    by_key.menu().actions()[0].trigger()
    assert QApplication.clipboard().text() == "g_t"


def test_stressed_chinese_is_bold_and_upright(qapp: QApplication) -> None:
    document = explanation(r"叫做*学习率* $\eta$，又叫 *step*。", LIGHT, 300, 1.0, qapp)
    looks = {}
    pieces = document.begin().begin()
    while not pieces.atEnd():
        form = pieces.fragment().charFormat()
        looks[pieces.fragment().text()] = (form.fontWeight() >= 700, form.fontItalic())
        pieces += 1
    assert looks["叫做"] == (False, False)
    assert looks["学习率"] == (True, False)
    assert looks["step"] == (False, True)


@pytest.mark.parametrize(
    "words", ["The gradient of cross-entropy is p − y, ", "交叉熵的梯度是 p − y，每步乘以 1 − β。"]
)
def test_no_line_parts_a_short_difference(qapp: QApplication, words: str) -> None:
    document = explanation(10 * words + "- a list − with words\n- `a − b`", LIGHT, 300, 1.0, qapp)
    for width in range(150, 350, 7):
        document.setTextWidth(width)
        document.size()
        block = document.begin()
        for k in range(block.layout().lineCount()):
            line = block.layout().lineAt(k)
            told = block.text()[line.textStart() : line.textStart() + line.textLength()]
            assert not told.rstrip().endswith("−"), told
            assert not told.startswith("−"), told
