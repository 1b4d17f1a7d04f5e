"""The scripts of *Losses ▸ Likelihood and least squares*: the descent to a curve, the coin, the outlier."""

from typing import Any

import numpy as np

from engine.experiments.losses.likelihood import EXPERIMENT, CurveFit
from engine.experiments.losses.likelihood_config import LikelihoodConfig
from engine.losses.likelihood import FARTHEST, WIDEST
from engine.scripts.rates import rate_text, torch_start, torch_step, write_factor
from engine.scripts.rounding import steps_in_torch
from engine.scripts.writer import ScriptWriter, literal


def write(script: ScriptWriter, config: LikelihoodConfig, data: Any) -> None:
    """Write the scene of a config."""
    if isinstance(data, CurveFit):
        _points(script, config, data)
    elif config.scene == "coin":
        _coin(script, config)
    else:
        _outlier(script, config)


# A curve through points


def _points(script: ScriptWriter, config: LikelihoodConfig, fit: CurveFit) -> None:
    tr = script.tr
    script.note(tr("The points"))
    _arrays(script, config.points)
    _features(script, config)
    script.note(tr("Gradient descent begins with a straight line; σ is the noise around the curve"))
    script.code(f"intercept, slope = {config.start[0]!r}, {config.start[1]!r}")
    first = "intercept, slope" if config.features == "raw" else "intercept + slope * centre, slope * half"
    line = f"[{first}{', 0.0' * (config.degree - 1)}]"
    orthogonal = config.features == "orthogonal"
    script.code(f"theta = np.linalg.solve(transform, {line})" if orthogonal else f"theta = np.array({line})")
    script.code(f"log_sigma = math.log({literal(config.sigma)})")
    script.setting("learning_rate", config.learning_rate)
    write_factor(script, config.descent)
    script.setting("steps", steps_in_torch(script, EXPERIMENT, config, fit))
    known = bool(fit.sigma > 0)  # else the likelihood has no maximum: σ shrinks to 0
    if known:
        script.note(tr("The closed form: the most likely θ is the one with the least squares"))
        q, r = np.linalg.qr(fit.features)
        of_qr = bool(np.diag(r).all()) and np.allclose(np.linalg.solve(r, q.T @ fit.y), fit.best.theta)
        solved = "q, r = np.linalg.qr(X)\nbest = np.linalg.solve(r, q.T @ y)"
        script.code(solved if of_qr else "best = np.linalg.lstsq(X, y)[0]")
        if fit.learned:
            script.code("best_sigma = np.sqrt(np.mean((y - X @ best) ** 2))")
    (_numpy if script.framework == "numpy" else _torch)(script, config, known)
    script.plot(f"""
        plt.semilogy(list(curves["{"above" if known else "loss"}"].values()))
        plt.xlabel({tr("step")!r})
        plt.ylabel({(tr("loss above its minimum") if known else tr("loss"))!r})
        plt.show()
    """)


def _arrays(script: ScriptWriter, points: Any) -> None:
    x, y = np.array(points, np.float64).T
    script.setting("x", x)
    script.setting("y", y)


def _features(script: ScriptWriter, config: LikelihoodConfig) -> None:
    """X, the features of all points, and where they need it the triangular R with X·R = (1, s, s², …)."""
    tr, count = script.tr, config.degree + 1
    if config.features == "raw":
        script.note(tr("X has a row for each point: 1, x, x², …"))
        script.code(f"X = np.vander(x, {count}, increasing=True)")
        return
    script.note(tr("X has a row for each point: 1, s, s², …, where s is x moved and scaled to −1…1"))
    script.code(f"""
        centre, half = 0.5 * (x.min() + x.max()), 0.5 * (x.max() - x.min())
        X = np.vander((x - centre) / half, {count}, increasing=True)
    """)
    if config.features == "orthogonal":
        script.note(tr("Orthogonal features: X = QR, and √N·Q instead of X"))
        script.code("""
            r = np.linalg.qr(X, mode="r")
            transform = np.linalg.inv(r) * np.sign(np.diag(r)) * math.sqrt(len(x))
            X = X @ transform
        """)


