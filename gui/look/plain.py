"""Text that a file can speak, for widgets that take both plain text and HTML.

A name with a picture, a link or a million nested lists in it must be seen as it is written, and nothing of it
done. Where a widget can be told that its text is plain, it is told so; `as_plain` is for the others, such as
tooltips and the questions of `QMessageBox`.
"""

from html import escape

from engine.data.plain import plain_name

__all__ = ["as_plain", "plain_name"]


def as_plain(text: str) -> str:
    """The text, to be shown as it is written: what could be taken for HTML becomes HTML that says so."""
    if "<" not in text:
        return text
    return f'<span style="white-space: pre-wrap">{escape(text)}</span>'
