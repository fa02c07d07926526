"""Reports from files of every kind: the same rows whatever the format, and spoilt ones with
their place.
"""

import json

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.errors import InputError
from gridmap.geo.crs import from_wgs84
from gridmap.sources import rows
from gridmap.sources.reasons import REASONS
from gridmap.sources.reports import read_reports

TABLE = pd.DataFrame(
    {
        "id": ["a1", "a2", "a3"],
        "category": ["E01", "C01", "E01"],
        "reported_at": [
            "2024-05-20T08:00:00+08:00",
            "2024-05-20 09:00",
            "2024/5/20 10:00:00",
        ],
        "lon": [113.05, 113.15, 113.1],
        "lat": [35.05, 35.15, 35.1],
        "closed_at": ["", "2024-05-20T12:00:00+08:00", ""],
        "worker": [12, 0, 7],
        "text": ["路灯不亮", 'a, "b"\nc', "=1+1"],
    }
)
CHINESE = {
    "id": "案件编号",
    "category": "类别",
    "reported_at": "上报时间",
    "lon": "经度",
    "lat": "纬度",
    "closed_at": "结案时间",
    "worker": "网格员编号",
    "text": "问题描述",
}


def frame(path, **more):
    """All rows of a file, with the reason's name."""
    batches = list(read_reports([path], **more))
    table = pa.Table.from_batches(
        [batch.drop_columns(["original"]) for batch in batches]
    ).to_pandas()
    table["reason"] = [
        "" if not number else REASONS[number - 1].value for number in table["reason"]
    ]
    return table.sort_values("row", ignore_index=True)


def as_csv(table, path, encoding="utf-8", sep=","):
    path.write_bytes(table.to_csv(index=False, sep=sep).encode(encoding))


def as_excel(table, path):
    book = openpyxl.Workbook()
    book.active.append(list(table.columns))
    for row in table.itertuples(index=False):
        book.active.append(list(row))
    for cell in (
        cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"
    ):
        cell.data_type = "s"
    book.save(path)


def as_ndjson(table, path):
    path.write_text(
        "".join(
            json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_dict("records")
        ),
        "utf-8",
    )


WRITERS = {
    "utf-8": as_csv,
    "utf-8 with a mark": lambda table, path: as_csv(table, path, "utf-8-sig"),
    "gb18030": lambda table, path: as_csv(table, path, "gb18030"),
    "utf-16": lambda table, path: as_csv(table, path, "utf-16", "\t"),
    "semicolons": lambda table, path: as_csv(table, path, sep=";"),
    "excel": as_excel,
    "parquet": lambda table, path: pq.write_table(pa.Table.from_pandas(table), path),
    "ndjson": as_ndjson,
}


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("chinese", [False, True])
def test_every_format_gives_the_same_rows(tmp_path, kind, chinese):
    path = tmp_path / "file"
    WRITERS[kind](TABLE.rename(columns=CHINESE) if chinese else TABLE, path)
    found = frame(path)
    assert found["reason"].tolist() == ["", "", ""]
    assert found["id"].tolist() == ["a1", "a2", "a3"]
    assert found["reported_at"].tolist() == [1716163200, 1716166800, 1716170400]
    assert found["lon"].tolist() == [113.05, 113.15, 113.1]
    assert found["closed_at"].isna().tolist() == [True, False, True]
    assert found["worker"].tolist() == [12, 0, 7]
    assert found["text"].tolist() == TABLE["text"].tolist()
    first = 1 if kind in {"parquet", "ndjson"} else 2
    assert found["row"].tolist() == [first, first + 1, first + 2]


def test_excel_dates_and_numbers_are_understood(tmp_path):
    table = TABLE.assign(
        id=[1.0, 2.0, 3.0], reported_at=pd.to_datetime(["2024-05-20T08:00"] * 3)
    )
    as_excel(table, tmp_path / "a.xlsx")
    found = frame(tmp_path / "a.xlsx")
    assert found["id"].tolist() == ["1", "2", "3"]
    assert found["reported_at"].tolist() == [1716163200] * 3


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai", "UTC"])
def test_parquet_times_are_understood(tmp_path, zone):
    moment = pd.to_datetime(["2024-05-20T00:00:00Z"] * 3).tz_convert(
        zone or "Asia/Shanghai"
    )
    table = TABLE.assign(reported_at=moment if zone else moment.tz_localize(None))
    pq.write_table(pa.Table.from_pandas(table), tmp_path / "a.parquet")
    assert frame(tmp_path / "a.parquet")["reported_at"].tolist() == [1716163200] * 3


@settings(deadline=None, max_examples=25)
@given(
    lines=st.lists(
        st.sampled_from(["good", "short", "long", "blank", "quoted"]), max_size=60
    ),
    block=st.integers(400, 2000),
)
def test_rows_are_numbered_as_a_person_counts_them(tmp_path_factory, lines, block):
    path = tmp_path_factory.mktemp("numbered") / "a.csv"
    texts = {
        "good": "{0},E,2024-05-20,113,35",
        "short": "{0},E",
        "long": "{0},E,2024-05-20,113,35,6",
        "blank": "",
        "quoted": '"{0}\nx",E,2024-05-20,113,35',
    }
    path.write_text(
        "id,category,reported_at,lon,lat\n"
        + "".join(texts[line].format(row) + "\n" for row, line in enumerate(lines, 2))
    )
    before, rows.BLOCK_BYTES = rows.BLOCK_BYTES, block
    try:
        batches = list(read_reports([path]))
    finally:
        rows.BLOCK_BYTES = before
    found = {row["row"]: row["reason"] for batch in batches for row in batch.to_pylist()}
    assert found == {
        row: int(line in {"short", "long"})
        for row, line in enumerate(lines, 2)
        if line != "blank"
    }
    assert all(
        int(row["id"].split()[0]) == row["row"]
        for batch in batches
        for row in batch.to_pylist()
        if row["id"]
    )


