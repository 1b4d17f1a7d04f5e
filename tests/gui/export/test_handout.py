"""The handout of a lesson: what stands in it, as HTML and as PDF, and that a text in it does nothing."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QPdfWriter, QPicture
from PySide6.QtSvg import QSvgRenderer

from engine.lessons.lesson import OfferedAnswer, StopText
from engine.lessons.lesson_file import read
from gui.export.handout import Handout, HandoutPicture, HandoutStop, handout_of, language_for
from gui.export.handout_html import html_of
from gui.export.handout_pdf import HandoutSheet, pdf_of
from gui.look.language import install

EVIL = "</title><script>alert(1)</script> & \"quotes\" 'of' ![x](file:///etc/hostname)"
LESSON = f"""# A lesson {EVIL}

```toml
lesson = 1
title.zh_CN = "一课"
about.en = "About {{it}} <b>"
```

## coin

```toml
experiment = "entropy.binary"
minutes = 3
settings.p = 0.5
question.kind = "choose"
```

### en: The coin <i>

Words with $p = 1/2$. {EVIL}

$$H = -\\sum p \\log p$$

? How much? {EVIL}
- [ ] Nothing {EVIL}
  > It is not certain.
- [x] One bit
! So it is. {EVIL}

#### Teacher

Let them guess.

### zh_CN: 硬币

骨头与 $p$。

? 多少？
- [ ] 没有
  > 并不确定。
- [x] 一比特
! 对。

#### Teacher

让他们猜。

## number

```toml
settings.p = 0.25
question.kind = "number"
question.value = "entropy"
question.unit.en = "bits"
question.unit.zh_CN = "比特"
```

### en: A number

? How large is H?
! It is less.

### zh_CN: 一个数

? H 是多少？
! 更小。

## state

```toml
settings.p = 0.25
question.kind = "reach"
question.until = "entropy > 0.99"
question.solution.settings.p = 0.5
```

### en: A state

? Reach one bit.

### zh_CN: 一个状态

? 达到一比特。

## curve

```toml
experiment = "optimizers.race"
settings.steps = 20
step = 0
question.kind = "draw"
question.scalar = "0.f"
question.steps = 20
question.high = 5
```

### en: A curve

? Draw f.

### zh_CN: 一条曲线

? 画出 f。
"""


class Seen(HTMLParser):
    """What a browser would find in a file."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def made(language, teacher=False):
    work = handout_of(read(LESSON), language, teacher)
    shares = []
    while True:
        try:
            shares.append(next(work))
        except StopIteration as end:
            assert shares == sorted(shares)
            assert shares[0] > 0
            assert shares[-1] <= 1
            return end.value


@pytest.fixture(scope="module")
def english(qapp):
    return made("en", teacher=True)


def test_the_file_has_everything_in_it_and_no_text_does_anything(english):
    seen = Seen(html_of(english))
    assert not {"script", "link", "iframe", "object", "b2", "i"} & set(seen.tags)
    sources = [value for name, value in seen.attributes if name in ("src", "href")]
    assert len(sources) == 6, "four figures, axes to sketch into, and the curve that comes"
    assert all(value.startswith("data:image/") for value in sources)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert ("content", "default-src 'none'; img-src data:; style-src 'unsafe-inline'") in seen.attributes
    text = " ".join(" ".join(seen.words).split())
    assert text.count("<script>alert(1)</script>") == 6, "title twice, and four times in the first stop"
    assert "file:" not in text.replace("[x]", "")
    for words in ("About {it} <b>", "1 The coin <i>", "Let them guess.", "with the teacher's notes"):
        assert words in text
    svg = [b64decode(one.partition(",")[2]) for one in sources if "svg" in one[:20]]
    assert svg
    assert all(QSvgRenderer(one).isValid() for one in svg)
    assert all(len(one) <= 150_000 for one in svg)


