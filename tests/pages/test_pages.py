"""Every page, in both languages, on a real small city."""

import re
from datetime import timedelta

import pytest
from shown import words

from gridmap.city.look.unled import VACANT_CHIEFS
from gridmap.city.look.unstaffed import VACANCIES
from gridmap.insight.selection import Selection
from gridmap.model import Level
from gridmap.words import Words

PAGES = (
    "",
    "pages/heatmap.py",
    "pages/coverage.py",
    "pages/workload.py",
    "pages/grid.py",
    "pages/data.py",
    "pages/inbox.py",
    "pages/matters.py",
    "pages/matter.py",
    "pages/window.py",
    "pages/report.py",
    "pages/office.py",
    "pages/indicators.py",
)
ROOMS = tuple(f"pages/{name}.py" for name in ("centres", "mediation", "tasks", "villages"))
"""Pages with tests of their own, whose maps everybody reads at every level."""
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3,}")
KEPT_IN_CHINESE = {"CSV", "English"}
COUNTY = 410702


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_chinese_in_english(open_page, path):
    shown = words(open_page(path, "en")).replace("中文", "")
    assert not CHINESE.findall(shown), CHINESE.findall(shown)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_english_in_chinese(open_page, path):
    shown = re.sub(r"<[^>]*>|https?:\S+|:material/\w+:", " ", words(open_page(path, "zh")))
    columns = set(re.findall(r"^[a-z_0-9]+$", shown, re.MULTILINE))
    found = {
        word
        for word in LATIN.findall(shown)
        if word not in KEPT_IN_CHINESE and word not in columns
    }
    found -= {part for name in columns for part in name.split("_")}
    assert not found


@pytest.mark.parametrize("path", PAGES + ROOMS)
@pytest.mark.parametrize("area", ["county", "township", "village", "grid"])
def test_a_page_opens_at_every_level(open_page, city, path, area):
    digits = {"county": 6, "township": 9, "village": 12, "grid": 15}[area]
    code = str(
        city.figures.values("reports", city.default_selection(), Level.GRID).codes[0]
    )
    app = open_page(path, "zh", area=code[:digits])
    assert city.places.name(int(code[:digits])) in words(app)


def test_the_overview_shows_the_figures_of_the_city(open_page, city):
    shown = words(open_page("", "en"))
    say = Words("en")
    for figure in city.overview.headline(city.default_selection()):
        expected = (
            f"{figure.value:.1f}%"
            if figure.figure.shows == "share"
            else say.number(figure.value)
        )
        assert re.search(
            rf'data-figure="{figure.key}".*?class="gm-value">{re.escape(expected)}<',
            shown,
            re.DOTALL,
        )


def test_the_overview_follows_period_place_and_category(open_page, city):
    root = city.categories()["code"].iloc[0]
    app = open_page("", "en", area=str(COUNTY), period="90", cat=root)
    chosen = Selection(
        city.today - timedelta(days=90), city.today - timedelta(days=1), COUNTY, (root,)
    )
    new = city.overview.headline(chosen)[0]
    assert f'class="gm-value">{Words("en").number(new.value)}<' in words(app)


def test_coverage_counts_what_the_city_counts(open_page, city):
    app = open_page("pages/coverage.py", "en")
    today = city.figures.today(4107)
    row = city.figures.whole(["without_worker"], today).iloc[0]
    assert f"{row['numerator']:,} of {row['denominator']:,} grids" in words(app)


def test_coverage_shows_the_vacancies_the_city_counts(open_page, city):
    app = open_page("pages/coverage.py", "en", level="township")
    keys = [figure.key for figure in (*VACANCIES, *VACANT_CHIEFS)]
    today = city.figures.today(4107)
    table = city.figures.table(keys, today, Level.TOWNSHIP, counts=True)
    posts = int(table[keys].to_numpy().sum())
    assert f"{posts:,} posts vacant" in words(app)


def test_workload_names_the_gini_of_the_city(open_page, city):
    found = city.workload.imbalance(city.default_selection())
    assert f"Gini {found.gini:.2f}" in words(open_page("pages/workload.py", "en"))


def test_the_state_of_a_link_survives_a_page_change(open_page):
    app = open_page("pages/heatmap.py", "en", area=str(COUNTY), period="90")
    assert app.query_params == {"lang": "en", "area": str(COUNTY), "period": "90"}
    assert "Hongqi District" in words(app)


def test_a_link_with_nonsense_says_so_and_shows_the_rest(open_page):
    app = open_page("", "en", area="999999", period="90")
    assert "area" in app.warning[0].value
    assert app.selectbox(key="side.period").value == "90"


def test_the_breadcrumb_leads_back(open_page):
    app = open_page("", "en", area="410702001")
    app.button(key="trail.410702").click().run()
    assert app.query_params["area"] == "410702"


def test_a_search_finds_a_place_and_opens_it(open_page):
    app = open_page("", "en")
    app.text_input(key="side.search").input("hongqi").run()
    app.button(key=f"side.search.{COUNTY}").click().run()
    assert app.query_params["area"] == str(COUNTY)
    assert app.text_input(key="side.search").value == ""


def test_a_search_for_nothing_says_what_to_do(open_page):
    app = open_page("", "en")
    app.text_input(key="side.search").input("zzzz").run()
    assert "No place of this name or code" in words(app)


def test_the_language_changes_everything_at_once(open_page):
    app = open_page("", "zh")
    app.button_group(key="side.language").set_value("en").run()
    assert not CHINESE.findall(words(app).replace("中文", ""))


def test_a_filter_changes_the_figures(open_page):
    app = open_page("", "en")
    before = words(app)
    app.selectbox(key="side.period").set_value("7").run()
    assert words(app) != before
    assert app.query_params["period"] == "7"


def test_the_wall_has_figures_and_no_side_bar(open_page):
    app = open_page("", "en", screen="wall")
    assert 'data-figure="silent"' in words(app)
    assert not app.sidebar.selectbox
