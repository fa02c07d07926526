"""Compiled loops over the bytes of Arrow text columns: times to seconds, text to hashes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gridmap.geo.compiled import compiled

OK, MISSING, BAD = 0, 1, 2
_NO_DAY = -(2**31)
"""What `_days` says of a day that does not exist."""
_ZERO, _NINE = ord("0"), ord("9")
_BLANK, _COLON, _DOT, _COMMA = ord(" "), ord(":"), ord("."), ord(",")
_DASH, _PLUS, _SLASH = ord("-"), ord("+"), ord("/")
_T, _SMALL_T, _Z, _SMALL_Z = ord("T"), ord("t"), ord("Z"), ord("z")
_FNV_START, _FNV_PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)


def text_buffers(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Bytes (uint8[b]) and offsets (int32[n + 1]) of a text array; nulls read as empty."""
    flat = texts.cast(pa.string())
    if flat.null_count:
        flat = flat.fill_null("")
    _, offsets, data = flat.buffers()
    begins = np.frombuffer(offsets, dtype=np.int32)[
        flat.offset : flat.offset + len(flat) + 1
    ]
    return np.frombuffer(data if data is not None else b"", dtype=np.uint8), begins


def parse_times(
    texts: pa.Array, naive_offset_s: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Unix seconds (int64[n]) of ISO 8601 texts, and OK, MISSING or BAD for each (uint8[n]).

    Also read: a blank for the T, slashes or dots in the date, one-digit fields, no seconds,
    Unix seconds (10 digits) or milliseconds (13), 20240521 and 20240521084600. A time
    without a zone is `naive_offset_s` east of UTC.
    """
    data, offsets = text_buffers(texts)
    seconds = np.zeros(len(texts), dtype=np.int64)
    states = np.zeros(len(texts), dtype=np.uint8)
    _parse_times(data, offsets, naive_offset_s, seconds, states)
    return seconds, states


def hash_texts(texts: pa.Array) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each text, uint64[n]; equal texts have equal ones."""
    data, offsets = text_buffers(texts)
    hashes = np.empty(len(texts), dtype=np.uint64)
    _hash_texts(data, offsets, hashes)
    return hashes


@compiled
def _number(data: Any, begin: int, end: int, most: int) -> tuple[int, int]:
    """The digits from `begin`, at most `most`: their value, and where they end."""
    value = 0
    at = begin
    while at < end and at - begin < most and _ZERO <= data[at] <= _NINE:
        value = value * 10 + (data[at] - _ZERO)
        at += 1
    return value, at


@compiled
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar; −2^31 for a day that does not exist."""
    if month < 1 or month > 12 or day < 1 or day > 31:
        return _NO_DAY
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (month in (4, 6, 9, 11) and day > 30) or (month == 2 and day > (29 if leap else 28)):
        return _NO_DAY
    # Years counted from March, so that the leap day is the last; eras of 400 years
    # (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013).
    shifted = year - (1 if month <= 2 else 0)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@compiled
def _digits(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """A time written in digits alone: seconds and state."""
    for at in range(begin, end):
        if data[at] < _ZERO or data[at] > _NINE:
            return 0, BAD
    length = end - begin
    if length in (10, 13):
        value, _ = _number(data, begin, begin + 10, 10)
        return value, OK
    if length not in (8, 14):
        return 0, BAD
    year, _ = _number(data, begin, end, 4)
    month, _ = _number(data, begin + 4, end, 2)
    day, _ = _number(data, begin + 6, end, 2)
    days = _days(year, month, day)
    hour = minute = second = 0
    if length == 14:
        hour, _ = _number(data, begin + 8, end, 2)
        minute, _ = _number(data, begin + 10, end, 2)
        second, _ = _number(data, begin + 12, end, 2)
    if days == _NO_DAY or hour > 23 or minute > 59 or second > 59:
        return 0, BAD
    return days * 86400 + hour * 3600 + minute * 60 + second - offset_s, OK


@compiled
def _zone(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """The offset written from `begin` to the end, or `offset_s` when there is none: seconds
    and state.
    """
    if begin == end:
        return offset_s, OK
    sign = data[begin]
    if sign in (_Z, _SMALL_Z):
        return 0, OK if begin + 1 == end else BAD
    if sign not in (_PLUS, _DASH):
        return 0, BAD
    hours, at = _number(data, begin + 1, end, 2)
    wrong = at != begin + 3
    minutes = 0
    if at < end and data[at] == _COLON:
        at += 1
    if at < end:
        minutes, stop = _number(data, at, end, 2)
        wrong |= stop != at + 2
        at = stop
    if wrong or at != end or hours > 14 or minutes > 59:
        return 0, BAD
    value = hours * 3600 + minutes * 60
    return (value if sign == _PLUS else -value), OK


@compiled
def _clock(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """Hours, minutes and seconds with their zone: seconds after midnight UTC of the day,
    and state.
    """
    hour, at = _number(data, begin, end, 2)
    if at == begin or at >= end or data[at] != _COLON:
        return 0, BAD
    minute, stop = _number(data, at + 1, end, 2)
    if stop != at + 3:
        return 0, BAD
    at = stop
    second = 0
    if at < end and data[at] == _COLON:
        second, stop = _number(data, at + 1, end, 2)
        if stop != at + 3:
            return 0, BAD
        at = stop
        if at < end and data[at] in (_COMMA, _DOT):  # a fraction: cut off
            at += 1
            while at < end and _ZERO <= data[at] <= _NINE:
                at += 1
    while at < end and data[at] == _BLANK:
        at += 1
    offset, state = _zone(data, at, end, offset_s)
    if state != OK or hour > 23 or minute > 59 or second > 59:
        return 0, BAD
    return hour * 3600 + minute * 60 + second - offset, OK


@compiled
def _moment(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """One trimmed, non-empty text: seconds and state."""
    year, at = _number(data, begin, end, 4)
    if at != begin + 4 or at >= end or data[at] not in (_DASH, _DOT, _SLASH):
        return _digits(data, begin, end, offset_s)
    mark = data[at]
    month, stop = _number(data, at + 1, end, 2)
    if stop == at + 1 or stop >= end or data[stop] != mark:
        return 0, BAD
    day, at = _number(data, stop + 1, end, 2)
    days = _days(year, month, day)
    if at == stop + 1 or days == _NO_DAY:
        return 0, BAD
    if at == end:
        return days * 86400 - offset_s, OK
    if data[at] not in (_BLANK, _T, _SMALL_T):
        return 0, BAD
    rest, state = _clock(data, at + 1, end, offset_s)
    return days * 86400 + rest, state


@compiled
def _parse_times(data: Any, offsets: Any, offset_s: int, seconds: Any, states: Any) -> None:
    for row in range(len(seconds)):
        begin = offsets[row]
        end = offsets[row + 1]
        while begin < end and data[begin] <= _BLANK:
            begin += 1
        while begin < end and data[end - 1] <= _BLANK:
            end -= 1
        if begin == end:
            states[row] = MISSING
        else:
            value, state = _moment(data, begin, end, offset_s)
            seconds[row] = value
            states[row] = state


@compiled
def _hash_texts(data: Any, offsets: Any, hashes: Any) -> None:
    """FNV-1a, then mixed: its upper bits alone are too even for a table of hashes."""
    for row in range(len(hashes)):
        value = _FNV_START
        for at in range(offsets[row], offsets[row + 1]):
            value = (value ^ np.uint64(data[at])) * _FNV_PRIME
        value ^= value >> np.uint64(32)
        value *= np.uint64(0x9E3779B97F4A7C15)
        hashes[row] = value ^ (value >> np.uint64(29))
