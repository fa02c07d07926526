"""The seven links of a matter, in every state it can be in."""

import pytest

from gridmap import terms
from gridmap.cases.matters.case import Case
from gridmap.model import Status
from gridmap.ui.flow.stepper import links

TIMES = {
    "reported_at": 10,
    "accepted_at": 20,
    "dispatched_at": 30,
    "handled_at": 40,
    "answered_at": 50,
    "closed_at": 60,
}


def case(status, known, **more):
    return Case(
        1,
        410702001001001,
        "C02",
        status=status,
        **dict(list(TIMES.items())[:known]),
        **more,
    )


def signs(*args, **more):
    return "".join(
        {"done": "x", "now": "o", "ahead": ".", "left": "-"}[link.state]
        for link in links(*args, **more)
    )


@pytest.mark.parametrize(
    ("status", "known", "line"),
    [
        (Status.REPORTED, 1, "xo....."),
        (Status.ACCEPTED, 2, "xxo...."),
        (Status.DISPATCHED, 3, "xxxo..."),
        (Status.HANDLING, 4, "xxxxo.."),
        (Status.ANSWERED, 5, "xxxxxo."),
        (Status.CLOSED, 6, "xxxxxxo"),
        (Status.REJECTED, 1, "x------"),
        (Status.VOIDED, 3, "xxx----"),
    ],
)
def test_the_line_leads_to_where_the_matter_stands(status, known, line):
    assert signs(case(status, known)) == line


def test_an_evaluated_matter_has_all_links_behind_it():
    assert signs(case(Status.CLOSED, 6), evaluated_at=70) == "xxxxxxx"


def test_a_parked_matter_stands_where_it_was_parked():
    assert signs(case(Status.PARKED, 4, parked_from=Status.HANDLING)) == "xxxxo.."


def test_what_was_sent_back_is_ahead_again_and_shows_no_time():
    found = links(case(Status.ACCEPTED, 5))
    assert [link.state for link in found[2:5]] == ["now", "ahead", "ahead"]
    assert all(link.at == 0 for link in found[2:])


def test_a_desk_that_handles_a_matter_itself_leaves_out_the_dispatch():
    found = links(
        Case(
            1,
            410702001001001,
            "C02",
            status=Status.HANDLING,
            reported_at=10,
            accepted_at=20,
            handled_at=40,
        )
    )
    assert (found[2].state, found[2].at) == ("done", 0)


def test_the_links_have_words():
    assert [link.move for link in links(case(Status.REPORTED, 1))] == list(terms.LINKS)
