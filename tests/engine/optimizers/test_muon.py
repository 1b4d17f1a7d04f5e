"""Muon: Newton–Schulz against an SVD and against PyTorch; which weights it moves."""

import copy

import numpy as np
import pytest

from engine.networks.feature_maps import FeatureNetwork, FilterBank
from engine.networks.network import Network
from engine.optimizers.adam import Adam
from engine.optimizers.matrices import places_of, rest_of
from engine.optimizers.muon import COEFFICIENTS, Muon, newton_schulz, orthogonal_factor, spectra
from engine.optimizers.schedules import LinearDecay
from engine.optimizers.trainer import Learner, Trainer
from engine.pieces import result_of
from engine.recurrent.network import RecurrentNetwork

MATRIX = np.sin(np.arange(1, 13) ** 2.0).reshape(3, 4)


def test_newton_schulz_of_pytorch():
    """`_zeropower_via_newtonschulz` of torch 2.13, with float64 in the place of bfloat16."""
    expected = [
        [0.7986386161511952, -0.31268919486107793, 0.18823170379248272, -0.2148106204134257],
        [-0.25175507994248203, -0.5723990986483711, -0.5586556274317666, 0.5691379326072312],
        [-0.7198622151371306, -0.3129890125387623, 0.6066064105454179, -0.23496123777742745],
    ]
    np.testing.assert_allclose(newton_schulz(MATRIX), expected, rtol=1e-12)
    np.testing.assert_allclose(newton_schulz(MATRIX.T), np.transpose(expected), rtol=1e-12)


@pytest.mark.parametrize("shape", [(3, 4), (20, 7), (1, 5), (6, 6)])
def test_newton_schulz_acts_on_singular_values_alone(shape):
    """The polynomial applied to the σ of an SVD, with U and V as they were."""
    matrix = np.random.default_rng(1).normal(size=shape)
    u, sigma, v = np.linalg.svd(matrix, full_matrices=False)
    sigma = sigma / np.sqrt((sigma**2).sum())
    a, b, c = COEFFICIENTS
    for iterations in range(1, 8):
        sigma = a * sigma + b * sigma**3 + c * sigma**5
        np.testing.assert_allclose(newton_schulz(matrix, iterations), (u * sigma) @ v, atol=1e-11)


def test_after_five_iterations_all_but_tiny_singular_values_are_near_1():
    u, v = (np.linalg.qr(np.random.default_rng(k).normal(size=(40, 40)))[0] for k in (0, 1))
    matrix = (u * np.geomspace(1, 1e-2, 40)) @ v
    sigma = np.linalg.svd(newton_schulz(matrix), compute_uv=False)
    assert sigma.min() > 0.3
    assert sigma.max() < 1.21
    sigma = np.linalg.svd(newton_schulz(matrix, 10), compute_uv=False)
    assert sigma.min() > 0.66
    assert sigma.max() < 1.14


def test_the_exact_factor_is_the_nearest_matrix_with_orthonormal_rows():
    factor = orthogonal_factor(MATRIX)
    np.testing.assert_allclose(factor @ factor.T, np.eye(3), atol=1e-14)
    symmetric = MATRIX @ factor.T  # the polar decomposition: M = P·O with P symmetric, no eigenvalue below 0
    np.testing.assert_allclose(symmetric, symmetric.T, atol=1e-14)
    assert np.linalg.eigvalsh(symmetric).min() > 0
    np.testing.assert_allclose(orthogonal_factor(np.diag([3.0, -0.2])), np.diag([1.0, -1.0]), atol=1e-15)


@pytest.mark.parametrize("how", [newton_schulz, orthogonal_factor])
def test_directions_without_a_gradient_do_not_move(how):
    """A pixel that is always 0, and a batch of one example: all is left 0 but the one direction."""
    column, row = np.array([2.0, 0.0, -1.0, 0.5]), np.array([1.0, 3.0, 0.0])
    found = how(np.outer(column, row))
    assert np.count_nonzero(np.linalg.svd(found, compute_uv=False) > 1e-9) == 1
    np.testing.assert_array_equal(found[1], 0.0)
    np.testing.assert_array_equal(found[:, 2], 0.0)
    np.testing.assert_array_equal(how(np.zeros((3, 2))), 0.0)


