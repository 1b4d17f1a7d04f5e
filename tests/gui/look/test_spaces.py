"""A space parts Chinese from Latin letters and numbers, not from Chinese: also where a slot is filled."""

import pytest

from gui.look import language
from gui.look.language import series, tr


@pytest.mark.parametrize(
    ("sentence", "values", "said"),
    [
        ("第 {n} 步时 {name} 停下", {"n": 3, "name": "牛顿法"}, "第 3 步时牛顿法停下"),
        ("第 {n} 步时 {name} 停下", {"n": 3, "name": "Adam"}, "第 3 步时 Adam 停下"),
        ("第 {n} 步时 {name} 停下", {"n": 3, "name": "Nesterov 动量法"}, "第 3 步时 Nesterov 动量法停下"),
        ("{a} 比 {b:>2} 快", {"a": "动量法", "b": "牛顿法"}, "动量法比牛顿法快"),
        ("β {word} 1", {"word": "大于"}, "β 大于 1"),  # Latin stays apart
        ("{a} {b}", {"a": "甲", "b": "乙"}, "甲 乙"),
        ("约 {count} 个", {"count": "∞"}, "约 ∞ 个"),
    ],
)
def test_a_chinese_word_in_a_slot_has_no_space_beside_it(sentence, values, said, monkeypatch):
    monkeypatch.setattr(language.QCoreApplication, "translate", lambda context, text: text)
    assert tr(sentence, **values) == said


def test_words_side_by_side_stand_as_in_a_chinese_list(qapp):
    assert (series([]), series(["a"]), series(["a", "b", "c"])) == ("", "a", "a, b, c")
    language.install(qapp, "zh_CN")
    try:
        assert series(["花萼长", "花萼宽", "…"]) == "花萼长、花萼宽、…"
        assert series(["{x}", "b.npz"]) == "{x}、b.npz", "no name is a pattern"
    finally:
        language.install(qapp, "en")
