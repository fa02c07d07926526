import pytest

from gridmap import names


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (8, "八"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (99, "九十九"),
        (105, "一百零五"),
        (110, "一百一十"),
    ],
)
def test_a_number_is_read_as_it_is_spoken(number, text):
    assert names.chinese_number(number) == text


def test_every_number_has_a_name_of_its_own():
    assert len({names.grid_name(number) for number in range(1, 1000)}) == 999


@pytest.mark.parametrize("number", [0, 1000])
def test_a_number_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match="outside 1 to 999"):
        names.chinese_number(number)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [("红旗区", "Hongqi District"), ("小店镇", "Xiaodian Town"), ("Old Mill", "Old Mill")],
)
def test_an_english_name_translates_the_kind_and_romanises_the_rest(chinese, english):
    assert names.english_name(chinese) == english


@pytest.mark.parametrize("number", [1, 10, 11, 20, 81, 100, 105, 110, 999])
def test_a_written_number_reads_back(number):
    assert names.number_of(names.chinese_number(number)) == number


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("新乡市平原城乡一体化示范区", "Pingyuan Demonstration Zone"),
        ("向阳社区居民委员会", "Xiangyang Community"),
        ("杨庄村村民委员会", "Yangzhuang Village"),
        ("杨庄村民委员会", "Yangzhuang Village"),
        ("原种场虚拟生活区", "Yuanzhongchang Residential Area"),
        ("长垣市", "Changyuan City"),
        ("第十二网格", "Grid 12"),
        ("向阳农贸市场专属网格", "Xiangyang Market"),
        ("西安", "Xi'an"),
    ],
)
def test_an_official_suffix_is_translated_once(chinese, english):
    assert names.english_name(chinese) == english
