import pytest
import shapely
import town

from gridmap.errors import InputError, NotFoundError
from gridmap.model import Level


def test_places_have_names_in_two_languages(city):
    places = city.places
    assert (places.name(410702), places.name(410702, "en")) == ("红旗区", "Hongqi District")
    assert (places.name(town.BUSY), places.name(town.BUSY, "en")) == ("第一网格", "Grid 1")
    assert places.names([4107, 410702001], "zh") == ["新乡市", "小店镇"]


def test_a_breadcrumb_leads_from_the_city_to_the_place(city):
    assert [code for code, _ in city.places.breadcrumb(town.BUSY)] == [
        4107,
        410702,
        410702001,
        410702001001,
        town.BUSY,
    ]
    assert city.places.path(410702001) == "红旗区 › 小店镇"


@pytest.mark.parametrize("code", [410799, 410702009, 410702001001009])
def test_an_unknown_code_is_not_found(city, code):
    for ask in (
        city.places.name,
        city.places.bounds,
        city.places.breadcrumb,
        city.places.about,
        city.places.children,
    ):
        with pytest.raises(NotFoundError):
            ask(code)
    assert not city.places.known(code)


def test_what_is_no_code_is_refused(city):
    with pytest.raises(InputError):
        city.places.name(42)
    assert not city.places.known(42)
    assert city.places.known(4107)


def test_children_are_one_level_down_and_grids_have_kinds(city):
    assert city.places.children(4107)["code"].tolist() == [410702, 410703]
    assert city.places.children(410702001002)["kind"].tolist() == ["basic", "exclusive"]
    assert len(city.places.children(town.BUSY)) == 0


def test_what_a_place_holds_is_the_sum_of_its_grids(city):
    whole, parts = (
        city.places.about(4107),
        [city.places.about(code) for code in (410702, 410703)],
    )
    for field in ("grids", "villages", "townships", "households", "population", "area_km2"):
        assert getattr(whole, field) == pytest.approx(
            sum(getattr(part, field) for part in parts)
        )
    assert (whole.grids, whole.villages, whole.townships, whole.level) == (
        16,
        8,
        4,
        Level.CITY,
    )


def test_a_point_lies_in_the_grid_around_it_or_nowhere(city):
    assert city.places.at(113.805, 35.305) == town.BUSY
    assert city.places.at(113.835, 35.335) == town.SILENT
    assert city.places.at(100.0, 20.0) == 0


def test_bounds_enclose_the_place_and_nothing_more(city):
    shapes = town.grids()
    inside = shapes[shapes["code"] // 10**9 == 410703]
    assert city.places.bounds(410703) == pytest.approx(
        tuple(shapely.total_bounds(inside.geometry.array))
    )


def test_neighbours_share_a_border_not_only_a_corner(city):
    found = city.places.neighbours(town.BUSY)
    assert sorted(found["code"]) == [410702001001002, 410702002001001]
    assert found["shared_m"].is_monotonic_decreasing
    assert found["shared_m"].between(900, 1120).all()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("小店", 410702001),
        ("xiaodian", 410702001),
        ("xiao dian", 410702001),
        ("xdz", 410702001),
        ("Hongqi", 410702),
        ("410702001", 410702001),
        ("410703002002002", town.SILENT),
        ("胜利街道 西庄", 410703002002),
        ("西庄 胜利街道", 410703002002),
        ("小店 东庄 第二", 410702001001002),
        ("小店镇 › 东庄村 › 第一网格", town.BUSY),
    ],
)
def test_search_finds_codes_names_pinyin_initials_and_paths(city, text, first):
    assert city.places.search(text)["code"].tolist()[0] == first


def test_search_names_what_it_finds_and_keeps_to_the_limit(city):
    found = city.places.search("村", limit=3)
    assert len(found) == 3
    assert found["level"].tolist() == [3, 3, 3]
    assert city.places.search("小店", "en")["name"].tolist() == ["Xiaodian Town"]


@pytest.mark.parametrize(
    "text", ["", "   ", "nothing like it", "999", "(.*", "第", "𠀀", "9" * 40]
)
def test_odd_searches_find_little_and_break_nothing(city, text):
    assert len(city.places.search(text)) <= 20


@pytest.mark.parametrize(
    "code", [4107, 410702, 410702001, 410703002002, town.BUSY, town.SILENT]
)
def test_the_middle_of_a_place_lies_inside_it(city, code):
    found = city.places.at(*city.places.middle(code))
    assert str(found).startswith(str(code))
    if len(str(code)) == 15:
        west, south, east, north = city.places.bounds(code)
        assert city.places.middle(code) == pytest.approx(
            ((west + east) / 2, (south + north) / 2)
        )