# Computed with torch.optim.Muon of torch 2.13, float64 in the place of bfloat16; its weights are [out, in].
@pytest.mark.parametrize(
    ("shape", "options", "after_6"),
    [
        (
            (3, 2),
            {},
            [
                [0.9604294221951263, 0.5552291174048738],
                [-0.41408274159709374, -0.9993500966615713],
                [-0.5808748261357009, 0.3234379965812543],
            ],
        ),
        (
            (2, 3),
            {"weight_decay": 0.1, "nesterov": False, "iterations": 3},
            [
                [0.914808216588581, 0.5521941754013081, -0.39748405454519686],
                [-0.9655538841996448, -0.5626671652027689, 0.3095909347779317],
            ],
        ),
        (
            (2, 3),
            {"scale": "match_rms_adamw", "momentum": 0.8},
            [
                [0.9933197396572694, 0.5448387982752682, -0.41172964545151397],
                [-0.9883329487388798, -0.6307634855761791, 0.2864803255211037],
            ],
        ),
    ],
)
def test_the_steps_of_pytorch(shape, options, after_6):
    x = np.cos(np.arange(6.0))
    rule = Muon(**options)
    state = rule.start(x, places_of({"W": np.arange(6.0).reshape(shape).T}))
    for t in range(1, 7):
        x, state = rule.update(x, np.sin(t * np.arange(1, 7) ** 2.0) + 0.1 * x, state)
    np.testing.assert_allclose(x.reshape(shape), after_6, rtol=1e-12)


def test_one_step_by_hand():
    # G = [[3, 0], [0, −0.2]], exactly: O has the signs on the diagonal; in → out as 2 → 2, so that s = 1.
    rule, x = Muon(learning_rate=0.1, method="svd", rest_rate=0.01), np.array([1.0, 1.0, 1.0, 1.0, 5.0])
    state = rule.start(x, places_of({"W": np.arange(4.0).reshape(2, 2)}))
    moved, state = rule.update(x, np.array([3.0, 0.0, 0.0, -0.2, 7.0]), state)
    # The bias takes Adam's first step, which is its rate whatever the gradient.
    np.testing.assert_allclose(moved, [0.9, 1.0, 1.0, 1.1, 4.99], rtol=1e-7)
    # M = 0.05 G and M̃ = 0.05 G + 0.95 M = 0.0975 G
    np.testing.assert_allclose(state.direction[:4], [0.2925, 0, 0, -0.0195], rtol=1e-12)
    wide = Muon(learning_rate=0.1, method="svd").factor(places_of({"W": np.arange(8.0).reshape(2, 4)})[0])
    assert wide == pytest.approx(np.sqrt(2))  # twice as many outputs as inputs


def test_what_is_no_matrix_goes_by_adam():
    network = Network((4, 3, 2), "tanh", "batch")
    x = network.start(np.random.default_rng(0), dtype=np.float64)
    rest = rest_of(network.count, network.matrices)
    assert len(rest) == 3 + 3 + 2  # β and γ of the hidden layer, b of the last
    rule, adam = Muon(rest_rate=0.01), Adam(learning_rate=0.01)
    state, of_rest, alone = rule.start(x, network.matrices), adam.start(x[rest]), x[rest]
    for t in range(1, 5):
        gradient = np.sin(t * np.arange(1.0, network.count + 1))
        x, state = rule.update(x, gradient, state)
        alone, of_rest = adam.update(alone, gradient[rest], of_rest)
    np.testing.assert_allclose(x[rest], alone, rtol=1e-13)


NETWORKS = {
    "fully connected": (Network((6, 5, 3)), ["W_{1}", "W_{2}"], 5 + 3),
    "with filters": (
        FeatureNetwork(FilterBank((6, 6), "max", 2, 4, 3), Network((36, 3))),
        ["F", "W_{1}"],
        4 + 3,
    ),
    "recurrent": (
        RecurrentNetwork("gru", 7, 4, 5, layers=2, embedding=3),
        [f"{w}_{{{k},{g}}}" for k in (1, 2) for g in "rzn" for w in "WU"] + ["V"],
        7 * 3 + 2 * 3 * 4 + 5,  # the embedding, a bias for each gate, and that of the readout
    ),
}


