"""The glossary that ships is whole and true to the experiments; names are found as they are typed."""

import re
from collections import Counter

import pytest

from engine.experiments import EXPERIMENTS
from gui.app.glossary_dialog import field_at
from gui.app.search_index import things_of
from gui.look.glossary import FILE, GlossaryError, entry_named, entry_of_symbol, glossary, read_glossary
from gui.look.glossary_links import entry_headed, index_of
from gui.look.language import LANGUAGES, sentences
from gui.look.matching import Names
from gui.look.pinyin import initials, spelt, syllable

ENTRY = "# A\n\n## a_word\n\n- optimizers.race: start\n\n### en: a word, words\n\nIt is.\n\nHere.\n"
READINGS = """
交叉熵 jcs
学习率 xxl
率 l
条件数 tjs
权重 qz
重置 cz
重叠 cd
重新 cx
重球法 zqf
运行 yx
行号 hh
步长 bc
增长 zz
调节 tj
学习率调度 xxldd
参数 cs
似然 sr
长消息 cxx
方差 fc
偏差修正 pcxz
朴素公式 psgs
曲线 qx
散度 sd
卷积 jj
便宜 py
阈值 yz
KL 散度 klsd
Softmax 与 sigmoid sys
condition number cn
L-BFGS lbfgs
"""
CHINESE = "\n### zh_CN: 词\n\n是。\n\n这里。\n"


def test_every_entry_leads_to_experiments_and_settings_that_there_are():
    assert len(glossary()) >= 110
    for entry in glossary().values():
        assert entry.chapter in ("Entropy", "Losses", "Optimizers", "LSTM", "Gradients")
        for experiment, way in entry.places:
            assert experiment in EXPERIMENTS, entry.key
            assert not way or field_at(experiment, way) is not None, (entry.key, experiment, way)
    seen = Counter(name for entry in glossary().values() for name in entry.experiments)
    assert set(seen) == set(EXPERIMENTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_names_one_entry_and_titles_in_the_texts_are_those_on_the_screen(language):
    names = Counter(name.casefold() for entry in glossary().values() for name in entry.words[language].names)
    assert [name for name, count in names.items() if count > 1] == []
    table = sentences(language) if language != "en" else {}
    titles = {table.get(one.title, one.title) for one in EXPERIMENTS.values()}
    for entry in glossary().values():
        words = entry.words[language]
        assert {words.meaning[-1], words.where[-1]} <= {".", "。"}, entry.key
        own = [name for name in re.findall(r"\*([^*]+)\*", words.where) if name in titles]
        shown = {table.get(EXPERIMENTS[name].title, EXPERIMENTS[name].title) for name in entry.experiments}
        assert set(own) <= shown, entry.key  # where it is said to be, the links lead too


def test_the_symbols_and_words_that_students_ask_for_are_there():
    for word in (
        "one-hot",
        "Lipschitz constant",
        "condition number",
        "held-out",
        "Jacobian",
        "Hessian",
        "β₁",
    ):
        found = entry_named(word, "en")
        assert (found is not None) == (word != "β₁")
    at = {
        ("\\eta", "optimizers.race", "racers.0.learning_rate"): "learning_rate",
        ("\\sigma", "optimizers.race", "noise"): "gradient_noise",
        ("L", "gradients.deep_network", "depth"): "depth",
        ("\\beta_1", "losses.classifier", "optimizer.beta1"): "first_moment",
        ("c", "lstm.train", "clip"): "clipping",
        ("c", "entropy.softmax", "shift"): "shift_invariance",
    }
    for place, key in at.items():
        found = entry_of_symbol(*place)
        assert found is not None
        assert found.key == key
    assert entry_of_symbol("\\sigma", "gradients.deep_network", "spread") is None  # not the sigmoid
    headed = {"norm of the gradient": "norm", "the loss": "loss", "gradient at the logits": "gradient"}
    assert {name: entry_headed(name, "en", "gradients.clipping").key for name in headed} == headed
    assert entry_headed("梯度的范数", "zh_CN", "gradients.clipping").key == "norm"
    for name, language in (("spread of the noise ball", "en"), ("噪声球的协方差", "zh_CN")):
        assert entry_headed(name, language, "optimizers.batches") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY, "line 3: a_word is missing in zh_CN"),
        (ENTRY + CHINESE.replace("\n这里。\n", ""), "line 15: a_word needs two paragraphs in zh_CN"),
        (ENTRY.replace("a_word", "A word"), "line 3: 'A word' is no key"),
        (ENTRY.replace("- optimizers.race: start", "- of the race"), "line 5: '- of the race' is neither"),
        (ENTRY.replace("- optimizers.race: start", "") + CHINESE, "line 3: a_word names no experiment"),
        (ENTRY + CHINESE.replace("zh_CN", "fr"), "line 13: '### fr: 词' is no language"),
        (ENTRY + CHINESE.replace("词", "词, "), "line 13: a name is empty"),
        ((ENTRY + CHINESE) * 2, "line 1: there are two of a_word"),
    ],
)
def test_what_is_wrong_with_a_glossary_is_said_with_its_line(text, message):
    with pytest.raises(GlossaryError) as caught:
        read_glossary(text)
    # A file without its last paragraph ends one line sooner.
    assert str(caught.value).startswith(message)


