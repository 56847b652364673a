"""``magpie airspace`` and networks whose zones are published files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import cli
from commands import Exit
from geo.airspace.read import read_airspace
from routing.legs import build_legs
from routing.reading.network import read_network
from tests.corpus_table import CORPUS

# A restricted square about the middle of the line hub - clinic-b of the tiny network.
OPENAIR = """AC R
AN RANGE ONE
AL GND
AH 300 M AGL
DP 36:51:00 N 119:58:30 E
DP 36:51:00 N 120:01:30 E
DP 36:49:00 N 120:01:30 E
DP 36:49:00 N 119:58:30 E

AC XX
AN BROKEN
AL GND
AH NONSENSE
DP nowhere
"""


def test_openair_becomes_ed318_and_what_is_left_out_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "range.txt").write_text(OPENAIR, encoding="utf-8")
    out = tmp_path / "range.json"
    code = cli.main(["airspace", str(tmp_path / "range.txt"), "--out", str(out), "--lang", "en"])
    told = capsys.readouterr()
    assert code == Exit.NOT_WHOLE
    assert "BROKEN" in told.err
    assert "1 zones" in told.out
    zones, findings = read_airspace(out.read_bytes(), "range.json")
    assert findings == ()
    assert [zone.name_en for zone in zones] == ["RANGE ONE"]


def test_a_network_takes_its_zones_from_a_published_file(tmp_path: Path) -> None:
    shutil.copytree(CORPUS / "valid", tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "network"
    (folder / "range.txt").write_text(OPENAIR.split("\nAC XX", maxsplit=1)[0], encoding="utf-8")
    saved = folder / "range.json"
    assert cli.main(["airspace", str(folder / "range.txt"), "--out", str(saved)]) == Exit.DONE
    published = json.loads(saved.read_text(encoding="utf-8"))
    times = [{"startDateTime": "2026-11-23T01:00:00Z", "endDateTime": "2026-11-23T03:00:00Z"}]
    published["features"][0]["properties"]["limitedApplicability"] = times
    saved.write_text(json.dumps(published), encoding="utf-8")
    main = folder / "network.yaml"
    text = main.read_text(encoding="utf-8")
    for name in ("range.txt", "range.json"):
        main.write_text(f"{text}zones: {name}\n", encoding="utf-8")
        network = read_network(folder, "2026-11-23")
        assert [zone.name_en for zone in network.zones] == ["RANGE ONE"]
        table = build_legs(network).for_type("quad", 10 * 3600)
        assert len(table.path(0, 2)) > 2
    # 01:00 to 03:00 UTC is 09:00 to 11:00 at the hub.
    assert network.zones[0].active == ((9 * 3600, 11 * 3600),)
    assert len(build_legs(network).for_type("quad", 12 * 3600).path(0, 2)) == 2
    assert read_network(folder, "2026-11-24").zones == ()
