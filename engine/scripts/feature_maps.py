"""Feature maps in a script: filters over pictures, an activation, pooling, and the vector that follows.

    v[batch, maps·rows·columns] of pictures x[batch, rows·columns]

The maps are z[maps, batch, rows, columns]: in this order they are the result of one product of matrices.
"""

from engine.networks.edge_filters import EDGES, edge_filters
from engine.networks.feature_maps import FilterBank
from engine.scripts.writer import ScriptWriter, literal


def write_patches(script: ScriptWriter, bank: FilterBank) -> None:
    """Write `patches_of(x)`: in each column the pixels around one pixel, 0 beyond the edge."""
    (rows, columns), side = bank.shape, bank.side
    r = side // 2
    script.note(script.tr("In each column the {n} × {n} pixels around one pixel; 0 beyond the edge", n=side))
    script.code(f"""
        def patches_of(x):
            padded = np.pad(x.reshape(-1, {rows}, {columns}), [(0, 0), ({r}, {r}), ({r}, {r})])
            moved = np.lib.stride_tricks.sliding_window_view(padded, ({rows}, {columns}), axis=(1, 2))
            return moved.transpose(1, 2, 0, 3, 4).reshape({side**2}, -1)
    """)


def write_places(script: ScriptWriter, bank: FilterBank) -> None:
    """Write `places_of(maps)`, for the pooling: a view of every place in a window, for all windows."""
    w, (_, rows, columns) = bank.window, bank.maps_shape
    if w == 1:
        return
    script.note(script.tr("For every place in a window of {n} × {n}: the entries of all windows", n=w))
    script.code(f"""
        def places_of(maps):
            maps = maps[:, :, :{rows * w}, :{columns * w}]
            return [maps[:, :, u::{w}, v::{w}] for u in range({w}) for v in range({w})]
    """)


def forward_lines(bank: FilterBank) -> list[str]:
    """Lines from the patches `P` to the vectors `v`, with the filters F and c; `z0` and `a0` are the maps."""
    (rows, columns), bias = bank.shape, "" if bank.edges else " + c[:, None]"
    lines = [
        f"z0 = (F @ P{bias}).reshape({bank.count}, -1, {rows}, {columns})",
        "a0 = np.abs(z0)" if bank.edges else "a0 = relu(z0)",
    ]
    pooled = "a0"
    if bank.window > 1:
        lines.append("places = places_of(a0)")
        if bank.pooling == "max":
            lines.append("h = np.maximum.reduce(places)")
        else:
            lines.append(f"h = sum(places) / {bank.window**2}")
        pooled = "h"
    return [*lines, f"v = {pooled}.swapaxes(0, 1).reshape({pooled}.shape[1], -1)"]


def backward_lines(bank: FilterBank) -> list[str]:
    """Lines from `d_v` to `d_F` and `d_c`; they need `P` and `z0`, and the places for the largest entries."""
    maps, rows, columns = bank.maps_shape
    d_h = f"d_v.reshape(-1, {maps}, {rows}, {columns}).swapaxes(0, 1)"
    if bank.window == 1:
        lines = [f"d_a0 = {d_h}"]
    else:
        lines = [f"d_h = {d_h}", "d_a0 = np.zeros_like(a0)"]
        if bank.pooling == "max":
            lines += [
                "largest = np.argmax(places_of(a0), axis=0)",
                "for place, entries in enumerate(places_of(d_a0)):",
                "    entries[...] = np.where(largest == place, d_h, 0.0)",
            ]
        else:
            lines += ["for entries in places_of(d_a0):", f"    entries[...] = d_h / {bank.window**2}"]
    return [
        *lines,
        f"d_z0 = (d_a0 * d_relu(z0)).reshape({bank.count}, -1)",
        "d_F, d_c = d_z0 @ P.T, d_z0.sum(axis=1)",
    ]


def write_edges(script: ScriptWriter, bank: FilterBank) -> None:
    """Write `F`, the four edge filters, one in each row."""
    script.note(
        script.tr("{name} filters for edges in four directions, one in each row", name=EDGES[bank.edges][0])
    )
    divisor = sum(weight for weight in EDGES[bank.edges][1] if weight > 0)
    whole = (edge_filters(bank.edges) * divisor).round().astype(int).tolist()
    rows = ",\n".join(f"        {literal(row)}" for row in whole)
    script.code(f"F = np.array(\n    [\n{rows},\n    ]\n)\nF = F / {divisor}")


def torch_modules(bank: FilterBank) -> list[str]:
    """The layers before the fully connected ones in PyTorch, where the filters are learnt."""
    rows, columns = bank.shape
    return [
        f"torch.nn.Unflatten(1, (1, {rows}, {columns})),",
        f"torch.nn.Conv2d(1, {bank.count}, {bank.side}, padding={bank.side // 2}),",
        "torch.nn.ReLU(),",
        *([f"torch.nn.{_pool(bank)}2d({bank.window}),"] if bank.window > 1 else []),
        "torch.nn.Flatten(),",
    ]


def torch_edge_lines(bank: FilterBank) -> list[str]:
    """Lines that replace `inputs` by the vectors of the edge filters, in PyTorch."""
    rows, columns = bank.shape
    pool = {"max": "max_pool", "mean": "avg_pool"}[bank.pooling]
    lines = [
        f"pictures = inputs.reshape(-1, 1, {rows}, {columns})",
        "filters = torch.from_numpy(F).reshape(-1, 1, 3, 3)",
        "maps = torch.nn.functional.conv2d(pictures, filters, padding=1).abs()",
    ]
    if bank.window > 1:
        lines.append(f"maps = torch.nn.functional.{pool}2d(maps, {bank.window})")
    return [*lines, "inputs = maps.flatten(1)"]


def _pool(bank: FilterBank) -> str:
    return {"max": "MaxPool", "mean": "AvgPool"}[bank.pooling]