@pytest.mark.parametrize("kind", NETWORKS)
def test_the_matrices_of_a_network_are_its_weights(kind):
    network, names, free = NETWORKS[kind]
    assert [place.name for place in network.matrices] == names
    assert len(rest_of(network.count, network.matrices)) == free
    theta = np.arange(float(network.count))
    views = [place.view(theta) for place in network.matrices]
    if isinstance(network, Network):
        weights = [layer.weights for layer in network.layers(theta)]
    elif isinstance(network, FeatureNetwork):
        filters, head = network.parts(theta)
        weights = [
            network.bank.filters(filters).weights.T,
            *(one.weights for one in network.head.layers(head)),
        ]
    else:
        _, cells, readout = network.parameters(theta)
        weights = [w for cell in cells for gate in cell for w in (gate.of_input, gate.of_state)]
        weights.append(readout.weights)
    for view, weight in zip(views, weights, strict=True):
        np.testing.assert_array_equal(view, weight)
        assert np.shares_memory(view, theta)


@pytest.mark.parametrize("learner_type", [Learner, Trainer])
def test_a_learner_knows_what_was_made_orthogonal_and_can_go_on_from_a_copy(learner_type):
    network = Network((5, 4, 3))
    theta = network.start(np.random.default_rng(0))
    rule = Muon(schedule=LinearDecay(total_steps=20), method="svd")
    learner = learner_type(rule, theta, network.matrices)
    assert learner.orthogonalized() is None
    assert result_of(spectra(None, 4)).told == ()
    gradients = [
        np.sin(np.float32(t) * np.arange(1, network.count + 1, dtype=np.float32)) for t in range(1, 8)
    ]
    for gradient in gradients[:3]:
        learner.step(gradient)
    assert result_of(spectra(learner.orthogonalized(), 1)).more == 1
    found = result_of(spectra(learner.orthogonalized(), 4))
    assert [(one.place.rows, one.place.columns) for one in found.told] == [(5, 4), (4, 3)]
    assert found.more == 0
    for one in found.told:
        matrix = one.place.view(learner.state.direction).astype(float)
        np.testing.assert_allclose(
            one.before, np.sqrt(np.linalg.eigvalsh(matrix.T @ matrix))[::-1], rtol=1e-4
        )
        np.testing.assert_allclose(one.after, 1.0, rtol=1e-5)
    other = learner_type(rule, learner.theta.copy(), network.matrices)
    other.state = copy.deepcopy(learner.state)
    for gradient in gradients[3:]:
        learner.step(gradient)
        other.step(gradient)
    np.testing.assert_array_equal(learner.theta, other.theta)
    assert learner.theta.dtype == np.float32


def test_a_run_that_diverged_has_no_singular_values():
    rule, x = Muon(method="svd"), np.zeros(4)
    state = rule.start(x, places_of({"W": np.arange(4.0).reshape(2, 2)}))
    x, state = rule.update(x, np.array([np.inf, 0, 0, 1.0]), state)
    assert np.isnan(x).any()
    learner = Learner(rule, x, state.matrices)
    learner.state = state
    assert np.isnan(result_of(spectra(learner.orthogonalized(), 1)).told[0].after).all()


def test_with_a_rate_of_0_neither_a_matrix_nor_the_rest_moves():
    network = Network((4, 3, 2))
    x = network.start(np.random.default_rng(0), dtype=np.float64)
    rule = Muon(schedule=LinearDecay(total_steps=3))  # ψ: 1, 2/3, 1/3, 0, 0, …
    state, path = rule.start(x, network.matrices), [x]
    for t in range(1, 6):
        x, state = rule.update(x, np.sin(t * np.arange(1.0, network.count + 1)), state)
        path.append(x)
    assert (path[2] != path[3]).all()
    np.testing.assert_array_equal(path[3], path[4])
    np.testing.assert_array_equal(path[4], path[5])