def _numpy(script: ScriptWriter, config: LikelihoodConfig, known: bool) -> None:
    tr, learned = script.tr, config.noise == "learned"
    if learned:
        script.code('np.seterr(over="ignore")')
    script.note(tr("L = (1/2σ²)·mean (y − ŷ)² + ln σ + ½ ln 2π, with ŷ = Xθ"))
    script.code("for step in range(steps + 1):")
    script.code("residuals = X @ theta - y", 1)
    script.code("squares = np.mean((residuals * np.exp(-log_sigma)) ** 2)", 1)
    script.code("loss = 0.5 * squares + log_sigma + 0.5 * math.log(2 * math.pi)", 1)
    _keep(script, config, "theta", "loss", "log_sigma", known)
    script.code("variance = math.exp(2.0 * log_sigma)", 1)
    rate = "learning_rate"
    if not config.schedule.constant:
        rate = "rate"
        script.code(f"rate = {rate_text(config.descent)}", 1)
    script.note(tr("∂L/∂θ = Xᵀ(Xθ − y)/(Nσ²)"), indent=1)
    script.code(f"theta = theta - {rate} * (X.T @ residuals / (len(y) * variance))", 1)
    if learned:
        script.note(tr("∂L/∂ln σ = 1 − mean (y − ŷ)²/σ²"), indent=1)
        script.code("by_sigma = 1.0 - (residuals @ residuals) / (len(y) * variance)", 1)
        script.code(f"log_sigma = log_sigma - {rate} * by_sigma", 1)
    _end(script, config, "np.abs(theta).max()", "abs(log_sigma)")


def _torch(script: ScriptWriter, config: LikelihoodConfig, known: bool) -> None:
    tr, learned = script.tr, config.noise == "learned"
    script.code("X, y, theta = torch.tensor(X), torch.tensor(y), torch.tensor(theta, requires_grad=True)")
    if known:
        script.code("best = torch.tensor(best)")
    grows = ", requires_grad=True" if learned else ""
    script.code(f"log_sigma = torch.tensor(log_sigma, dtype=torch.float64{grows})")
    script.code(f"optimizer = torch.optim.SGD([theta{', log_sigma' if learned else ''}], lr=learning_rate)")
    torch_start(script, config.descent)
    script.note(tr("The loss is the negative log-likelihood of y ~ N(Xθ, σ²), per point"))
    script.code("for step in range(steps + 1):")
    script.code("loss = -torch.distributions.Normal(X @ theta, log_sigma.exp()).log_prob(y).mean()", 1)
    script.code("with torch.no_grad():", 1)
    _keep(script, config, "theta", "loss", "log_sigma", known, indent=2)
    script.code("optimizer.zero_grad()\nloss.backward()", 1)
    torch_step(script, config.descent)
    _end(script, config, "theta.abs().max()", "log_sigma.abs()")


def _keep(
    script: ScriptWriter,
    config: LikelihoodConfig,
    theta: str,
    loss: str,
    log_sigma: str,
    known: bool,
    indent: int = 1,
) -> None:
    """Keep the numbers of a step; `known` says whether the loss has a minimum."""
    script.code(f'keep(step, {{f"theta{{j}}": {theta}[j] for j in range(len({theta}))}})', indent)
    script.code(f'keep(step, {{"log_sigma": {log_sigma}, "loss": {loss}}})', indent)
    if not known:
        return
    package = "np" if script.framework == "numpy" else "torch"
    apart = f"{package}.mean((X @ ({theta} - best)) ** 2)"
    if config.noise == "learned":
        script.code(
            f"""
            wider = {log_sigma} - math.log(best_sigma)
            shrunk = {package}.expm1(-2.0 * wider)
            above = 0.5 * {apart} / best_sigma**2 * (1.0 + shrunk) + wider + 0.5 * shrunk
            keep(step, {{"above": max(above, 0.0)}})
        """,
            indent,
        )
    else:
        script.code(f'keep(step, {{"above": 0.5 * {apart} / {literal(config.sigma)}**2}})', indent)


def _end(script: ScriptWriter, config: LikelihoodConfig, theta: str, log_sigma: str) -> None:
    """End where the steps diverge."""
    inside = f"{theta} <= {FARTHEST!r}"
    if config.noise == "learned":
        inside += f" and {log_sigma} <= {WIDEST!r}"
    script.code(f"if not ({inside}):  # {script.tr('the steps diverged')}\n    break", 1)


# The coin


def _coin(script: ScriptWriter, config: LikelihoodConfig) -> None:
    tr = script.tr
    script.note(tr("The coin is tossed; the fit does not know its chance p of heads"))
    script.setting("p", config.p)
    script.setting("tosses", config.tosses)
    script.code(f"""
        rng = np.random.default_rng({config.seed})
        heads = np.cumsum(rng.random(tosses) < p)
        keep(0, {{"heads": 0}})
        for toss in range(1, tosses + 1):
            keep(toss, {{"heads": heads[toss - 1]}})
    """)
    script.note(
        tr("The cross-entropy H(k/n, q) is the negative log-likelihood per toss; it is least at q = k/n")
    )
    package = "np" if script.framework == "numpy" else "torch"
    script.code(f"share = heads[-1] / tosses\nq = {package}.linspace(0.001, 0.999, 999)")
    if package == "np":
        script.code("cross_entropy = -share * np.log(q) - (1 - share) * np.log(1 - q)")
    else:
        script.code("""
            labels = torch.full_like(q, float(share))
            cross_entropy = torch.nn.functional.binary_cross_entropy(q, labels, reduction="none")
        """)
    script.code('print(f"k/n = {share}, q = {q[cross_entropy.argmin()]:.3f}")')
    script.plot(f"""
        plt.plot(np.arange(1, tosses + 1), heads / np.arange(1, tosses + 1))
        plt.axhline(p, linestyle="--")
        plt.xlabel({tr("tosses")!r})
        plt.ylabel("k/n")
        plt.show()
    """)


