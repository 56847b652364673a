"""Files that are whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.whole_file import write_whole


def test_a_text_replaces_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("old")
    write_whole(file, "架次\n")
    assert file.read_bytes() == "架次\n".encode()
    assert [one.name for one in tmp_path.iterdir()] == ["plan.txt"]


def test_a_text_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "half a sign: \ud800")
    assert file.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["plan.txt"]


def test_a_folder_that_is_not_there_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "nowhere" / "plan.txt", "text")
