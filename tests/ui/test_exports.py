"""What is on screen, taken along: the same rows under the same headings in both formats."""

from io import BytesIO

import openpyxl
import pandas as pd

from gridmap.ui import exports

ROWS = pd.DataFrame(
    {
        "number": ["410702-E01", "=1+1"],
        "due": pd.to_datetime([1_716_252_360, None], unit="s", utc=True),
        "left": ["2 h", "−"],
        "metres": [12.5, None],
    }
)
COLUMNS = {"due": {"label": "Limit"}, "number": "Case number", "metres": {"label": None}}


def test_a_file_has_the_columns_shown_under_their_headings():
    table = exports.under_headings(ROWS, COLUMNS)
    assert list(table.columns) == ["Limit", "Case number", "metres"]


def test_both_formats_say_the_same_and_times_as_the_screen_shows_them():
    table = exports.under_headings(ROWS, COLUMNS)
    csv = exports.file(table, "csv").decode("utf-8-sig")
    assert csv.splitlines() == [
        "Limit,Case number,metres",
        "2024-05-21 08:46,410702-E01,12.5",
        ",'=1+1,",
    ]
    sheet = openpyxl.load_workbook(BytesIO(exports.file(table, "xlsx"))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Limit", "Case number", "metres"],
        ["2024-05-21 08:46", "410702-E01", 12.5],
        [None, "=1+1", None],
    ]
    assert sheet["B3"].data_type == "s"


def test_what_is_costly_is_made_when_the_file_is_asked_for():
    made = []

    def table():
        made.append(1)
        return ROWS[["number"]]

    assert not made
    assert b"410702-E01" in exports.file(table, "csv")
    assert made == [1]
