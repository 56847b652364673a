"""Bytes of a file to text, whatever a Chinese or Western Excel wrote them with.

Owns the choice of encoding. Does not know formats.
"""

from __future__ import annotations

from pathlib import Path

from routing.reading.faults import FaultList, Phrase


def read_bytes(path: Path, faults: FaultList) -> bytes | None:
    """The bytes of a file, or None with a fault when it cannot be read or is empty."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        faults.add(
            "file.missing",
            str(path),
            rule="the file must exist",
            found=Phrase("no such file"),
            action="check the name or put the file there",
        )
        return None
    except OSError as error:
        faults.add(
            "file.unreadable",
            str(path),
            rule="the file must be readable",
            found=Phrase(error.strerror or "an error"),
            action="name a file, not a folder, that you may read",
        )
        return None
    if not content.strip():
        faults.add(
            "file.empty",
            str(path),
            rule="the file must hold something",
            found=Phrase("an empty file"),
            action="save the file again with its rows",
        )
        return None
    return content


def decode(content: bytes, file: str, faults: FaultList) -> str | None:
    """Text of UTF-8 (BOM or not), UTF-16 with BOM, or GB18030 bytes (which covers GBK, GB2312).

    UTF-8 is tried first: text in another encoding is almost never valid UTF-8.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    faults.add(
        "file.encoding",
        file,
        rule="text must be UTF-8 or GB18030 (GBK)",
        found=Phrase("bytes that are neither"),
        action="save the file again as UTF-8",
    )
    return None
