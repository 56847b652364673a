"""The command line: options, and the errors that end a run. The commands are in ``commands``.

Knows no domain. Exit codes are those of ``commands.Exit``.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import math
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from commands import Exit
from commands.choose_options import describe_choice
from commands.whatif_options import describe_whatif
from routing.errors import InputError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = build_parser().parse_args(argv)
    try:
        # Numba, OR-Tools, pandas and folium take seconds to import: only the command that was
        # asked for is imported, and --help none of them.
        run: Callable[[argparse.Namespace], Exit] = importlib.import_module(
            f"commands.{arguments.command}"
        ).run
        return run(arguments)
    except InputError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        # Whoever read our output has left (`magpie check ... | head`); nobody is there to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.PIPE_CLOSED
    except OSError as error:
        print(f"{error.filename or 'output'}: {error.strerror or error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stopped; every file is whole or not there", file=sys.stderr)
        return Exit.STOPPED
    return Exit.BAD_INPUT


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(
        prog="magpie",
        description="Plans the drone flights that carry laboratory specimens and blood between "
        "a county's hub hospital and its clinics.",
        epilog="exit codes: 0 done; 1 orders stay behind or violations were found; 2 bad input; "
        "3 the plan did not pass the checker and must not be flown",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    _describe_plan(commands.add_parser("plan", help="plan a day and write its files"))
    _describe_check(commands.add_parser("check", help="prove a plan file, also an edited one"))
    _describe_map(commands.add_parser("map", help="draw a plan file as one offline HTML page"))
    _describe_intents(
        commands.add_parser("intents", help="write a plan as ASTM F3548-21 operational intents")
    )
    _describe_orders(
        commands.add_parser("orders", help="write a day's orders: a timetable's, or a sample")
    )
    _describe_why(
        commands.add_parser("why", help="say why orders stay behind, and what would carry them")
    )
    _describe_whatif(
        commands.add_parser("whatif", help="change something, plan again, compare side by side")
    )
    _describe_airspace(
        commands.add_parser("airspace", help="make airspace files of any format one ED-318 file")
    )
    commands.add_parser("schema", help="print the JSON schema of the plan file")
    return parser


def _describe_plan(plan: argparse.ArgumentParser) -> None:
    _add_network(plan)
    plan.add_argument("--orders", type=Path, required=True, metavar="FILE", help="CSV or XLSX")
    _add_date(plan)
    plan.add_argument(
        "--out", type=Path, metavar="DIR", help="folder to write; default out/NETWORK"
    )
    _add_search(plan)
    before = plan.add_mutually_exclusive_group()
    before.add_argument(
        "--start",
        type=Path,
        metavar="PLAN",
        help="a plan file to start the search from; what this day cannot fly of it is left out",
    )
    before.add_argument(
        "--continue",
        dest="continued",
        type=Path,
        metavar="PLAN",
        help="the plan of a day under way: what was started by --at stays as it is (R12)",
    )
    plan.add_argument(
        "--at", metavar="HH:MM", help="of --continue: the time it is; nothing else starts sooner"
    )
    plan.add_argument(
        "--gap",
        type=_percent,
        default=0.0,
        metavar="X%",
        help="stop when the plan is proven this close to the best",
    )
    _add_scenario(plan)
    _add_wind(plan)
    _add_others(plan)
    plan.add_argument(
        "--allow-impossible",
        action="store_true",
        help="leave orders that no drone could ever fly unserved instead of refusing them",
    )
    _add_cache(plan)
    _add_lang(plan)
    _add_json(plan)


def _describe_check(check: argparse.ArgumentParser) -> None:
    _add_planned(check)
    check.add_argument(
        "--fixed", type=Path, metavar="PLAN", help="a plan whose fixed sorties must be unchanged"
    )
    _add_others(check)
    _add_lang(check)
    _add_json(check)


def _describe_map(draw: argparse.ArgumentParser) -> None:
    _add_planned(draw)
    draw.add_argument("--out", type=Path, metavar="FILE", help="default: map.html beside the plan")
    _add_lang(draw)


def _describe_intents(intents: argparse.ArgumentParser) -> None:
    _add_planned(intents)
    intents.add_argument(
        "--out",
        type=Path,
        metavar="DIR|FILE",
        help="one .json file, or a folder with one for each sortie; default: intents.json beside "
        "the plan",
    )
    intents.add_argument(
        "--conflicts", type=Path, metavar="FILE", help="intents of others to compare with"
    )
    intents.add_argument(
        "--ground",
        type=_span,
        metavar="LOW,HIGH",
        help="metres above the sea between which all ground flown over lies; needed where the "
        "network has neither terrain nor ground_m_amsl",
    )
    intents.add_argument(
        "--manager", metavar="NAME", help="who manages the intents; default: the network"
    )
    intents.add_argument("--uss-url", metavar="URL", help="where others may ask for details")
    _add_lang(intents)
    _add_json(intents)


def _describe_airspace(airspace: argparse.ArgumentParser) -> None:
    airspace.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="ED-318, ED-269, GeoJSON, KML, KMZ or OpenAir",
    )
    airspace.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="ED-318 JSON to write"
    )
    airspace.add_argument(
        "--country", default="CHN", metavar="CCC", help="ISO 3166 code; default CHN"
    )
    _add_lang(airspace)
    _add_json(airspace)


def _describe_orders(orders: argparse.ArgumentParser) -> None:
    _add_network(orders)
    source = orders.add_mutually_exclusive_group(required=True)
    source.add_argument("--timetable", type=Path, metavar="FILE", help="standing collections")
    source.add_argument(
        "--sample", action="store_true", help="a synthetic day drawn from the demand model"
    )
    orders.add_argument(
        "--demand", type=Path, metavar="FILE", help="of --sample; default NETWORK/demand.yaml"
    )
    orders.add_argument(
        "--seed", type=_whole, default=1, metavar="N", help="of --sample; default 1"
    )
    _add_date(orders)
    orders.add_argument("--out", type=Path, required=True, metavar="FILE", help="CSV to write")


def _describe_why(why: argparse.ArgumentParser) -> None:
    _add_planned(why)
    why.add_argument(
        "--iterations",
        type=_whole,
        default=300,
        metavar="N",
        help="steps of each search when a change is tried; default 300",
    )
    why.add_argument("--seed", type=_whole, default=1, metavar="N", help="of those; default 1")
    why.add_argument(
        "--reasons-only", action="store_true", help="do not look for changes: an instant answer"
    )
    why.add_argument(
        "--day", action="store_true", help="also rank the changes that help the whole day"
    )
    _add_cache(why)
    _add_lang(why)
    _add_json(why)


def _describe_whatif(whatif: argparse.ArgumentParser) -> None:
    _add_network(whatif)
    describe_whatif(whatif)
    describe_choice(whatif)
    _add_date(whatif)
    _add_wind(whatif)
    _add_search(whatif)
    _add_cache(whatif)
    _add_lang(whatif)
    _add_json(whatif)


def _add_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("network", type=Path, metavar="NETWORK", help="folder with network.yaml")


def _add_planned(parser: argparse.ArgumentParser) -> None:
    _add_network(parser)
    parser.add_argument("plan", type=Path, metavar="PLAN", help="a plan file")
    parser.add_argument(
        "--orders", type=Path, metavar="FILE", help="default: the file the plan was made from"
    )


def _add_date(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--date",
        type=_date,
        metavar="D",
        help="service date, as 2026-11-23; default: tomorrow where the network is",
    )


def _add_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=_whole, default=1, metavar="N", help="of the search; default 1"
    )
    parser.add_argument(
        "--time-limit",
        type=_positive,
        metavar="S",
        help="seconds of search; default 10, or no limit when --iterations is given",
    )
    parser.add_argument(
        "--iterations",
        type=_whole,
        metavar="N",
        help="steps of search; the same seed and steps give the same plan",
    )


def _add_scenario(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--scenario",
        type=Path,
        metavar="FILE",
        help="a scenario file: plan the day as it would be (weather, zones, fleet, ...)",
    )


def _add_wind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wind-percentile",
        type=_percentile,
        metavar="P",
        help="hold for the P-th worst of 100 such days; needs a forecast with members or a spread",
    )


def _add_others(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--other-intents",
        type=Path,
        metavar="FILE",
        help="operational intents of others (ASTM F3548-21, JSON) to keep clear of",
    )


def _add_cache(parser: argparse.ArgumentParser) -> None:
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="where paths around zones are kept from run to run; default: the user's cache folder "
        "(MAGPIE_CACHE or XDG_CACHE_HOME move it)",
    )
    kept.add_argument("--no-cache", action="store_true", help="keep and take no paths")


def _add_lang(parser: argparse.ArgumentParser) -> None:
    spoken = next((os.environ[key] for key in ("LC_ALL", "LANG") if os.environ.get(key)), "")
    default = "zh" if spoken.startswith("zh") else "en"
    parser.add_argument(
        "--lang", choices=("zh", "en"), default=default, help="default: the system's, or en"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object, for machines")


def _date(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-11-23") from None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _positive(text: str) -> float:
    value = _number(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def _percent(text: str) -> float:
    value = _number(text.strip().removesuffix("%"))
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage from 0 to 100")
    return value / 100


def _percentile(text: str) -> float:
    value = _number(text)
    if not 1 <= value <= 99:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 99")
    return value


def _span(text: str) -> tuple[float, float]:
    low, _, high = text.partition(",")
    span = (_number(low), _number(high))
    if not -500 <= span[0] <= span[1] <= 9000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a span of heights like 10,60")
    return span


def _number(text: str) -> float:
    """The number, NaN where there is none: NaN lies in no range."""
    try:
        return float(text)
    except ValueError:
        return math.nan


if __name__ == "__main__":
    sys.exit(main())
