"""What centres took in, and what became of it by the end."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from gridmap.insight.centres import PARTS, belongs, figures

instants = st.integers(0, 20)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "place": st.integers(1, 3),
            "accepted_at": st.integers(1, 9),
            "handled_at": instants,
            "closed_at": instants,
            "passed_at": instants,
            "units": st.integers(0, 4),
        }
    )
)
COLUMNS = ["place", "accepted_at", "handled_at", "closed_at", "passed_at", "units"]


@given(rows)
def test_every_part_is_a_part_of_what_was_accepted_and_what_is_completed_was_handled(rows):
    table = figures(pd.DataFrame(rows, columns=COLUMNS), 10)
    assert table["accepted"].sum() == len(rows)
    for part in PARTS:
        assert (table[part] <= table["accepted"]).all()
    assert (table["completed"] <= table["handled"]).all()


def test_what_is_closed_at_the_end_or_later_is_not_completed_by_it():
    taken = pd.DataFrame(
        [(1, 1, 0, closed, 0, 1) for closed in (0, 9, 10, 11)], columns=COLUMNS
    )
    assert belongs(taken, 10)["completed"].tolist() == [False, True, False, False]
