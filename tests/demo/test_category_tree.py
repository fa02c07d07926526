import pandas as pd

from gridmap.demo.mix import PROFILES, CategoryMix
from gridmap.model import LimitUnit
from gridmap.settings import data_folder

TREE = pd.read_csv(data_folder() / "categories.csv", keep_default_na=False)
MIX = pd.read_csv(data_folder() / "category_mix.csv")


def test_every_category_has_its_parent_and_both_names():
    assert TREE["code"].is_unique
    assert set(TREE.loc[TREE["parent"] != "", "parent"]) <= set(TREE["code"])
    assert (TREE[["zh", "en"]] != "").all().all()
    assert set(TREE["class"]) == set("CEDHSP")


def test_every_leaf_has_a_limit_a_handler_and_its_odds():
    leaves = TREE[~TREE["code"].isin(TREE["parent"])]
    assert set(leaves["limit_unit"]) <= {unit.value for unit in LimitUnit}
    assert (leaves["handler"] != "").all()
    assert set(leaves["code"]) == set(MIX["code"])


def test_limits_published_in_the_province_are_kept():
    limits = TREE.set_index("zh")[["limit_amount", "limit_unit"]].agg(" ".join, axis=1)
    assert limits["暴露垃圾"] == "1 working_days"
    assert limits["积存垃圾渣土"] == "4 working_days"
    assert limits["违法建设"] == "15 working_days"
    assert limits["道路不洁"] == "5 working_hours"


def test_odds_of_every_place_and_month_add_up():
    mix = CategoryMix.of(pd.read_csv(data_folder() / "categories.csv"), MIX)
    assert mix.odds.shape == (len(PROFILES), 12, len(MIX))
    assert abs(mix.odds.sum(axis=2) - 1).max() < 1e-12
