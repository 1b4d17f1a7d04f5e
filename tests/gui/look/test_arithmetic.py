"""Arithmetic as it is set in books."""

import pytest

from gui.look.arithmetic import exact_text, set_powers


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("0.99·0.6431 + (1 − 0.99)·(−0.04569)^2", "0.99·0.6431 + (1 − 0.99)·(−0.04569)²"),
        ("(−0.04569)/(0.6367^0.5 + 10⁻⁸)", "(−0.04569)/(√0.6367 + 10⁻⁸)"),
        ("23.73/(1 − 0.9^500)", "23.73/(1 − 0.9⁵⁰⁰)"),
        ("1/((0.5 + (2 − 1))^0.5)^0.5", "1/√(√(0.5 + (2 − 1)))"),
        ("(1.091×10⁻⁴)^0.5 − 3^-2", "√(1.091×10⁻⁴) − 3⁻²"),
        ("2^0.55 + 2^1.5", "2^0.55 + 2^1.5"),
        ("no powers", "no powers"),
    ],
)
def test_powers_are_raised_and_square_roots_have_their_sign(plain, written):
    assert set_powers(plain) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1e-8, "10⁻⁸"),
        (0.0015, "0.0015"),
        (2.5e-7, "2.5×10⁻⁷"),
        (0.126666666667, "0.1267"),
        (-1e-9, "−10⁻⁹"),
        (0.0, "0"),
        (3e20, "3×10²⁰"),
        (0.9, "0.9"),
        (float("inf"), "∞"),
    ],
)
def test_settings_have_four_digits_and_powers_of_ten(number, written):
    assert exact_text(number) == written