# The outlier


def _outlier(script: ScriptWriter, config: LikelihoodConfig) -> None:
    tr, torch = script.tr, script.framework == "torch"
    script.note(tr("The points; the last one is the outlier"))
    _arrays(script, (*config.points, config.outlier))
    script.setting("delta", config.delta, tr("beyond it Huber's loss is a straight line"))
    script.code("lines = {}  # " + tr("intercept and slope"))
    script.note(tr("Squared error: through the mean point, with slope covariance over variance"))
    script.code("""
        from_mean = x - x.mean()
        slope = from_mean @ (y - y.mean()) / (from_mean @ from_mean)
        lines["mse"] = np.array([y.mean() - slope * x.mean(), slope])
    """)
    script.note(tr("Absolute error: a best line goes through two of the points, so all pairs are tried"))
    script.code("""
        least = np.inf
        for i in range(len(x)):
            for j in range(i):
                if x[i] != x[j]:
                    slope = (y[i] - y[j]) / (x[i] - x[j])
                    intercept = y[i] - slope * x[i]
                    total = np.abs(y - intercept - slope * x).sum()
                    if total < least:
                        least, lines["mae"] = total, np.array([intercept, slope])
    """)
    (_huber_torch if torch else _huber_numpy)(script)
    script.plot("""
        plt.plot(x, y, "o")
        for name, (intercept, slope) in lines.items():
            plt.axline((0, float(intercept)), slope=float(slope), label=name)
        plt.legend()
        plt.show()
    """)


def _huber_numpy(script: ScriptWriter) -> None:
    tr = script.tr
    script.note(tr("Huber: least squares again and again, where a residual beyond δ has the weight δ/|r|"))
    script.code("""
        X = np.stack([np.ones_like(x), x], axis=1)
        line = lines["mse"]
        for _ in range(10_000):
            r = np.abs(y - X @ line)
            root = np.sqrt(delta / np.maximum(r, delta))
            new = np.linalg.lstsq(root[:, np.newaxis] * X, root * y)[0]
            moved, line = np.abs(X @ (new - line)).max(), new
            if moved <= 1e-13 * max(1.0, np.abs(y).max()):
                break
        lines["huber"] = line
    """)
    script.note(tr("The mean loss of each line"))
    script.code("""
        r = {name: np.abs(y - X @ line) for name, line in lines.items()}
        near = np.minimum(r["huber"], delta)
        keep(0, {"mse.loss": 0.5 * np.mean(r["mse"] ** 2), "mae.loss": np.mean(r["mae"])})
        keep(0, {"huber.loss": np.mean(near * (r["huber"] - 0.5 * near))})
        for name, (intercept, slope) in lines.items():
            print(f"{name}: {intercept} + {slope}·x")
    """)


def _huber_torch(script: ScriptWriter) -> None:
    tr = script.tr
    script.note(tr("Huber: by L-BFGS, from the line of least squares"))
    script.code("""
        size = from_mean.std()
        s, y = torch.tensor(from_mean / size), torch.tensor(y)
        line = torch.tensor(lines["mse"] @ [[1.0, 0.0], [x.mean(), size]], requires_grad=True)
        exact = {"tolerance_grad": 1e-14, "tolerance_change": 1e-16}
        optimizer = torch.optim.LBFGS([line], max_iter=10_000, line_search_fn="strong_wolfe", **exact)


        def huber():
            optimizer.zero_grad()
            loss = torch.nn.functional.huber_loss(line[0] + line[1] * s, y, delta=delta)
            loss.backward()
            return loss


        optimizer.step(huber)
        slope = line[1].item() / size
        lines["huber"] = np.array([line[0].item() - slope * x.mean(), slope])
    """)
    script.note(tr("The mean loss of each line"))
    script.code("""
        at = {name: torch.tensor(intercept + slope * x) for name, (intercept, slope) in lines.items()}
        keep(0, {"mse.loss": 0.5 * torch.nn.functional.mse_loss(at["mse"], y)})
        keep(0, {"mae.loss": torch.nn.functional.l1_loss(at["mae"], y)})
        keep(0, {"huber.loss": torch.nn.functional.huber_loss(at["huber"], y, delta=delta)})
        for name, (intercept, slope) in lines.items():
            print(f"{name}: {intercept} + {slope}·x")
    """)
