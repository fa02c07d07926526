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
