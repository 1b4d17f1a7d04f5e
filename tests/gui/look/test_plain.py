"""What looks like HTML is shown as it is written."""

from PySide6.QtGui import QTextDocument

from gui.look.plain import as_plain


def test_what_looks_like_html_is_shown_as_it_is_written() -> None:
    assert as_plain("a & b") == "a & b"
    for text in ("<img src='file:///etc/x.png'> & <b>bold</b>", "one\ntwo  <i>three", "1 < 2"):
        document = QTextDocument()
        document.setHtml(as_plain(text))
        assert document.toPlainText() == text
