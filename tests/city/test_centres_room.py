"""The one-stop centres in a town: an errand across three units is one matter under the one
receipt the person holds.
"""

from datetime import date

import flowing
import staffed
import town

from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Order
from gridmap.insight.selection import Selection
from gridmap.model import Channel

DAY = Selection(date(2024, 5, 21), date(2024, 5, 21), 4107)


def test_one_errand_across_several_units_is_one_matter_with_one_receipt(tmp_path):
    city = flowing.opened(flowing.build(tmp_path))
    clerk = city.people.actor(staffed.CLERK)
    receipt = city.reporting.report(clerk, flowing.new(channel=Channel.CENTRE))
    flowing.play(city, receipt.matter, (staffed.CLERK, Act.ACCEPT))
    assert city.centres.total(DAY) == {
        "accepted": 1,
        "transferred": 0,
        "across": 0,
        "handled": 0,
        "completed": 0,
    }
    flowing.play(
        city,
        receipt.matter,
        (staffed.CLERK, Order(Act.DISPATCH, office=staffed.WORKS)),
        (staffed.HANDLER, Order(Act.TRANSFER, office=staffed.POLICE, reason="公安办理")),
    )
    assert city.centres.total(DAY) == {
        "accepted": 1,
        "transferred": 1,
        "across": 1,
        "handled": 0,
        "completed": 0,
    }
    assert city.centres.matters(DAY, "across")["matter"].tolist() == [receipt.matter]
    told = city.matters.by_receipt(receipt.receipt)
    assert (told.number, told.office) == (receipt.number, staffed.POLICE)
    assert city.centres.total(DAY.within(410703))["accepted"] == 0
    assert city.matters.case(receipt.matter).grid == town.BUSY
    city.close()
