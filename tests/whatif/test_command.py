"""``magpie whatif`` through its entry point, and the map as a person uses it, the network off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from cli import main
from tests.conftest import ROOT

PINGDU = str(ROOT / "configs" / "pingdu")
LINES = str(ROOT / "configs" / "pingdu" / "orders" / "lines.csv")
GRID = str(ROOT / "configs" / "pingdu" / "scenarios" / "fleet-and-clinics.yaml")
QUICK = ["--iterations", "3", "--workers", "1", "--date", "2026-11-23", "--lang", "en"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid of four scenarios beside the base on the day of the lines that fly today."""
    out = tmp_path_factory.mktemp("whatif")
    code = main(
        ["whatif", PINGDU, "--orders", LINES, "--scenario", GRID, *QUICK, "--out", str(out)]
    )
    assert code == 0
    return out


def test_it_writes_every_file(written: Path) -> None:
    names = {file.name for file in written.iterdir()}
    assert names == {
        "finding.txt",
        "map.html",
        "results",
        "whatif.csv",
        "whatif.html",
        "whatif.json",
        "whatif.xlsx",
    }
    # The grid's first combination changes nothing: it is the base, planned once.
    assert len(list((written / "results").iterdir())) == 4


def test_the_new_villages_without_figures_are_labelled(written: Path) -> None:
    facts = json.loads((written / "whatif.json").read_text("utf-8"))
    modelled = {new["site"]: new["is_modelled"] for new in facts["new_sites"]}
    assert sorted(modelled.values()) == [False, True, True]
    for new in facts["new_sites"]:
        if new["is_modelled"]:
            assert 0 <= new["orders_low"] < new["orders_high"]
        else:
            assert new["orders_low"] is None
    assert "its orders are the demand model's" in (written / "finding.txt").read_text("utf-8")
    ways = {(row["scenario"], row["way"]) for row in facts["rows"]}
    assert ("today's fleet / three villages", "road") in ways
    assert len(ways) == 5 * 3


def test_the_same_again_gives_the_same_files(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(
        ["whatif", PINGDU, "--orders", LINES, "--scenario", GRID, *QUICK, "--out", str(tmp_path)]
    )
    assert code == 0
    assert "wrote" in capsys.readouterr().out
    for name in ("whatif.html", "map.html", "whatif.csv", "finding.txt", "whatif.json"):
        assert (tmp_path / name).read_bytes() == (written / name).read_bytes()


def test_days_of_the_demand_model_and_one_liners(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = ["--demand", "x0.1", "--wind", "x1.5", "--name", "quiet"]
    code = main(
        [
            *("whatif", PINGDU, "--seeds", "1-2", "--dates", "2026-11-23..2026-11-24"),
            *(*changes, *QUICK, "--json", "--out", str(tmp_path)),
        ]
    )
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    rows = {(row["scenario"], row["way"]): row for row in told["rows"]}
    assert rows["quiet", "plan"]["days"] == 2
    days = [row["day"] for row in told["days"] if row["scenario"] == "base"]
    assert days == ["seed 0001 2026-11-23", "seed 0002 2026-11-24"] * 3
    base = rows["base", "plan"]["orders"]
    assert rows["quiet", "plan"]["orders"] == pytest.approx(base / 10, abs=0.5)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "there must be a scenario or a change"),
        (["--seeds", "1", "--wind", "5"], "either --orders or --seeds"),
        (["--dates", "2026-11-23,2026-11-24", "--wind", "5"], "2 dates for 1 days"),
        (["--remove-site", "wanjia"], "did you mean 'wanjia-hc'?"),
        (["--add-site", "a,119.9,36.9,WGS-48"], "--add-site"),
        (["--scenario", "none.yaml"], "none.yaml: the file must exist"),
        (["--wind", "9", "--wind", "8"], "must not contradict --wind"),
        (["--wind", "9", "--costs", "none.yaml"], "none.yaml: the file must exist"),
    ],
)
def test_bad_input_is_told_and_exits_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    code = main(
        ["whatif", PINGDU, "--orders", LINES, *options, *QUICK, "--out", str(tmp_path / "out")]
    )
    assert code == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out" / "whatif.html").exists()


@pytest.fixture(scope="module")
def page(chromium: str, written: Path) -> Iterator[Page]:
    """The map, the network off; ends with a failure when anything went wrong on it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        context = browser.new_context(viewport={"width": 1300, "height": 850})
        context.set_offline(True)
        opened = context.new_page()
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on(
            "request",
            lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None,
        )
        opened.goto((written / "map.html").as_uri())
        opened.wait_for_selector("body.is-ready")
        yield opened
        assert wrong == []
        browser.close()


def test_the_map_toggles_before_after_and_changes(page: Page) -> None:
    page.select_option("#scenario", "2")  # today's fleet, three villages
    page.click("#changes")
    kinds = {change["kind"] for change in page.evaluate("window.comparison.changes")}
    assert "new" in kinds
    legend = page.inner_text("#legend")
    assert "new route" in legend
    new = [c for c in page.evaluate("window.comparison.changes") if c["kind"] == "new"]
    assert all(change["from"] == 0 < change["to"] for change in new)
    page.click("#after")
    after = page.locator("#map path").count()
    page.click("#before")
    assert page.evaluate("window.comparison.view") == "before"
    assert page.locator("#map path").count() < after
    assert page.locator("#legend").is_hidden()


# Names of before a click fade away; until then they are there twice.
NO_NAME_TWICE = """() => {
    const said = [...document.querySelectorAll('.place')].map((node) => node.textContent);
    return said.length > 0 && new Set(said).size === said.length;
}"""


def test_no_name_lies_over_another(page: Page) -> None:
    page.click("#changes")
    page.wait_for_function(NO_NAME_TWICE)
    before = page.wait_for_selector(".place", state="attached")
    page.click(".leaflet-control-zoom-in")
    page.wait_for_function("node => !node.isConnected", arg=before)
    page.wait_for_function(NO_NAME_TWICE)
    page.wait_for_selector(".place.waits", state="attached")  # many sites are in the county town
    names = page.evaluate(
        "[...document.querySelectorAll('.place:not(.waits)')].map((node) => {"
        " const b = node.getBoundingClientRect(); return [b.left, b.right, b.top, b.bottom]; })"
    )
    assert len(names) > 10
    for one, other in combinations(names, 2):
        is_apart = one[1] < other[0] or other[1] < one[0]
        assert is_apart or one[3] - 3 < other[2] or other[3] - 3 < one[2]


def test_the_map_speaks_both_languages_and_repeats_the_finding(page: Page) -> None:
    page.select_option("#scenario", "2")
    page.click("#after")
    assert "of" in page.inner_text("#note")
    page.click("#language")
    assert page.inner_text("#before") == "前"
    assert page.inner_text("#note").startswith("“现有机队 / 加三个村”：日均")
    page.click("#language")
    assert page.inner_text("#before") == "Before"
