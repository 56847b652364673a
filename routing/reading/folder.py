"""The files of one network folder as they are opened: names, bytes, digest.

Owns how a file is named to the user and the digest over all that was read. Does not know what
the files mean.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from routing.reading.faults import FaultList
from routing.reading.keys import fit
from routing.reading.tables import Columns, Table, parse_table
from routing.reading.text import read_bytes
from routing.reading.yaml_text import YamlText, parse_yaml

M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class Folder:
    """A folder being read.

    Attributes:
        root: the folder as the user named it.
        faults: where faults go.
        contents: what was read, by name within the folder.
    """

    root: Path
    faults: FaultList
    contents: dict[str, bytes] = field(default_factory=dict)

    def name(self, name: str) -> str:
        """A file of the folder as shown to the user, without ``..`` in the middle."""
        return os.path.normpath(self.root / name)

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return Path(self.name(name)).exists()

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None with a fault when there are none."""
        content = read_bytes(Path(self.name(name)), self.faults)
        if content is not None:
            self.contents[name] = content
        return content

    def yaml(self, name: str) -> YamlText | None:
        """A YAML file, None with faults."""
        content = self.read(name)
        return None if content is None else parse_yaml(content, self.name(name), self.faults)

    def table(self, name: str, columns: Columns) -> Table | None:
        """A table file, None with faults."""
        content = self.read(name)
        if content is None:
            return None
        return parse_table(content, self.name(name), columns, self.faults)

    def fit(self, model: type[M], source: YamlText | None) -> M | None:
        """A YAML file as its model, None with faults or when there is no file."""
        if source is None:
            return None
        return fit(model, source.values, source.locate, self.faults)

    def digest(self) -> str:
        """sha256 over the names and bytes of all files read; the folder's own place is left out."""
        total = hashlib.sha256()
        for name in sorted(self.contents):
            total.update(name.encode() + b"\0" + self.contents[name] + b"\0")
        return total.hexdigest()