def test_a_text_has_each_entry_once_and_the_longest_name_counts():
    seen = set()
    text = (
        "Momentum (v) and momentum; Nesterov momentum in a mini-batch, the KL divergence, a batches-like word"
    )
    found = [text[start:end] for start, end, _ in index_of("en").words_in(text, "", seen)]
    assert found == ["Momentum", "Nesterov momentum", "mini-batch", "KL divergence"]
    chinese = "深度学习里的学习率调度，专门调学习率；KL散度与交叉熵，熵"
    pieces = [
        chinese[a:b] for a, b, _ in index_of("zh_CN").words_in(chinese, "gradients.deep_network", set())
    ]
    assert pieces == ["学习率调度", "学习率", "KL", "交叉熵", "熵"]


def test_words_with_another_meaning_elsewhere_are_links_only_where_they_mean_it():
    index = index_of("en")
    words = list(index.words_in("the width and Newton–Schulz", "entropy.binary", set()))
    assert words == []
    assert [key for _, _, key in index.words_in("the width", "gradients.deep_network", set())] == ["width"]


def test_initials_are_those_of_the_reading_in_the_word():
    readings = dict(line.rsplit(maxsplit=1) for line in READINGS.strip().splitlines())
    assert {text: initials(text) for text in readings} == readings


def test_every_character_that_can_be_searched_for_has_a_syllable():
    text = FILE.read_text(encoding="utf-8") + "".join(sentences("zh_CN").values())
    text += "".join(name for thing in things_of("en") for name in thing.names.names)
    assert {one for one in text if "\u4e00" <= one <= "\u9fff" and not syllable(one)} == set()


def test_pinyin_is_that_of_the_dictionary():
    """The first and the last character of the table, and of syllables in it."""
    said = "啊a 阿a 埃ai 座zuo 昨zuo 做zuo 则ze 增zeng 女nv 虐nve 绿lv 略lve 率lv 掠lve 沤ou 给gei 够gou"
    read = {one[0]: one[1:] for one in said.split()}
    assert {one: syllable(one) for one in read} == read
    assert (syllable("a"), syllable("。"), syllable("㐀"), syllable("鼷")) == ("", "", "", "")
    sentences = {
        "KL 散度与交叉熵": "kl san du yu jiao cha shang",
        "步长随着 L-BFGS 增长": "bu chang sui zhe l bfgs zeng zhang",
        "换行，重叠了还是什么": "huan hang chong die le hai shi shen me",
    }
    assert {text: " ".join(spelt(text)) for text in sentences} == sentences


def test_the_better_a_name_fits_the_sooner_it_comes():
    names = Names.of("Condition number", "条件数")
    worth = {
        "条件数": -1,
        "cond": 0,
        "条": 0,
        "num": 1,
        "件数": 1,
        "cn": 2,
        "tjs": 2,
        "js": 3,
        "tiao": 2,
        "tiaojian": 2,
        "tiaojianshu": 2,
        "tiaojians": 2,
        "jianshu": 3,
        "shu": 3,
        "umber": 4,
        "cdnb": 5,
    }
    assert {typed: names.fit(typed)[0] for typed in worth} == worth
    assert names.fit("number cond")[0] == 1
    assert names.fit("jian tiao")[0] == 3
    assert names.fit("anshu") is names.fit("tiaoshu") is names.fit("s") is None  # not within a syllable
    assert Names.of("学习率").fit("xuexilv") == Names.of("学习率").fit("xuexilü")
    assert names.fit("xyz") is names.fit("cond xyz") is names.fit("") is None
    assert Names.of("gradient").fit("grad") < Names.of("norm", "gradient norm").fit("grad")


def test_what_is_said_to_be_on_the_screen_has_its_name_there():
    table = sentences("zh_CN")
    shown = {"en": set(table), "zh_CN": set(table.values())}
    for found in shown.values():
        found |= {re.sub(r" \(.*\)", "", one) for one in found}
    for entry in glossary().values():
        for language, named in (("en", r"\*([^*]+)\*"), ("zh_CN", r"\*([^*]+)\*|“([^”]+)”")):
            for found in re.finditer(named, entry.words[language].where):
                name = found[1] or found[2]
                bare = re.sub(r" \S{1,2}$", "", name)  # without the symbol
                known = len(name) == 1 or {name, bare} & shown[language]
                assert known, (entry.key, name)
