"""The demonstration's disputes and mediators: the whole city's, made without drawing a
single grid, and counted.
"""

import numpy as np
import pandas as pd
import pytest

from gridmap.cases.disputes import DISPUTE
from gridmap.cases.mediators import MediatorKind
from gridmap.cases.records import engine
from gridmap.demo import mediation, staff
from gridmap.demo.clock import CLOCK, NOW
from gridmap.insight import mediation as insight
from gridmap.settings import data_folder


@pytest.fixture(scope="module")
def whole():
    return pd.read_csv(data_folder() / "divisions.csv")


@pytest.fixture(scope="module")
def villages(whole):
    return np.sort(whole.loc[whole["level"] == "village", "code"].to_numpy(np.int64))


@pytest.fixture(scope="module")
def team(villages):
    hired = staff.recruit(
        villages * 1000 + 1, today=CLOCK.date(), rng=np.random.default_rng(1)
    )
    return mediation.mediators_rows(
        hired.workers, hired.assignments, rng=np.random.default_rng(2)
    )


@pytest.fixture(scope="module")
def disputes(team, whole, villages):
    return list(
        mediation.played(team, whole, villages, now=NOW, rng=np.random.default_rng(3))
    )


def _frame(disputes):
    stands = [
        engine.replay(DISPUTE, number, journal)
        for number, journal in enumerate(disputes, start=1)
    ]
    return pd.DataFrame(
        {
            "state": [str(one.state) for one in stands],
            "source": [str(one.source) for one in stands],
        }
    )


def test_the_whole_city_has_the_disputes_its_report_tells_of(disputes):
    frame = _frame(disputes)
    (row,) = insight.success(frame).to_dict("records")
    assert (row["entrusted"], row["mediated"]) == (1410, 1392)
    assert set(frame["source"]) == {"petition", "police", "court"}
    assert insight.success(frame, ("source",))[
        ["entrusted", "mediated"]
    ].sum().tolist() == [1410, 1392]


def test_the_whole_city_has_its_mediators_of_every_kind(team):
    assert len(team) == 3694
    assert {row["kind"] for row in team} == {str(kind) for kind in MediatorKind}


def test_a_part_of_the_city_has_its_own_part(team, whole, villages):
    numbers = mediation.counts(whole)
    assert numbers.sum().tolist() == [1410, 1392]
    here = villages[villages // 10**6 == 410703]
    own = list(mediation.played(team, whole, here, now=NOW, rng=np.random.default_rng(4)))
    assert len(own) == numbers.loc[410703, "entrusted"]


def test_journals_lie_between_2023_and_now(disputes):
    lines = [entry for journal in disputes for entry in journal]
    assert min(line.at for line in lines) > mediation.to_epoch(mediation.SINCE) - 86_400
    assert max(line.at for line in lines) < NOW
