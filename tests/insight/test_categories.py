import pytest
from small_facts import categories

from gridmap.errors import InputError


def test_a_category_stands_for_everything_below_it():
    assert categories().under(["A"]).tolist() == [1, 2, 3, 4]
    assert categories().under(["A2", "B1"]).tolist() == [3, 4, 7]


def test_no_category_means_all():
    assert categories().wanted(()).tolist() == [1.0] * 8


def test_wanted_ids_count_one_and_others_nothing():
    assert categories().wanted(["A2"]).tolist() == [0, 0, 0, 1, 1, 0, 0, 0]


def test_every_unknown_code_is_named():
    with pytest.raises(InputError) as error:
        categories().under(["A", "X", "Y"])
    assert [fault.value for fault in error.value.faults] == ["X", "Y"]
