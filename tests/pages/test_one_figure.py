"""One figure everywhere: the map, its table and bars, the export, the page of indicators and
the wall show the same number for the same place and period.
"""

import io
import re

import pandas as pd
import pytest
from shown import words

from gridmap.insight.definitions import DEFINITIONS
from gridmap.model import Level
from gridmap.ui import exports, maps

COUNTY = 410702
KEY = "on_time"


@pytest.fixture
def drawn(monkeypatch):
    """The maps that were drawn, and the data offered for download by the key of their link."""
    layers, offered = [], {}

    def links(table, *, key, **_how):
        offered[key] = pd.read_csv(io.BytesIO(exports.file(table, "csv")))

    monkeypatch.setattr(maps, "show", lambda layer, **_how: layers.append(layer))
    monkeypatch.setattr(exports, "links", links)
    return layers, offered


def on_map(drawn):
    """What a map shows, by place."""
    return pd.Series(drawn.values, index=drawn.codes)


def test_a_figure_is_the_same_wherever_it_is_shown(open_page, city, drawn):
    layers, offered = drawn
    month, figures = city.default_selection(), city.figures
    whole = figures.whole([KEY], month.within(COUNTY)).iloc[0]
    expected = whole["value"]
    assert whole["denominator"] > 0

    assert on_map(figures.values(KEY, month, Level.COUNTY))[COUNTY] == expected
    table = figures.table([KEY], month, Level.COUNTY).set_index("code")
    assert table.loc[COUNTY, KEY] == expected

    open_page("", "en", measure=KEY, level="county")
    assert on_map(layers[-1])[COUNTY] == expected

    app = open_page("pages/indicators.py", "en", indicator=KEY)
    bars = offered[f"places.{KEY}.{city.code}"].set_index("code")
    assert bars.loc[COUNTY, "value"] == pytest.approx(expected)

    app = open_page("pages/indicators.py", "en", area=str(COUNTY))
    row = app.dataframe[0].value.set_index("key").loc[KEY]
    assert row[["percent", "numerator", "denominator"]].tolist() == [
        expected,
        whole["numerator"],
        whole["denominator"],
    ]
    exported = offered[f"indicators.{COUNTY}"]
    line = exported.iloc[list(DEFINITIONS).index(KEY)]
    assert line["Share"] == pytest.approx(expected)

    wall = open_page("", "en", measure=KEY, level="county", area=str(COUNTY), screen="wall")
    assert on_map(layers[-1])[COUNTY] == expected
    card = re.search(
        rf'data-figure="{KEY}".*?class="gm-value">(.*?)<', words(wall), re.DOTALL
    )
    assert card.group(1) == f"{expected:.1f}%"


def test_open_matters_are_the_same_in_map_table_and_file(open_page, city, drawn, tmp_path):
    layers, _ = drawn
    month = city.default_selection()
    app = open_page("pages/workload.py", "en", measure="open")
    table = app.dataframe(key="load.places").value.set_index("code")["open"]
    shown = on_map(layers[-1])
    assert table.sort_index().tolist() == shown.tolist()
    path = city.export.write("workload", tmp_path / "load.csv", month)
    filed = pd.read_csv(path).set_index("code")["open"]
    assert filed.tolist() == shown.tolist()
