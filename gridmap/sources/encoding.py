"""Text files as UTF-8: the encoding decided by strict decoding, the separator by the header."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 1 << 22
ENCODINGS = ("utf-8", "gb18030")
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is written, and whether all of it is text: decodable, without zero bytes."""

    name: str
    clean: bool


def detect(path: Path) -> Encoding:
    """The encoding of a text file: the first of UTF-16 (by its mark), UTF-8 and GB18030
    that decodes all of it.

    When none does, the one that gets furthest, not clean.
    """
    with path.open("rb") as file:
        mark = file.read(2)
    if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return Encoding("utf-16", _reach(path, "utf-16")[0] is None)
    reached: dict[str, int] = {}
    for name in ENCODINGS:
        stop, zeros = _reach(path, name)
        if stop is None:
            return Encoding(name, clean=not zeros)
        reached[name] = stop
    return Encoding(max(ENCODINGS, key=reached.__getitem__), clean=False)


def open_utf8(path: Path, encoding: Encoding) -> io.BufferedIOBase:
    """The file's bytes as UTF-8; what cannot be decoded becomes `REPLACEMENT`."""
    if encoding == Encoding("utf-8", clean=True):
        return path.open("rb")
    return io.BufferedReader(_Transcoder(path, encoding.name), buffer_size=CHUNK_BYTES)


def _reach(path: Path, encoding: str) -> tuple[int | None, bool]:
    """Bytes up to what cannot be decoded strictly, None when all can; and whether zero
    bytes were seen.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done, zeros = 0, False
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                zeros |= b"\0" in chunk
                # Plain ASCII needs no decoding, and most of many a file is that.
                if encoding == "utf-16" or not chunk.isascii() or decoder.getstate()[0]:
                    decoder.decode(chunk)
                done += len(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            return done + error.start, zeros
    return None, zeros


class _Transcoder(io.RawIOBase):
    def __init__(self, path: Path, encoding: str) -> None:
        self._text = path.open(encoding=encoding, errors="replace", newline="")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = self._text.read(CHUNK_BYTES).encode("utf-8", errors="replace")
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        self._text.close()
        super().close()
