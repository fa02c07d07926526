import runpy
from pathlib import Path
from typing import get_args

import pytest

from gridmap.insight import indicators
from gridmap.insight.definitions import DEFINITIONS, VALUES
from gridmap.words import Words

ROOT = Path(__file__).resolve().parents[2]
OF_DOMAIN = {
    "acceptance",
    "accurate_acceptance",
    "on_time_dispatch",
    "closing",
    "on_time",
    "rework",
    "own_level",
    "false_closure",
    "whistle_in_time",
}


def test_every_indicator_of_the_field_is_defined_but_mediation():
    assert set(DEFINITIONS) >= OF_DOMAIN
    assert {key for key, one in DEFINITIONS.items() if not one.journal} == set(
        get_args(indicators.Key)
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_indicator_has_its_words_and_no_two_have_the_same(lang):
    say = Words(lang)
    told = [
        tuple(say(text, **VALUES) for text in (one.name, one.numerator, one.denominator))
        for one in DEFINITIONS.values()
    ]
    assert all(text and "{" not in text for one in told for text in one)
    assert len({name for name, _, _ in told}) == len(told)
    if lang == "zh":
        assert all(
            any("\u4e00" <= sign <= "\u9fff" for sign in text)
            for one in told
            for text in one
        )


def test_the_page_of_the_manual_is_made_from_the_table():
    made = runpy.run_path(str(ROOT / "tools" / "reference.py"))["indicators"]()
    assert (ROOT / "docs" / "indicators.md").read_text("utf-8") == made
