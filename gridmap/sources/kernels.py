"""Compiled loops over the bytes of Arrow text columns: times to seconds, text to hashes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gridmap.geo.compiled import compiled

OK, MISSING, BAD = 0, 1, 2


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
    while at < end and at - begin < most and 48 <= data[at] <= 57:
        value = value * 10 + (data[at] - 48)
        at += 1
    return value, at


@compiled
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar; −2^31 for a day that does not exist."""
    if month < 1 or month > 12 or day < 1 or day > 31:
        return -2147483648
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (month in (4, 6, 9, 11) and day > 30) or (month == 2 and day > (29 if leap else 28)):
        return -2147483648
    shifted = year - (1 if month <= 2 else 0)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@compiled
def _digits(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """A time written in digits alone: seconds and state."""
    for at in range(begin, end):
        if data[at] < 48 or data[at] > 57:
            return 0, 2
    length = end - begin
    if length in (10, 13):
        value, _ = _number(data, begin, begin + 10, 10)
        return value, 0
    if length not in (8, 14):
        return 0, 2
    year, _ = _number(data, begin, end, 4)
    month, _ = _number(data, begin + 4, end, 2)
    day, _ = _number(data, begin + 6, end, 2)
    days = _days(year, month, day)
    hour = minute = second = 0
    if length == 14:
        hour, _ = _number(data, begin + 8, end, 2)
        minute, _ = _number(data, begin + 10, end, 2)
        second, _ = _number(data, begin + 12, end, 2)
    if days == -2147483648 or hour > 23 or minute > 59 or second > 59:
        return 0, 2
    return days * 86400 + hour * 3600 + minute * 60 + second - offset_s, 0


@compiled
def _zone(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """The offset written from `begin` to the end, or `offset_s` when there is none: seconds
    and state.
    """
    if begin == end:
        return offset_s, 0
    sign = data[begin]
    if sign in (90, 122):  # Z
        return 0, 0 if begin + 1 == end else 2
    if sign not in (43, 45):  # + −
        return 0, 2
    hours, at = _number(data, begin + 1, end, 2)
    wrong = at != begin + 3
    minutes = 0
    if at < end and data[at] == 58:
        at += 1
    if at < end:
        minutes, stop = _number(data, at, end, 2)
        wrong |= stop != at + 2
        at = stop
    if wrong or at != end or hours > 14 or minutes > 59:
        return 0, 2
    value = hours * 3600 + minutes * 60
    return (value if sign == 43 else -value), 0


@compiled
def _clock(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """Hours, minutes and seconds with their zone: seconds after midnight UTC of the day,
    and state.
    """
    hour, at = _number(data, begin, end, 2)
    if at == begin or at >= end or data[at] != 58:
        return 0, 2
    minute, stop = _number(data, at + 1, end, 2)
    if stop != at + 3:
        return 0, 2
    at = stop
    second = 0
    if at < end and data[at] == 58:
        second, stop = _number(data, at + 1, end, 2)
        if stop != at + 3:
            return 0, 2
        at = stop
        if at < end and data[at] in (44, 46):  # a fraction: cut off
            at += 1
            while at < end and 48 <= data[at] <= 57:
                at += 1
    while at < end and data[at] == 32:
        at += 1
    offset, state = _zone(data, at, end, offset_s)
    if state != 0 or hour > 23 or minute > 59 or second > 59:
        return 0, 2
    return hour * 3600 + minute * 60 + second - offset, 0


@compiled
def _moment(data: Any, begin: int, end: int, offset_s: int) -> tuple[int, int]:
    """One trimmed, non-empty text: seconds and state."""
    year, at = _number(data, begin, end, 4)
    if at != begin + 4 or at >= end or data[at] not in (45, 46, 47):
        return _digits(data, begin, end, offset_s)
    mark = data[at]
    month, stop = _number(data, at + 1, end, 2)
    if stop == at + 1 or stop >= end or data[stop] != mark:
        return 0, 2
    day, at = _number(data, stop + 1, end, 2)
    days = _days(year, month, day)
    if at == stop + 1 or days == -2147483648:
        return 0, 2
    if at == end:
        return days * 86400 - offset_s, 0
    if data[at] not in (32, 84, 116):  # blank or T
        return 0, 2
    rest, state = _clock(data, at + 1, end, offset_s)
    return days * 86400 + rest, state


@compiled
def _parse_times(data: Any, offsets: Any, offset_s: int, seconds: Any, states: Any) -> None:
    for row in range(len(seconds)):
        begin = offsets[row]
        end = offsets[row + 1]
        while begin < end and data[begin] <= 32:
            begin += 1
        while begin < end and data[end - 1] <= 32:
            end -= 1
        if begin == end:
            states[row] = 1
        else:
            value, state = _moment(data, begin, end, offset_s)
            seconds[row] = value
            states[row] = state


@compiled
def _hash_texts(data: Any, offsets: Any, hashes: Any) -> None:
    for row in range(len(hashes)):
        value = np.uint64(14695981039346656037)
        for at in range(offsets[row], offsets[row + 1]):
            value = (value ^ np.uint64(data[at])) * np.uint64(1099511628211)
        value ^= value >> np.uint64(32)
        value *= np.uint64(0x9E3779B97F4A7C15)
        hashes[row] = value ^ (value >> np.uint64(29))
