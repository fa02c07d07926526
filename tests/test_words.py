"""Words: both catalogues whole, numbers as each language writes them."""

import math
import runpy
from datetime import date
from pathlib import Path

import pytest

from gridmap import words
from gridmap.words import Words

ROOT = Path(__file__).resolve().parents[1]
ZH, EN = Words("zh"), Words("en")


def test_every_word_the_code_uses_stands_in_both_catalogues():
    assert runpy.run_path(str(ROOT / "tools" / "catalogues.py"))["faults"]() == []


def test_a_catalogue_without_its_compiled_file_is_compiled_in_memory(tmp_path, monkeypatch):
    folder = tmp_path / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "gridmap.po").write_text(
        (
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid '
            '"Grid"\nmsgstr "网格"\n'
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    words.catalogue.cache_clear()
    try:
        assert Words("zh")("Grid") == "网格"
    finally:
        words.catalogue.cache_clear()


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (0, "0", "0"),
        (7850, "7,850", "7,850"),
        (15_000, "1.5 万", "15,000"),
        (10_000, "1 万", "10,000"),
        (617_000, "61.7 万", "617,000"),
        (8_600_000, "860 万", "8,600,000"),
        (6_170_000, "617 万", "6,170,000"),
        (-23_456, "-2.35 万", "-23,456"),
        (math.nan, "—", "—"),
    ],
)
def test_a_number_is_written_as_the_language_does(value, zh, en):
    assert (ZH.number(value), EN.number(value)) == (zh, en)


def test_a_share_names_its_counts_and_no_cases_give_a_dash():
    assert EN.share(2303, 2514) == "91.6% (2,303 / 2,514)"
    assert ZH.share(2303, 2514) == "91.6%（2,303 / 2,514）"
    assert EN.share(0, 0) == "—"


def test_a_change_has_a_sign_and_is_silent_without_a_base():
    assert EN.change(110, 100) == "+10.0%"
    assert EN.change(90, 100) == "-10.0%"
    assert EN.change(5, 0) is None


def test_one_and_many_differ_in_english():
    one, many = "{n} grid", "{n} grids"
    assert words.Words("en").plural(one, many, 1) == "1 grid"
    assert words.Words("en").plural(one, many, 15_000) == "15,000 grids"


def test_periods_and_moments():
    assert EN.period(date(2024, 4, 21), date(2024, 5, 20)) == "2024-04-21 to 2024-05-20"
    assert ZH.period(date(2024, 5, 20), date(2024, 5, 20)) == "2024-05-20"
    assert EN.moment(1_716_252_360) == "2024-05-21 08:46 (Asia/Shanghai)"
    assert EN.moment(0) == "—"


@pytest.mark.parametrize(
    ("setting", "browser", "expected"),
    [
        ("", "zh-CN", "zh"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "de", "en"),
        ("", None, "zh"),
        ("en", "zh-CN", "en"),
        ("zh", "en-US", "zh"),
    ],
)
def test_the_setting_goes_before_the_browser(setting, browser, expected):
    assert words.language(setting, browser) == expected


def test_what_people_wrote_is_no_markup():
    assert words.plain("*bold* [x](http://e.example) $a$ :red[x]") == (
        "\\*bold\\* \\[x\\]\\(http\\:\\/\\/e\\.example\\) \\$a\\$ \\:red\\[x\\]".replace(
            "\\/", "/"
        )
    )
    assert words.plain("line\n# head") == "line \\# head"
