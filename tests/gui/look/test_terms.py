"""Terms are found in LaTeX where they are all of a symbol; a formula tells where they stand."""

from xml.etree.ElementTree import fromstring

import pytest

from gui.look.terms import marked, terms_in
from gui.look.typesetter import typeset_svg


def found(latex: str, *terms: str) -> list[tuple[str, str]]:
    """Each term that is found, with what stands behind it."""
    return [(terms[one.term], latex[one.end : one.end + 3]) for one in terms_in(latex, terms)]


@pytest.mark.parametrize(
    ("latex", "terms", "wanted"),
    [
        ("p_i + p", ("p",), [("p", "")]),
        ("p_i + p", ("p", "p_i"), [("p_i", " + "), ("p", "")]),
        (r"\hat{m}_t + m_t", ("m_t",), [("m_t", "")]),
        (r"\hat p - p", ("p",), [("p", "")]),
        (r"\mathrm{KL}(P\|Q)", ("K", "P"), [("P", r"\|Q")]),
        ("H(P,Q) = H(P)", ("P", "H(P)"), [("P", ",Q)"), ("H(P)", "")]),
        ("H(P,Q) = H(P)", ("H(P)", "H(P,Q)"), [("H(P,Q)", " = "), ("H(P)", "")]),
        (r"\sum_{p=1}^{N} p", ("p", "N"), [("N", "} p"), ("p", "")]),
        ("g_t^2", ("g_t",), [("g_t", "^2")]),
        ("x^* - x", ("x",), [("x", "")]),
        (r"\theta' - \theta", (r"\theta",), [(r"\theta", "")]),
        (r"\sigma(b) + \sigma", (r"\sigma",), [(r"\sigma", "")]),
        (r"H(P,\,Q)", ("H(P,Q)",), [("H(P,Q)", "")]),
        ("e^x", ("x",), []),
        (r"e^{x_i}", ("x_i",), [("x_i", "}")]),
        (r"\beta_1 \beta", (r"\beta",), [(r"\beta", "")]),
    ],
)
def test_a_term_is_found_where_it_is_a_symbol_of_its_own(latex, terms, wanted):
    assert found(latex, *terms) == wanted


def test_marks_leave_the_rest_of_the_formula_alone():
    assert marked("a+b", [("b", "#ff0000")]) == r"a+{\href{0#ff0000}{b}}"
    assert marked(r"\frac1N", [("N", "")]) == r"\frac1{\href{0}{N}}"
    assert marked("a+b", []) == "a+b"


def test_the_typesetter_tells_where_each_term_stands_and_sets_it_in_its_colour():
    plain = typeset_svg("a+b", 17, "#000000")
    svg, width, height, _, spots, _ = typeset_svg("a+b", 17, "#000000", [("b", "#ff0000")])
    assert b"#ff0000" in svg
    assert b"#ff0000" not in plain[0]
    parts = [part for part in fromstring(svg).iter() if "fill" in part.attrib]
    assert {part.attrib["stroke"] for part in parts} == {"#000000", "#ff0000"}  # no black outline on paper
    assert all(part.attrib["stroke"] == part.attrib["fill"] for part in parts)
    assert b"term" not in svg
    assert [spot.term for spot in spots] == [0]
    (spot,) = spots
    assert (width, height) == (pytest.approx(plain[1], abs=0.01), pytest.approx(plain[2], abs=0.01))
    assert spot.x + spot.width == pytest.approx(width - 1, abs=0.5)  # a margin of a pixel
    assert 0 < spot.y < spot.y + spot.height < height


def test_a_formula_wider_than_its_room_is_broken_before_a_relation_or_a_sign():
    latex = r"L = -\sum_i p_i \ln q_i = H(P) + D"
    *_, whole, height = (one := typeset_svg(latex, 17, "#000000"))[1], one[2]
    broken = typeset_svg(latex, 17, "#000000", [("H(P)", "#ff0000"), ("L", "#00ff00")], 150.0)
    assert broken[1] <= 150.0 + 2
    assert broken[2] > height + 17
    places = {spot.term: spot for spot in broken[4]}
    assert places[0].y > places[1].y + places[1].height  # H(P) is on a line below L
    assert broken[5] == pytest.approx(whole, abs=2)
    assert typeset_svg(latex, 17, "#000000", (), 1000.0)[:4] == one[:4]
