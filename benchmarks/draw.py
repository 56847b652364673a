"""Draws quality against time from a run's JSON: ``python -m benchmarks.draw IN.json OUT...``.

Runs in the peers' environment, which has matplotlib. Knows only the JSON of ``benchmarks.record``.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

PER_ROW = 3
MOST_MB = 8_192
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999", "#000000")


def main(arguments: list[str]) -> None:
    source, *targets = (Path(word) for word in arguments)
    record = json.loads(source.read_text(encoding="utf-8"))
    rows = record["rows"]
    is_growth = bool(rows) and rows[0]["suite"] == "growth"
    figure = draw_growth(rows) if is_growth else draw_quality(rows)
    facts = record["facts"]
    figure.text(0.01, 0.005, f"commit {facts.get('commit', '')}; {facts.get('machine', '')}",
                fontsize=6)  # fmt: skip
    for target in targets:
        figure.savefig(target, dpi=110)


def draw_quality(rows: list[dict[str, Any]]) -> Any:
    """One panel an instance: cost of the best plan so far against seconds, all seeds."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["cost"] is not None and row["served"]:
            groups[row["instance"]].append(row)
    count = max(1, len(groups))
    across = min(PER_ROW, count)
    down = math.ceil(count / across)
    figure, panels = pyplot.subplots(
        down, across, figsize=(4.6 * across, 3.4 * down), squeeze=False, layout="constrained"
    )
    solvers = sorted({row["solver"] for row in rows})
    colour = {solver: PALETTE[k % len(PALETTE)] for k, solver in enumerate(solvers)}
    for panel in panels.flat[len(groups) :]:
        panel.axis("off")
    for panel, (name, group) in zip(panels.flat, groups.items(), strict=False):
        _draw_panel(panel, name, group, colour)
    return figure


def _draw_panel(panel: Any, name: str, group: list[dict[str, Any]], colour: dict[str, str]) -> None:
    full = max(row["served"] for row in group)
    labelled = set()
    for row in group:
        is_whole = row["served"] == full and not row["broken"]
        best = row["cost"]
        points = [(t, c) for t, c in row["progress"] if c <= 1.5 * best]
        points.append((row["wall_s"] or row["limit_s"], best))
        seconds, costs = zip(*points, strict=True)
        label = None if row["solver"] in labelled else row["solver"]
        labelled.add(row["solver"])
        panel.step(
            seconds, costs, where="post", color=colour[row["solver"]], alpha=0.7, label=label
        )
        panel.plot(seconds[-1], best, marker="o" if is_whole else "x", color=colour[row["solver"]])
        if row["bound"]:
            panel.axhline(row["bound"], color=colour[row["solver"]], linestyle=":", linewidth=0.8)
        if row["known"]:
            panel.axhline(row["known"], color="#444444", linestyle="--", linewidth=0.8)
    panel.set_title(f"{name} (x: rules broken or fewer served; dotted: bound)", fontsize=7)
    panel.set_xlabel("seconds", fontsize=7)
    panel.set_ylabel("cost", fontsize=7)
    panel.tick_params(labelsize=6)
    panel.set_xscale("log")
    panel.legend(fontsize=6)


def draw_growth(rows: list[dict[str, Any]]) -> Any:
    """Time to the first whole plan and memory against orders, beside what grows as their square."""
    figure, panels = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for panel, name, head in zip(
        panels, ("first_s", "peak_mb"), ("seconds to the first whole plan", "memory, MB"),
        strict=True,
    ):  # fmt: skip
        seen: dict[int, list[float]] = defaultdict(list)
        for row in rows:
            if row[name] is not None:
                seen[row["orders"]].append(row[name])
        orders = sorted(seen)
        middle = [median(seen[count]) for count in orders]
        if seen:
            panel.plot(orders, middle, marker="o", color=PALETTE[0], label="median of the seeds")
        late = sorted({row["orders"] for row in rows if name == "first_s" and row[name] is None})
        if late:
            limit_s = max(row["limit_s"] for row in rows)
            panel.plot(late, [limit_s] * len(late), "x", color=PALETTE[1],
                       label="not whole when stopped")  # fmt: skip
        if name == "peak_mb":
            panel.axhline(MOST_MB, color=PALETTE[1], linestyle="--", linewidth=0.8, label="8 GB")
        _scale_growth(panel, sorted({row["orders"] for row in rows}))
        if seen:
            # Drawn last: it leaves the picture where it may.
            square = [middle[0] * (count / orders[0]) ** 2 for count in orders]
            panel.plot(orders, square, linestyle=":", color="#777777", label="quadratic")
        panel.legend(fontsize=7)
        panel.set_title(head, fontsize=9)
    return figure


def _scale_growth(panel: Any, orders: list[int]) -> None:
    """Both axes by powers of ten, with the numbers of orders written out."""
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks(orders, [f"{count:,}" for count in orders], fontsize=7)
    panel.tick_params(axis="x", which="minor", labelbottom=False)
    low, high = panel.get_ylim()
    panel.set_ylim(10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high)))
    panel.set_xlabel("orders", fontsize=8)


if __name__ == "__main__":
    main(sys.argv[1:])