def test_a_file_in_no_encoding_loses_only_the_rows_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.csv"
    as_csv(TABLE, path)
    path.write_bytes(path.read_bytes().replace("路灯".encode(), b"\xff\xfe\xff"))
    assert frame(path)["reason"].tolist() == ["undecodable", "", ""]


def test_zero_bytes_are_no_text(tmp_path):
    path = tmp_path / "a.csv"
    as_csv(TABLE.assign(text=["a\0b", "", ""]), path)
    assert frame(path)["reason"].tolist() == ["undecodable", "", ""]


def test_lines_that_are_no_objects_are_spoilt(tmp_path):
    path = tmp_path / "a.ndjson"
    as_ndjson(TABLE, path)
    path.write_text(path.read_text("utf-8") + "{broken\n\n[1]\n", "utf-8")
    found = frame(path)
    assert found["reason"].tolist() == ["", "", "", "malformed", "malformed"]
    assert found["row"].tolist() == [1, 2, 3, 4, 6]


def test_the_row_as_the_file_has_it_comes_along(tmp_path):
    as_csv(TABLE.rename(columns=CHINESE).assign(备注=["x", "y", "z"]), tmp_path / "a.csv")
    batch = next(read_reports([tmp_path / "a.csv"]))
    assert batch["original"][0].as_py() == {
        "案件编号": "a1",
        "类别": "E01",
        "上报时间": "2024-05-20T08:00:00+08:00",
        "经度": "113.05",
        "纬度": "35.05",
        "结案时间": "",
        "网格员编号": "12",
        "问题描述": "路灯不亮",
        "备注": "x",
    }


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_shifted_coordinates_are_shifted_back(tmp_path, system):
    lon, lat = from_wgs84(TABLE["lon"].to_numpy(), TABLE["lat"].to_numpy(), system)
    as_csv(TABLE.assign(lon=lon, lat=lat), tmp_path / "a.csv")
    found = frame(tmp_path / "a.csv", crs=system)
    assert found["lon"].tolist() == pytest.approx(TABLE["lon"].tolist(), abs=1e-8)


def test_projected_coordinates_are_turned_into_degrees(tmp_path):
    as_csv(TABLE.assign(lon=[500_000.0] * 3, lat=[3_880_000.0] * 3), tmp_path / "a.csv")
    found = frame(tmp_path / "a.csv", crs="EPSG:4547")
    assert found["lon"].tolist() == pytest.approx([114.0] * 3, abs=1e-9)
    assert found["lat"].between(35.0, 35.1).all()


def test_an_unknown_coordinate_system_is_refused_before_reading(tmp_path):
    with pytest.raises(InputError, match="EPSG:999999"):
        list(read_reports([tmp_path / "none.csv"], crs="EPSG:999999"))


def test_a_column_can_be_named(tmp_path):
    as_csv(TABLE.rename(columns={"id": "Nummer", "lon": "where"}), tmp_path / "a.csv")
    assert frame(tmp_path / "a.csv", mapping={"id": "Nummer", "lon": "where"})[
        "id"
    ].tolist() == ["a1", "a2", "a3"]


def test_all_that_is_wrong_with_the_columns_is_said_at_once(tmp_path):
    as_csv(TABLE.rename(columns={"id": "Nummer", "lon": "where"}), tmp_path / "a.csv")
    with pytest.raises(InputError) as caught:
        frame(tmp_path / "a.csv", mapping={"lat": "nothing", "speed": "text"})
    assert {fault.field for fault in caught.value.faults} == {"id", "lon", "lat", "speed"}
    assert {fault.file for fault in caught.value.faults} == {"a.csv"}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0aaaa", "xls"),
        (b"PK\x03\x04nothing", "cannot be read"),
        (b"PAR1nothing", "cannot be read"),
        (b"id,id,category,reported_at,lon,lat\n", "twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_cure(tmp_path, content, what):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=what) as caught:
        frame(path)
    assert caught.value.faults[0].file == "a.csv"
    assert caught.value.faults[0].cure


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    as_excel(TABLE, tmp_path / "a.xlsx")
    monkeypatch.setattr(rows, "MOST_UNPACKED_BYTES", 100)
    with pytest.raises(InputError, match="unpacks"):
        frame(tmp_path / "a.xlsx")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv"):
        frame(tmp_path / "none.csv")


@pytest.mark.parametrize("kind", ["utf-8", "excel", "parquet"])
def test_a_file_without_rows_is_read_as_none(tmp_path, kind):
    WRITERS[kind](TABLE.iloc[:0], tmp_path / "a")
    assert sum(batch.num_rows for batch in read_reports([tmp_path / "a"])) == 0


def test_numbers_of_many_kinds_are_read_and_others_told(tmp_path):
    as_csv(TABLE.assign(lon=[" +113.05 ", "1.1305e2", "113,05"]), tmp_path / "a.csv")
    found = frame(tmp_path / "a.csv")
    assert found["lon"].tolist()[:2] == [113.05, 113.05]
    assert found["reason"].tolist() == ["", "", "not_a_number"]
    assert found["field"].tolist()[2] == "lon"


def test_chinese_dates_are_read(tmp_path):
    as_csv(
        TABLE.assign(
            reported_at=["2024年5月20日 8时00分", "2024年5月20日", "2024年5月20日 08:00:00"]
        ),
        tmp_path / "a.csv",
    )
    assert frame(tmp_path / "a.csv")["reported_at"].tolist() == [
        1716163200,
        1716134400,
        1716163200,
    ]
