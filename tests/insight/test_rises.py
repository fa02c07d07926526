import pandas as pd

from gridmap.insight.rises import rises


def test_a_category_twice_as_frequent_as_usual_is_named_with_what_is_usual():
    reports = pd.DataFrame(
        [("A", True)] * 4
        + [("A", False)] * 14
        + [("B", True)] * 3
        + [("B", False)] * 28
        + [("C", True)] * 2,
        columns=["category", "in_day"],
    )
    found = rises(reports, days=7)
    assert found[["category", "count", "usual"]].to_numpy().tolist() == [["A", 4, 2.0]]


def test_without_reports_nothing_rises():
    assert rises(
        pd.DataFrame({"category": [], "in_day": []}, dtype=object).astype({"in_day": bool}),
        days=7,
    ).empty
