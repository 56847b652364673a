"""The command line through its entry point: exit codes, outputs, messages, no traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import cli
from commands import Exit
from routing.plan_file import read_plan, write_plan
from routing.solver.engine import DEFAULT_TIME_LIMIT_S
from tests.conftest import ROOT

VALID = ROOT / "tests" / "corpus" / "valid"
DATE = "2026-11-23"
STEPS = ["--seed", "7", "--iterations", "200", "--lang", "en"]

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A tiny valid network, its catalogue, orders and timetable in a folder of their own."""
    return shutil.copytree(VALID, tmp_path / "tiny")


def _plan(tiny: Path, *more: str, out: str = "out") -> int:
    orders = str(tiny / "orders.csv")
    where = ["--orders", orders, "--date", DATE, "--out", str(tiny / out)]
    return cli.main(["plan", str(tiny / "network"), *where, *STEPS, *more])


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny day, planned once: ``out/`` beside the network."""
    tiny = shutil.copytree(VALID, tmp_path_factory.mktemp("planned") / "tiny")
    assert _plan(tiny) == Exit.DONE
    return tiny


def _judge(command: str, planned: Path, plan: Path, *more: str) -> int:
    return cli.main([command, str(planned / "network"), str(plan), *more])


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "cli.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(re.findall(r"\| +([\w.]+)$", done.stderr, re.MULTILINE))
    heavy = {"numpy", "numba", "pandas", "pydantic", "shapely", "ortools", "folium", "rich"}
    assert "argparse" in imported
    assert imported & heavy == set()
    assert "exit codes: 0 done" in done.stdout


@pytest.mark.parametrize("command", ["plan", "check", "map", "intents", "orders", "schema"])
def test_every_command_explains_itself(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert f"magpie {command}" in capsys.readouterr().out


def test_help_names_the_solvers_own_time_limit(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        cli.main(["plan", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert f"seconds of search; default {DEFAULT_TIME_LIMIT_S:g}," in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "COMMAND"),
        (["fly"], "invalid choice: 'fly'"),
        (["plan", "x"], "--orders"),
        (["plan", "x", "--orders", "y", "--date", "23.11.2026"], "'23.11.2026' is not a date"),
        (["plan", "x", "--orders", "y", "--seed", "-1"], "'-1' is not a whole number from 0"),
        (["plan", "x", "--orders", "y", "--iterations", "many"], "'many' is not a whole number"),
        (["plan", "x", "--orders", "y", "--time-limit", "0"], "'0' is not a number above 0"),
        (["plan", "x", "--orders", "y", "--time-limit", "inf"], "'inf' is not a number above 0"),
        (["plan", "x", "--orders", "y", "--gap", "101%"], "'101%' is not a percentage"),
        (["plan", "x", "--orders", "y", "--lang", "de"], "invalid choice: 'de'"),
        (["orders", "x", "--out", "y"], "one of the arguments --timetable --sample is required"),
    ],
)
def test_wrong_options_are_named_and_exit_2(
    arguments: list[str], message: str, capsys: Captured
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == Exit.BAD_INPUT
    assert message in capsys.readouterr().err


def test_a_percentage_may_carry_its_sign() -> None:
    parse = cli.build_parser().parse_args
    assert parse(["plan", "x", "--orders", "y", "--gap", "0.5%"]).gap == pytest.approx(0.005)
    assert parse(["plan", "x", "--orders", "y", "--gap", "100"]).gap == 1.0


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_systems(
    environment: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cli.build_parser().parse_args(["map", "x", "y"]).lang == lang


def test_every_fault_is_told_at_once_without_a_traceback(tiny: Path, capsys: Captured) -> None:
    orders = tiny / "orders.csv"
    text = orders.read_text("utf-8-sig").replace("hub,clinic-b", "hub,clinic-x")
    orders.write_text(text.replace("clinic-a,,serum,10", "clinic-a,,serum,minus ten"), "utf-8")
    assert _plan(tiny) == Exit.BAD_INPUT
    told = capsys.readouterr()
    assert told.out == ""
    assert "clinic-x" in told.err
    assert "minus ten" in told.err
    assert len(told.err.splitlines()) == 2
    assert "Traceback" not in told.err
    assert not (tiny / "out").exists()


def test_an_output_folder_that_cannot_be_one_is_told_before_planning(
    tiny: Path, capsys: Captured
) -> None:
    (tiny / "out").write_text("a file in the way")
    assert _plan(tiny) == Exit.BAD_INPUT
    assert "must be a folder that can be written" in capsys.readouterr().err


def test_plan_opens_with_what_it_wrote_and_says_how_good_it_is(
    tiny: Path, capsys: Captured
) -> None:
    assert _plan(tiny) == Exit.DONE
    told = capsys.readouterr()
    assert told.err == ""  # no progress where nobody watches
    lines = told.out.splitlines()
    assert lines[0] == f"Wrote {tiny / 'out'}:"
    names = {line.strip() for line in lines[1 : lines.index("")]}
    assert {"plan.json", "schedule.xlsx", "map.html", "summary.html", "plan.gpkg"} <= names
    assert names == {file.name for file in (tiny / "out").iterdir()}
    assert "3 of 3 orders fly" in told.out
    assert "First come, first served" in told.out
    assert "Checked: rules R1-R12 all hold." in told.out


def test_plan_speaks_chinese(tiny: Path, capsys: Captured) -> None:
    assert _plan(tiny, "--lang", "zh") == Exit.DONE
    assert "小网，2026-11-23：3 / 3 单飞行送达" in capsys.readouterr().out


def test_plan_tells_machines_in_json(tiny: Path, capsys: Captured) -> None:
    assert _plan(tiny, "--json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    plan = read_plan(tiny / "out" / "plan.json")
    assert (told["date"], told["orders"], told["flown"], told["unserved"]) == (DATE, 3, 3, [])
    assert told["objective"]["cost_s"] == plan.objective.cost_s
    assert told["baselines"]["first_come"]["sorties"] >= 1
    assert all(Path(file).is_file() for file in told["files"])


def test_the_same_seed_and_iterations_give_the_same_sorties(planned: Path, tiny: Path) -> None:
    assert _plan(tiny) == Exit.DONE
    first, second = (read_plan(folder / "out" / "plan.json") for folder in (planned, tiny))
    assert first.sorties == second.sorties
    assert first.objective == second.objective


def test_orders_that_stay_behind_make_exit_1(tiny: Path, capsys: Captured) -> None:
    # Three orders from clinic-b at the same minute, each nearly a full load of the only drone
    # left, due so early that it cannot come twice.
    network = tiny / "network" / "network.yaml"
    network.write_text(re.sub(r"  - \{prefix: W.*\n", "", network.read_text("utf-8")), "utf-8")
    rows = [f"B-{n},clinic-a,hub,serum,10,2.5,08:15,08:50,stat" for n in range(3)]
    heading = "id,origin,destination,product,quantity,mass_kg,ready,deadline,tier"
    (tiny / "orders.csv").write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    assert _plan(tiny) == Exit.NOT_WHOLE
    told = capsys.readouterr().out
    assert "Left behind:" in told
    left = read_plan(tiny / "out" / "plan.json").unserved
    assert left
    assert all(f"{one.order_id}  {one.text_en}" in told for one in left)


def test_orders_that_could_never_fly_are_refused_unless_allowed(
    tiny: Path, capsys: Captured
) -> None:
    with (tiny / "orders.csv").open("a", encoding="utf-8") as orders:
        orders.write("A-4,clinic-a,hub,serum,1,2026-11-23 12:00,routine\n")
    header, *rows = (tiny / "orders.csv").read_text("utf-8-sig").splitlines()
    # Thirteen kilometres in two minutes, handovers included.
    due = [row + ("," if n < 3 else ",12:02") for n, row in enumerate(rows)]
    (tiny / "orders.csv").write_text("\n".join([header + ",deadline", *due]) + "\n", "utf-8")
    assert _plan(tiny) == Exit.BAD_INPUT
    told = capsys.readouterr().err
    assert len(told.splitlines()) == 1
    assert "A-4" in told
    assert _plan(tiny, "--allow-impossible") == Exit.NOT_WHOLE
    assert [one.order_id for one in read_plan(tiny / "out" / "plan.json").unserved] == ["A-4"]


def test_check_proves_a_plan_as_written(planned: Path, capsys: Captured) -> None:
    assert _judge("check", planned, planned / "out" / "plan.json", "--lang", "en") == Exit.DONE
    told = capsys.readouterr()
    assert "rules R1-R12 all hold" in told.out
    assert told.err == ""


def test_check_names_what_an_edit_broke(planned: Path, tmp_path: Path, capsys: Captured) -> None:
    plan = json.loads((planned / "out" / "plan.json").read_text("utf-8"))
    plan["sorties"][0]["pack_id"] = "no-such-pack"
    plan["sorties"][0]["flights"][0]["payload_kg"] += 1.0
    edited = tmp_path / "edited.json"
    edited.write_text(json.dumps(plan), "utf-8")
    assert _judge("check", planned, edited, "--lang", "en") == Exit.NOT_WHOLE
    told = capsys.readouterr().out
    assert re.search(r"^P2 stated: ", told, re.MULTILINE)
    assert re.search(r"^R7 packs: ", told, re.MULTILINE)
    assert _judge("check", planned, edited, "--json") == Exit.NOT_WHOLE
    rules = {one["rule"] for one in json.loads(capsys.readouterr().out)["violations"]}
    assert {"P2", "R7"} <= rules


def test_check_says_when_the_network_has_changed(
    planned: Path, tmp_path: Path, capsys: Captured
) -> None:
    changed = shutil.copytree(planned, tmp_path / "changed")
    network = changed / "network" / "network.yaml"
    network.write_text(network.read_text("utf-8") + "# one more line\n", "utf-8")
    plan = planned / "out" / "plan.json"
    assert _judge("check", changed, plan) == Exit.DONE
    assert "another version" in capsys.readouterr().err


def test_a_plan_without_its_orders_needs_them_named(
    planned: Path, tmp_path: Path, capsys: Captured
) -> None:
    plan = read_plan(planned / "out" / "plan.json")
    del plan.made_with["orders"]
    bare = tmp_path / "bare.json"
    write_plan(plan, bare)
    assert _judge("check", planned, bare) == Exit.BAD_INPUT
    assert "name it with --orders FILE" in capsys.readouterr().err
    assert _judge("check", planned, bare, "--orders", str(planned / "orders.csv")) == Exit.DONE


@pytest.mark.parametrize("command", ["check", "map"])
def test_a_broken_plan_file_is_bad_input(
    command: str, planned: Path, tmp_path: Path, capsys: Captured
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema_version": 1,', "utf-8")
    assert _judge(command, planned, broken) == Exit.BAD_INPUT
    assert "broken.json" in capsys.readouterr().err


def test_map_is_one_file(planned: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "new" / "flights.html"
    plan = planned / "out" / "plan.json"
    assert _judge("map", planned, plan, "--out", str(out), "--lang", "zh") == Exit.DONE
    assert capsys.readouterr().out == f"{out}\n"
    assert [file.name for file in out.parent.iterdir()] == ["flights.html"]
    page = out.read_text("utf-8")
    assert "甲卫生院" in page
    assert "Synthetic orders" not in page


def test_a_map_of_synthetic_orders_says_so(planned: Path, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("# Synthetic\n" + (planned / "orders.csv").read_text("utf-8-sig"), "utf-8")
    out = tmp_path / "map.html"
    plan = planned / "out" / "plan.json"
    more = ["--orders", str(orders), "--out", str(out)]
    assert _judge("map", planned, plan, *more) == Exit.DONE
    assert "Synthetic orders" in out.read_text("utf-8")


def test_a_timetable_becomes_orders_that_plan_reads(tiny: Path, capsys: Captured) -> None:
    out = tiny / "orders.csv"
    out.unlink()
    arguments = ["orders", str(tiny / "network"), "--date", DATE, "--out", str(out)]
    assert cli.main([*arguments, "--timetable", str(tiny / "timetable.csv")]) == Exit.DONE
    assert capsys.readouterr().out == f"{out}: 3 orders for {DATE}\n"
    assert _plan(tiny) == Exit.DONE


def test_a_sample_is_labelled_synthetic_and_repeats_with_its_seed(tmp_path: Path) -> None:
    def sample(name: str, seed: int) -> str:
        out = tmp_path / name
        network = str(ROOT / "configs" / "pingdu")
        options = ["--sample", "--seed", str(seed), "--date", DATE, "--out", str(out)]
        assert cli.main(["orders", network, *options]) == Exit.DONE
        return out.read_text("utf-8-sig")

    first = sample("first.csv", 3)
    assert first.splitlines()[0] == "# synthetic: drawn from demand.yaml with seed 3"
    assert sample("again.csv", 3) == first
    assert sample("other.csv", 4) != first


def test_schema_is_json(capsys: Captured) -> None:
    assert cli.main(["schema"]) == Exit.DONE
    assert "schema_version" in json.dumps(json.loads(capsys.readouterr().out))


def _open_when_read(pipe: Path, run: subprocess.Popen[str]) -> int:
    """Open a named pipe as soon as the run has come to read it."""
    while run.poll() is None:
        with suppress(OSError):  # nobody reads yet
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    raise AssertionError(f"the run ended before it read its orders: {run.communicate()[1]}")


def test_ctrl_c_ends_quietly_and_leaves_no_file(tiny: Path) -> None:
    orders = tiny / "slow.csv"
    os.mkfifo(orders)
    out = tiny / "out"
    command = ["cli.py", "plan", str(tiny / "network"), "--orders", str(orders), "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, *command, "--date", DATE],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background of a shell are deaf to Ctrl-C, and so is what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as run:
        writer = _open_when_read(orders, run)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate()
        os.close(writer)
    assert run.returncode == Exit.STOPPED
    assert told == "stopped; every file is whole or not there\n"
    assert not out.exists()


def test_a_reader_that_leaves_early_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "cli.py", "schema"],
        cwd=ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert done.returncode == Exit.PIPE_CLOSED
    assert done.stderr == ""


def test_intents_are_written_and_compared(planned: Path, tmp_path: Path, capsys: Captured) -> None:
    plan, ours = planned / "out" / "plan.json", tmp_path / "ours.json"
    assert _judge("intents", planned, plan, "--out", str(ours)) == Exit.BAD_INPUT
    assert "ground_m_amsl" in capsys.readouterr().err
    where = ["--ground", "5,60", "--lang", "en"]
    assert _judge("intents", planned, plan, "--out", str(ours), *where) == Exit.DONE
    assert "EGM96" in capsys.readouterr().out
    assert len(json.loads(ours.read_text("utf-8"))["operational_intents"]) == len(
        read_plan(plan).sorties
    )
    # As if another operator had planned the very same flights.
    with_others = ["--out", str(tmp_path / "each"), "--conflicts", str(ours), *where]
    assert _judge("intents", planned, plan, *with_others) == Exit.NOT_WHOLE
    assert "Conflict: sortie" in capsys.readouterr().out
    caught = _judge("check", planned, plan, "--other-intents", str(ours), "--lang", "en")
    assert caught == Exit.NOT_WHOLE
    assert "R9 airspace" in capsys.readouterr().out
    assert _plan(planned, "--other-intents", str(plan), out="none") == Exit.BAD_INPUT
