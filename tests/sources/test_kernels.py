"""Times in text: every way of writing a moment gives its seconds, everything else is told apart."""

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.sources.kernels import BAD, MISSING, OK, hash_texts, parse_times

SHANGHAI_S = 8 * 3600


def parse(text):
    seconds, states = parse_times(pa.array([text]), SHANGHAI_S)
    return (
        int(seconds[0])
        if states[0] == OK
        else {MISSING: "missing", BAD: "bad"}[int(states[0])]
    )


@settings(deadline=None)
@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)),
    st.one_of(st.none(), st.integers(-14 * 60, 14 * 60)),
    st.sampled_from(["T", " "]),
)
def test_iso_8601_is_read_as_python_reads_it(moment, offset_min, separator):
    zone = (
        timezone(timedelta(minutes=offset_min))
        if offset_min is not None
        else timezone(timedelta(seconds=SHANGHAI_S))
    )
    written = moment if offset_min is None else moment.replace(tzinfo=zone)
    expected = (
        moment.replace(microsecond=0, tzinfo=zone) - datetime(1970, 1, 1, tzinfo=UTC)
    ) // timedelta(seconds=1)
    assert parse(written.isoformat(sep=separator)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-21T08:46:00+08:00",
        "2024-05-21T08:46:00+0800",
        "2024-05-21 08:46:00 +08",
        "2024-05-21T00:46:00Z",
        "2024-05-21 08:46",
        "2024/5/21 8:46",
        "2024.5.21 8:46:00.999",
        "  2024-05-21T08:46:00  ",
        "1716252360",
        "1716252360000",
        "20240521084600",
    ],
)
def test_one_moment_in_many_spellings(text):
    assert parse(text) == 1716252360


def test_a_day_begins_at_midnight_in_shanghai():
    assert parse("2024-05-21") == parse("20240521") == parse("2024-05-21T00:00+08:00")


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-05-21T24:00",
        "2024-05-21T08:60",
        "2024-05-21T",
        "2024-05-21T8",
        "2024-05-21T08:46:61",
        "2024-05-21T08:46+8",
        "2024-05-21T08:46:00+08:00x",
        "2024-05/21",
        "12",
        "now",
        "2024",
        "2024-",
        "２０２４-05-21",
        "-1716252360",
        "2024-05-21T08:46:00+15:00",
    ],
)
def test_what_is_no_time_is_told(text):
    assert parse(text) == "bad"


@pytest.mark.parametrize("text", ["", "   ", None])
def test_nothing_is_missing_not_wrong(text):
    _, states = parse_times(pa.array([text], pa.string()), SHANGHAI_S)
    assert states.tolist() == [MISSING]


def test_slices_are_read_where_they_begin():
    texts = pa.array(["x", "1716252360", "2024-05-21T00:46:00Z"]).slice(1)
    seconds, states = parse_times(texts, SHANGHAI_S)
    assert seconds.tolist() == [1716252360, 1716252360]
    assert states.tolist() == [OK, OK]


@settings(deadline=None)
@given(st.lists(st.text(max_size=5)))
def test_equal_texts_have_equal_hashes_and_others_do_not(texts):
    hashes = hash_texts(pa.array(texts, pa.string())).tolist()
    assert len(set(hashes)) == len(set(texts))
    assert hashes == [hash_texts(pa.array([text]))[0] for text in texts]
