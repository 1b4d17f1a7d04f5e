"""Systems that determine their unknowns, and systems that do not, against NumPy's lstsq and by hand."""

import numpy as np
import pytest

from engine.linear_systems import least_squares, solve


def test_equal_columns_share_what_one_would_take():
    # Σ(y − 2θ)² is least at 2θ = mean y = 3
    assert least_squares(np.ones((5, 2)), np.arange(1.0, 6.0)) == pytest.approx([1.5, 1.5], rel=1e-14)


@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_the_shortest_solution_whatever_the_rank(rank):
    rng = np.random.default_rng(rank)
    matrix, right = rng.normal(size=(9, rank)) @ rng.normal(size=(rank, 4)), rng.normal(size=9)
    assert least_squares(matrix, right) == pytest.approx(np.linalg.lstsq(matrix, right)[0], rel=1e-10)


def test_fewer_rows_than_unknowns():
    assert least_squares(np.array([[3.0, 4.0]]), np.array([5.0])) == pytest.approx([0.6, 0.8])


def test_columns_in_other_units_are_no_loss_of_rank():
    rng = np.random.default_rng(5)
    matrix, truth = rng.normal(size=(20, 3)) * [1e-12, 1.0, 1e12], np.array([2e12, -1.0, 3e-12])
    assert least_squares(matrix, matrix @ truth) == pytest.approx(truth, rel=1e-12)
    bowl = np.diag([1e-20, 1.0, 1e20])
    assert solve(bowl, np.array([1e-20, 2.0, 3e20])) == pytest.approx([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "matrix",
    [
        [[0.02, 0.06], [0.06, 0.18]],  # of (0.1x + 0.3y)²: rounding alone makes its determinant not 0
        [[2.0, 2.0], [2.0, 2.0]],
        [[0.0, 0.0], [0.0, 1.0]],
        [[np.nan, 0.0], [0.0, 1.0]],
        [[np.inf, 0.0], [0.0, 1.0]],
    ],
)
def test_a_matrix_without_full_rank_has_no_one_solution(matrix):
    assert solve(np.array(matrix), np.array([1.0, 2.0])) is None


def test_a_saddle_without_squares_is_solved():
    assert solve(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([3.0, 4.0])).tolist() == [4.0, 3.0]
