"""From the second shape of the database to the newest, with journals in it: where matters
lay is told; nothing is lost.
"""

import json

import pytest
from shapes import shaped
from sqlalchemy import select, text
from world import LOWER_LEFT, NOW

from gridmap.cases import stays as journal_stays
from gridmap.store import Store, caserows, cases, migrate
from gridmap.store.tables import matters, offices, stays

JOURNALS = {
    1: [
        (
            "report",
            0,
            {
                "grid": LOWER_LEFT,
                "category": "E01",
                "status": 0,
                "office": 4,
                "due_at": NOW,
                "step_due_at": NOW - 9,
            },
        ),
        ("accept", 5, {"status": 1, "step_due_at": NOW - 5, "due_at": NOW + 5}),
        ("dispatch", 9, {"status": 2, "office": 5, "person": 0, "step_due_at": NOW}),
        ("return", 12, {"status": 1, "office": 4, "person": 0, "step_due_at": 0}),
        ("void", 20, {"status": 6, "due_at": 0, "step_due_at": 0}),
        ("reopen", 30, {"status": 1, "office": 0, "person": 0, "step_due_at": 7}),
    ],
    3: [("report", 1, {"grid": LOWER_LEFT, "category": "E01", "status": 5, "office": 0})],
}


@pytest.fixture
def second_shape(settings):
    """The settings of a city whose database has the second shape, with an office and two
    journals.
    """
    with shaped(settings, "0002") as connection:
        connection.execute(
            text(
                "INSERT INTO offices (id, kind, name, name_en, area, phone) VALUES (4, "
                "'village', '甲', 'A', 410702001001, '1')"
            )
        )
        seq = 10
        for matter, journal in JOURNALS.items():
            connection.execute(
                text(
                    "INSERT INTO cases (matter, number, receipt, version, status, "
                    "category, grid, office, since, reported_at)"
                    " VALUES (:m, :n, :n, :v, 1, 4, :g, 0, 1, 1)"
                ),
                {"m": matter, "n": str(matter), "v": len(journal), "g": LOWER_LEFT},
            )
            for step, (kind, at, data) in enumerate(journal, start=1):
                seq += 1
                connection.execute(
                    text(
                        "INSERT INTO events (seq, matter, kind, at, actor, data, step)"
                        " VALUES (:q, :m, :k, :a, '1', :d, :s)"
                    ),
                    {
                        "q": seq,
                        "m": matter,
                        "k": kind,
                        "a": NOW + at,
                        "d": json.dumps(data),
                        "s": step,
                    },
                )
    return settings


def test_where_matters_lay_is_told_from_their_journals(second_shape):
    with Store.open(second_shape) as store, store.read() as connection:
        assert migrate.revision(connection) == migrate.HEAD
        found = [
            dict(row)
            for row in connection.execute(
                select(stays).order_by(stays.c.matter, stays.c.step)
            ).mappings()
        ]
        told = [
            caserows.stay_row_of(stay)
            for matter in JOURNALS
            for stay in journal_stays.stays(matter, cases.steps(connection, matter))
        ]
        assert found == told
        assert [(row["office"], row["left"]) for row in found] == [
            (4, 1),
            (5, 1),
            (4, 2),
            (0, 0),
        ]


def test_offices_and_matters_are_as_they_were(second_shape):
    with Store.open(second_shape) as store, store.read() as connection:
        assert [
            tuple(row)
            for row in connection.execute(
                select(offices.c.id, offices.c.name, offices.c.merged_into)
            )
        ] == [(4, "甲", None)]
        assert connection.scalars(
            select(matters.c.client_id).order_by(matters.c.id)
        ).all() == [
            "old-1",
            "old-2",
            "live-3",
        ]
