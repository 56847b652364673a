"""Outcomes on disk, one file each, named by content: what was computed is never computed again.

Owns the files. A file is written aside and renamed, so that an interrupted sweep leaves whole
files only; a file that cannot be read, or is of another format, counts as not there.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from routing.whatif.task import Outcome
from routing.whole_file import write_whole

_FORMAT: TypeAdapter[Outcome] = TypeAdapter(Outcome)


class Store:
    """A folder of outcomes; without a folder it remembers nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def load(self, key: str) -> Outcome | None:
        """The outcome under a key, None when there is none."""
        if self._folder is None:
            return None
        try:
            return _FORMAT.validate_json(self._file(self._folder, key).read_bytes())
        except (OSError, ValidationError):
            return None

    def save(self, outcome: Outcome) -> None:
        """File an outcome under its key."""
        if self._folder is not None:
            text = _FORMAT.dump_json(outcome).decode()
            write_whole(self._file(self._folder, outcome.key), text)

    @staticmethod
    def _file(folder: Path, key: str) -> Path:
        return folder / f"{key}.json"
