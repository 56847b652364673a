"""``magpie plan``: plan a day, prove it, write its files, say how good it is."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands import Exit
from commands.given import (
    OTHER_INTENTS,
    SCENARIO,
    WIND_PERCENTILE,
    among_others,
    cache_folder,
    in_scenario,
    is_synthetic,
    network_on,
    open_folder,
)
from routing.errors import Fault, InputError
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.plan_file import read_plan, write_plan
from routing.progress import OnProgress
from routing.reading.clock import parse_clock
from routing.reading.orders import read_orders
from routing.report.clock import Lang
from routing.report.console import day_lines, progress_line, rejected_lines, wrote_lines
from routing.separation.tightest import TightestPass, find_tightest
from routing.whole_file import write_whole

if TYPE_CHECKING:
    from routing.planning import PlannedDay


def run(arguments: argparse.Namespace) -> Exit:
    """Plan the day that the options name."""
    start, since_s = before(arguments)
    date = arguments.date if start is None or since_s is None else start.date
    network = network_on(arguments.network, date, arguments.wind_percentile)
    orders = read_orders(arguments.orders, network)
    if arguments.scenario is not None:
        network, orders = in_scenario(arguments.network, network, orders, arguments.scenario)
    network = among_others(network, arguments.other_intents)
    out: Path = arguments.out or Path("out") / arguments.network.resolve().name
    open_folder(out)
    # Numba and OR-Tools take two seconds to import; faults in the input are told before that.
    from routing.planning import plan_day

    with _watched(arguments.lang, is_quiet=arguments.json) as on_progress:
        day = plan_day(
            network,
            orders,
            seed=arguments.seed,
            time_limit_s=arguments.time_limit,
            iterations=arguments.iterations,
            gap=arguments.gap,
            start=start,
            since_s=since_s,
            allows_impossible=arguments.allow_impossible,
            orders_name=str(arguments.orders),
            cache_dir=cache_folder(arguments),
            on_progress=on_progress,
        )
    source = {"orders": str(arguments.orders)}
    if arguments.start is not None:
        source["start"] = str(arguments.start)
    if arguments.continued is not None:
        source |= {"continues": str(arguments.continued), "at": arguments.at}
    if arguments.wind_percentile is not None:
        source[WIND_PERCENTILE] = f"{arguments.wind_percentile:g}"
    if arguments.scenario is not None:
        source[SCENARIO] = str(arguments.scenario)
    if arguments.other_intents is not None:
        source[OTHER_INTENTS] = str(arguments.other_intents)
    plan = dataclasses.replace(day.plan, made_with={**day.plan.made_with, **source})
    day = dataclasses.replace(day, plan=plan)
    if day.violations:
        return reject(day, out, arguments)
    files = _write(network, orders, day, out, arguments)
    tightest = find_tightest(network, plan)
    if arguments.json:
        print(_facts(plan, len(orders), files, tightest))
    else:
        lines = day_lines(network, plan, len(orders), arguments.lang, tightest)
        print("\n".join([*wrote_lines(out, files, arguments.lang), "", *lines]))
    return Exit.NOT_WHOLE if plan.unserved else Exit.DONE


def before(arguments: argparse.Namespace) -> tuple[Plan | None, int | None]:
    """The plan that this one starts from or continues, and since when it is under way.

    Raises:
        InputError: the plan cannot be read; a time without a plan, or a plan without a time or of
            another date.
    """
    if arguments.continued is None:
        if arguments.at is not None:
            raise InputError([_wrong("--at", "goes with --continue", "no --continue")])
        return None if arguments.start is None else read_plan(arguments.start), None
    plan = read_plan(arguments.continued)
    try:
        since_s = parse_clock(arguments.at or "")
    except ValueError as error:
        rule = f"goes with --continue: {error}"
        raise InputError([_wrong("--at", rule, arguments.at or "none")]) from None
    if arguments.date not in (None, plan.date):
        rule, found = f"the plan's own date is {plan.date}", arguments.date
        raise InputError([_wrong("--date", rule, found)])
    return plan, since_s


def _wrong(option: str, rule: str, found: str) -> Fault:
    return Fault("cli.continue", option, "", "", rule, found, "correct it, or leave it out")


def _write(
    network: Network,
    orders: Sequence[Order],
    day: PlannedDay,
    out: Path,
    arguments: argparse.Namespace,
) -> tuple[Path, ...]:
    # Pandas, geopandas and folium take four seconds to import; only a proven plan needs them.
    from routing.report.files import write_day
    from routing.report.scene import write_map

    draw = partial(
        write_map,
        network=network,
        orders=orders,
        plan=day.plan,
        lang=arguments.lang,
        is_synthetic=is_synthetic(arguments.orders),
    )
    return write_day(
        network,
        orders,
        day.plan,
        out,
        arguments.lang,
        baseline_plan=day.baseline,
        road=day.road,
        map_writer=draw,
    )


def reject(day: PlannedDay, out: Path, arguments: argparse.Namespace) -> Exit:
    """Keep a plan that breaks rules under a name that nobody flies by, with what it breaks."""
    rejected, reasons = out / "plan.rejected.json", out / "plan.rejected.txt"
    lines = [violation.text(arguments.lang) for violation in day.violations]
    write_plan(day.plan, rejected)
    write_whole(reasons, "\n".join(lines) + "\n")
    print("\n".join(rejected_lines(lines, reasons, arguments.lang)), file=sys.stderr)
    if arguments.json:
        violations = [dataclasses.asdict(violation) for violation in day.violations]
        print(json.dumps({"rejected": str(rejected), "violations": violations}, indent=2))
    return Exit.REJECTED


@contextmanager
def _watched(lang: Lang, *, is_quiet: bool) -> Iterator[OnProgress | None]:
    """A live line on the terminal; nothing when piped or told to be quiet."""
    if is_quiet or not sys.stderr.isatty():
        yield None
        return
    # Rich takes a fifth of a second to import; only a terminal needs it.
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda progress: status.update(progress_line(progress, lang))


def _facts(
    plan: Plan, num_orders: int, files: Sequence[Path], tightest: TightestPass | None
) -> str:
    """What a machine asks for first; everything else is in the files."""
    facts: dict[str, Any] = {
        "files": [str(file) for file in files],
        "date": plan.date,
        "orders": num_orders,
        "flown": num_orders - len(plan.unserved),
        "unserved": [dataclasses.asdict(left) for left in plan.unserved],
        "objective": dataclasses.asdict(plan.objective),
        "bound": None if plan.bound is None else dataclasses.asdict(plan.bound),
        "gap": plan.gap,
        "baselines": {name: dataclasses.asdict(terms) for name, terms in plan.baselines.items()},
        "tightest_pass": None if tightest is None else dataclasses.asdict(tightest),
        "made_with": plan.made_with,
    }
    return json.dumps(facts, ensure_ascii=False, indent=2)
