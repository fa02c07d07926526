from datetime import date

import numpy as np
import pandas as pd
import pytest

from gridmap.demo import staff
from gridmap.model import Role

TODAY = date(2024, 5, 21)
CODES = np.sort(
    np.concatenate(
        [410702001000000 + village * 1000 + np.arange(1, 6) for village in range(300)]
    )
)


@pytest.fixture(scope="module")
def team():
    return staff.recruit(CODES, today=TODAY, share=0.08, rng=np.random.default_rng(1))


def test_nearly_every_grid_has_a_worker_and_some_workers_have_several(team):
    assert 0.96 < (team.holder > 0).mean() < 1
    assert 2 <= np.bincount(team.holder[team.holder > 0]).max() <= 5


def test_every_village_has_a_leader_but_some_lack_another_role(team):
    villages = set(CODES // 1000)
    for role, complete in (
        (Role.GRID_LEADER, True),
        (Role.POLICE_OFFICER, False),
        (Role.MEDIATOR, False),
    ):
        served = set(team.assignments.loc[team.assignments["role"] == role.value, "area"])
        assert served <= villages
        assert (served == villages) is complete


def test_mediators_are_the_citys_share(team):
    assert (team.workers["role"] == Role.MEDIATOR.value).sum() == round(
        0.08 * staff.MEDIATORS
    )


def test_a_holder_is_in_office(team):
    areas = team.assignments[team.assignments["role"] == Role.GRID_WORKER.value]
    ended = set(areas.loc[areas["ends"].notna(), "area"])
    assert all(team.holder[np.searchsorted(CODES, sorted(ended))] == 0)
    held = areas[areas["ends"].isna()].set_index("area")["worker"]
    pd.testing.assert_series_equal(
        held.sort_index(),
        pd.Series(team.holder, index=CODES)[held.sort_index().index],
        check_names=False,
    )


def test_visits_are_past_and_some_grids_were_long_unseen(team):
    now = 1_716_252_360
    seen = staff.visit(team, CODES, now=now, rng=np.random.default_rng(2))
    assert seen["at"].max() < now
    assert len(set(CODES) - set(seen["grid"])) > 0


def test_areas_and_workers_belong_together(team):
    assert team.workers["id"].is_unique
    assert set(team.assignments["worker"]) == set(team.workers["id"])
