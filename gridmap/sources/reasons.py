"""Why a row of reports is refused, and what to do about it."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The reasons, in the order they are looked for: a row is counted under the first that
    holds.
    """

    MALFORMED = "malformed"
    UNDECODABLE = "undecodable"
    MISSING_ID = "missing_id"
    NO_COORDINATES = "no_coordinates"
    NOT_A_NUMBER = "not_a_number"
    IMPLAUSIBLE_COORDINATES = "implausible_coordinates"
    OUT_OF_CITY = "out_of_city"
    UNKNOWN_CATEGORY = "unknown_category"
    NOT_A_TIME = "not_a_time"
    IMPOSSIBLE_TIME = "impossible_time"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_CHANNEL = "unknown_channel"
    DUPLICATE_IN_FILE = "duplicate_in_file"
    CONFLICT_IN_FILE = "conflict_in_file"
    DUPLICATE_KNOWN = "duplicate_known"
    CONFLICT_KNOWN = "conflict_known"

    @property
    def number(self) -> int:
        """A small number for it in arrays; 0 is for rows that are not refused."""
        return REASONS.index(self) + 1


REASONS = tuple(Reason)

SUSPECTS = {
    "longitude and latitude are swapped": (
        "经纬度似乎颠倒了，请对调。Longitude and latitude seem to be swapped: "
        "exchange them."
    ),
    "the values are web map metres (EPSG:3857), not degrees": (
        "这似乎是网络地图的米制坐标，请用 --crs EPSG:3857 声明。These seem to be web map metres: declare them "
        "with --crs EPSG:3857."
    ),
    "the values are metres of EPSG:4547, not degrees": (
        "这似乎是 EPSG:4547 的米制坐标，请用 --crs EPSG:4547 声明。These seem to be metres of EPSG:4547: "
        "declare them with --crs."
    ),
    "the values are metres of EPSG:4547 with northing and easting swapped, not degrees": (
        "这似乎是纵横颠倒的 EPSG:4547 米制坐标，请对调后用 --crs 声明。These seem to be metres of EPSG:4547 with "
        "northing and easting "
        "swapped: exchange them and declare them with --crs."
    ),
    "the values are degrees, but were declared as metres of EPSG:4547": (
        "这似乎是度数，不是米：请去掉 --crs。These seem to be degrees, not metres: leave out --crs."
    ),
    "the values are degrees, but were declared as metres of EPSG:3857": (
        "这似乎是度数，不是米：请去掉 --crs。These seem to be degrees, not metres: leave out --crs."
    ),
}
"""What to do about coordinates far from the city, by what `geo.crs.suspects` finds."""

CURES = {
    Reason.MALFORMED: (
        "补齐或删去多余的列；NDJSON 每行须是一个 JSON 对象。Give the row as many fields as the "
        "header has; in NDJSON, one JSON object."
    ),
    Reason.UNDECODABLE: "以 UTF-8 或 GB18030 重新保存文件。Save the file again as UTF-8 or GB18030.",
    Reason.MISSING_ID: "为每条上报填写唯一编号。Give each report an id of its own.",
    Reason.NO_COORDINATES: "填写经度和纬度。Fill in longitude and latitude.",
    Reason.NOT_A_NUMBER: "填写数字。Write a number.",
    Reason.IMPLAUSIBLE_COORDINATES: (
        "核对经纬度顺序和坐标系（--crs）。Check the axis order and the coordinate "
        "system (--crs)."
    ),
    Reason.OUT_OF_CITY: "核对位置，它不在任何网格内。Check the place: it lies in no grid.",
    Reason.UNKNOWN_CATEGORY: "使用分类目录中的代码。Use a code of the category tree.",
    Reason.NOT_A_TIME: (
        "按 2024-05-21T08:46:00+08:00 的格式填写时间。Write the time as "
        "2024-05-21T08:46:00+08:00."
    ),
    Reason.IMPOSSIBLE_TIME: (
        "核对时间：2000 年以后、不晚于现在、不早于上报。Check the times: after 2000, not in the future, none "
        "before the report."
    ),
    Reason.UNKNOWN_STATUS: (
        "使用已知状态。Use a known status: reported, accepted, dispatched, "
        "handling, closed, rejected, voided, parked."
    ),
    Reason.UNKNOWN_CHANNEL: "使用已知渠道。Use a known channel: mobile, centre, hotline, import.",
    Reason.DUPLICATE_IN_FILE: (
        "同一编号已在前面出现，无需处理。The same row stands further up; nothing to do."
    ),
    Reason.CONFLICT_IN_FILE: (
        "同一编号前面有不同内容，请改用新编号。The same id stands further up with other "
        "content: give it its own id."
    ),
    Reason.DUPLICATE_KNOWN: "已导入过，无需处理。Imported before; nothing to do.",
    Reason.CONFLICT_KNOWN: (
        "同一编号已有不同内容，请核对或改用新编号。The id is known with other content: check "
        "it, or give it its own id."
    ),
}