def test_formulas_are_drawn_in_the_line_and_say_what_they_are(english):
    html = html_of(english)
    (inline,) = re.findall(r'<svg class="formula"[^>]*aria-label="p = 1/2"[^>]*>', html)
    assert "vertical-align:-" in inline
    (display,) = re.findall(r'<svg class="formula"[^>]*aria-label="H = [^"]*"[^>]*>', html)
    assert "vertical-align" not in display


def test_questions_have_room_and_the_answers_stand_at_the_end(english):
    html = html_of(english)
    asked, answers = html.split('class="solutions"')
    assert asked.count('class="box"') == 2
    assert asked.count('class="line"') == 1 + 2
    assert "It is not certain" not in asked
    assert "So it is." not in asked
    assert "0.8113" not in asked.partition("A number")[2].partition("<figcaption>")[2].partition("A state")[0]
    for words in ("B  One bit", "A  It is not certain.", "0.8113 bits", "For example: Truth 0.5"):
        assert words in answers
    assert answers.count("<img") == 1
    assert "Teacher" not in html


def test_only_the_teacher_gets_the_notes_and_chinese_is_chinese(qapp):
    install(qapp, "zh_CN")
    try:
        handout = made("zh_CN")
        html, pdf = html_of(handout), pdf_of(handout)
    finally:
        install(qapp, "en")
    assert '<html lang="zh-CN">' in html
    assert "<title>一课</title>" in html
    for words in ("约 9 分钟", "骨头与", "问题", "答案", "例如：真实 0.5", "没有", "0.8113 比特"):
        assert words in html
    assert "让他们猜" not in html
    assert f"<{ord('骨'):04X}>".encode() in pdf, "an ideograph, not the radical that looks the same"


def test_the_pdf_is_a4_with_its_fonts_and_figures_in_it(english):
    pdf = pdf_of(english)
    assert pdf.startswith(b"%PDF-")
    pages = pdf.count(b"/Type /Page\n") or len(re.findall(rb"/Type\s*/Page[^s]", pdf))
    assert 4 <= pages <= 9
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [round(float(side)) for side in box.groups()] == [595, 842]
    assert b"/FontFile2" in pdf


def test_another_language_than_the_lesson_has_is_its_first():
    lesson = read(LESSON.replace("zh_CN", "de"))
    assert language_for(lesson, "zh_CN") == "en"
    assert language_for(read(LESSON), "zh_CN") == "zh_CN"


def test_a_caption_stays_with_its_picture_and_a_heading_with_what_it_is_over(qapp):
    answers = tuple(OfferedAnswer(one, True) for one in "abc")
    picture = HandoutPicture("png", b"", QPicture(), 600, 120, "Long caption " * 15)
    stops = []
    for k in range(1, 25):  # what comes before is of many heights
        text = StopText(f"Stop {k}", "\n\n".join(["A line."] * k), asked="Which?", answers=answers)
        stops.append(HandoutStop(k, text, 1.0, "choose", figure=picture))
    sheet = HandoutSheet(QPdfWriter(QBuffer()))
    sheet.write(Handout("T", "", 24.0, "en", False, tuple(stops)))
    document, lines = sheet.document, []  # of each line the words of its block, its block, and its page
    block = document.begin()
    while block.isValid():
        top = document.documentLayout().blockBoundingRect(block).top()
        for k in range(block.layout().lineCount()):
            page = (top + block.layout().lineAt(k).y() + 1) // document.pageSize().height()
            lines.append((block.text(), block.blockNumber(), page))
        block = block.next()
    captions = [line for line in lines if "Long caption" in line[0]]
    assert len(captions) >= 2 * len(stops)
    assert lines[-1][2] > 8
    held = "\ufffc", "Stop", "Question", "Which?"
    for (words, number, page), (_, following, next_page) in pairwise(lines):
        if number == following or (words.startswith(held) and "  C  " not in words):
            assert page == next_page, words
