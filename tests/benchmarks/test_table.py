"""The tables in the benchmark's page are those of the result files, and say what rows say."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.record import RESULTS, Row, read_results, write_results
from benchmarks.run import main
from benchmarks.table import END, PAGE, START, insert_tables, render_tables

FACTS = {"commit": "abc", "machine": "two cores"}


def own(solver: str, seed: int, cost: float | None, broken: str = "") -> Row:
    return Row(
        "own", "P4-1", solver, seed, 10.0, served=None if cost is None else 12, orders=12,
        cost=cost, sorties=5, first_s=0.1, broken=broken, over_battery=0.25, facts=FACTS,
    )  # fmt: skip


def known(name: str, gap: float, *, remark: str = "", broken: str = "") -> Row:
    return Row(
        "literature", name, "magpie", 1, 10.0, orders=9, cost=100.0, gap=max(gap, 0.0),
        known=100.0, known_gap=gap, remark=remark, broken=broken, facts=FACTS,
    )  # fmt: skip


def rendered(folder: Path, *rows: Row) -> list[str]:
    write_results(rows, "some", folder=folder, has_picture=False)
    return [line for line in render_tables(folder).splitlines() if line.startswith("| ")][2:]


def test_the_page_has_the_tables_of_the_result_files() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == insert_tables(page, render_tables(RESULTS)), "run: python -m benchmarks.table"


def test_a_figure_edited_by_hand_is_found() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, start, rest = page.partition(START)
    figure = next(word for word in rest.split() if word[0].isdigit() and "," in word)
    edited = before + start + rest.replace(figure, "1,234", 1)
    assert insert_tables(edited, render_tables(RESULTS)) == page != edited


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="there must be"):
        insert_tables(f"# Results\n{START}\nno end", "")
    assert insert_tables(f"a {START} old {END} z", "new") == f"a {START}\n\nnew\n{END} z"


def test_seeds_become_medians_and_no_broken_rule_is_hidden(tmp_path: Path) -> None:
    rows = [own("x", 1, 300.0), own("x", 2, 100.0, "R4:2"), own("x", 3, 140.0, "R4:1 R5:3")]
    (line,) = rendered(tmp_path, *rows)
    assert line == ("| P4-1 | `x` | 10 | 3 | 12/12 | 140 | 5 | 0.1 | - | - | R4:2 R5:3 | 25 |")


def test_a_solver_without_an_answer_is_told(tmp_path: Path) -> None:
    lines = rendered(tmp_path, own("x", 1, None), own("y", 1, None), own("y", 2, 80.0))
    assert "| `x` | 10 | 0 of 1 | 0/12 | - |" in lines[0]
    assert "no answer" in lines[0]
    assert "| `y` | 10 | 1 of 2 | 12/12 | 80 |" in lines[1]


def test_literature_is_told_set_by_set(tmp_path: Path) -> None:
    lines = rendered(
        tmp_path,
        known("mtvrptwr/C201R0.25", 0.02),
        known("mtvrptwr/C202R0.25", 0.0),
        known("lilim/lc101", 0.0, remark="10 vehicles, best known 10"),
        known("lilim/lc102", 0.01, remark="11 vehicles, best known 10"),
        # 100.0 may stand for anything from 99.95 to 100.05.
        known("drp/Set_A1_Cust_15_1/E", 0.0004),
        known("drp/Set_A1_Cust_15_2/E", 0.0006),
        known("drp/Set_A1_Cust_10_1/R", 0.0, broken="node 3 is visited 0 times"),
    )
    assert lines == [
        "| drp E | 10 | 2 | 2 | 2 | 0.05 | 0.06 | Set_A1_Cust_15_2/E | 1 of 2 | 0 of 2 | - |",
        "| drp R | 10 | 1 | 1 | 0 | - | - | - | 0 of 0 | 1 of 1 | - |",
        "| lilim | 10 | 2 | 2 | 2 | 0.50 | 1.00 | lc102 | 1 of 2 | 1 of 2 | 1 of 2 |",
        "| mtvrptwr | 10 | 2 | 2 | 2 | 1.00 | 2.00 | C201R0.25 | 1 of 2 | 1 of 2 | - |",
    ]


def test_growth_is_told_by_orders(tmp_path: Path) -> None:
    rows = [
        Row("growth", f"growth-{n}", "magpie", 1, 30.0, n, n, cost=9.0, peak_mb=m, facts=FACTS)
        for n, m in ((1_000, 700.4), (200, 300.0))
    ]
    rows[1].first_s = 0.25
    assert rendered(tmp_path, *rows) == [
        "| 200 | 30 | 1 | 200 | 0.2 | 300 | 9 |",
        "| 1,000 | 30 | 1 | 1,000 | - | 700 | 9 |",
    ]


def test_rows_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [own("x", 1, 300.0), own("y", 2, None)]
    rows[0].facts = {"commit": "older"}
    write_results(rows, "some", folder=tmp_path, has_picture=False)
    assert read_results("some", tmp_path) == rows
    assert read_results("other", tmp_path) == []


def test_a_stopped_run_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs of one day each make one file; what is there is neither lost nor run again."""
    # Without the peers' environment: no peer runs here, and no picture is drawn.
    monkeypatch.setattr("benchmarks.run.prepare_environment", lambda: None)
    monkeypatch.setattr("benchmarks.record.ENVIRONMENT", tmp_path)
    words = ["run", "--suite", "own", "--solvers", "first-come", "--name", "days", "--resume"]
    words += ["--results", str(tmp_path)]
    for days in ("P4-1", "P4-2", "P4-*"):
        monkeypatch.setattr("sys.argv", [*words, "--instances", days])
        main()
    rows = read_results("days", tmp_path)
    assert [row.instance for row in rows][:2] == ["P4-1", "P4-2"]
    assert [row.instance for row in rows].count("P4-1") == 1
