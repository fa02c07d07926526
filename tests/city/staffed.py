"""The people of `town.py`: desks at every level, two departments, one user a role around
the busy grid.
"""

import pandas as pd
from town import BUSY

from gridmap.model import OfficeKind, UserRole
from gridmap.store.opening import open_store
from gridmap.store.people.people import replace_people

VILLAGE, TOWNSHIP, COUNTY = BUSY // 10**3, BUSY // 10**6, 410702
(
    CITY_DESK,
    COUNTY_DESK,
    TOWNSHIP_DESK,
    VILLAGE_DESK,
    WORKS,
    POLICE,
    OTHER_WORKS,
    NEXT_VILLAGE,
) = range(1, 9)
(
    WORKER,
    NEIGHBOUR,
    CLERK,
    COUNTY_CLERK,
    DISPATCHER,
    HANDLER,
    SECOND_HANDLER,
    VERIFIER,
    GRID_CHIEF,
    VILLAGE_CHIEF,
    COUNTY_CHIEF,
    COMMANDER,
    ADMIN,
    COUNTY_ADMIN,
    PUBLIC,
    GONE,
    OTHER_CLERK,
) = range(1, 18)


def offices():
    rows = [
        (CITY_DESK, OfficeKind.CITY, "指挥中心", "Command centre", 4107, None),
        (COUNTY_DESK, OfficeKind.COUNTY, "红旗区中心", "Hongqi centre", COUNTY, None),
        (
            TOWNSHIP_DESK,
            OfficeKind.TOWNSHIP,
            "小店镇中心",
            "Xiaodian centre",
            TOWNSHIP,
            None,
        ),
        (
            VILLAGE_DESK,
            OfficeKind.VILLAGE,
            "东庄村便民点",
            "Dongzhuang desk",
            VILLAGE,
            None,
        ),
        (
            WORKS,
            OfficeKind.DEPARTMENT,
            "红旗区城市管理局",
            "Hongqi works",
            COUNTY,
            "城市管理局",
        ),
        (POLICE, OfficeKind.DEPARTMENT, "市公安局", "City police", 4107, "公安局"),
        (
            OTHER_WORKS,
            OfficeKind.DEPARTMENT,
            "卫滨区城市管理局",
            "Weibin works",
            410703,
            "城市管理局",
        ),
        (
            NEXT_VILLAGE,
            OfficeKind.VILLAGE,
            "西庄村便民点",
            "Xizhuang desk",
            VILLAGE + 1,
            None,
        ),
    ]
    return pd.DataFrame(
        rows, columns=["id", "kind", "name", "name_en", "area", "department"]
    )


def users():
    rows = [
        (WORKER, "worker", UserRole.GRID_WORKER, VILLAGE_DESK, BUSY, 1),
        (NEIGHBOUR, "neighbour", UserRole.GRID_WORKER, VILLAGE_DESK, BUSY + 1, 2),
        (CLERK, "clerk", UserRole.CLERK, VILLAGE_DESK, VILLAGE, None),
        (COUNTY_CLERK, "county.clerk", UserRole.CLERK, COUNTY_DESK, COUNTY, None),
        (DISPATCHER, "dispatcher", UserRole.DISPATCHER, COUNTY_DESK, COUNTY, None),
        (HANDLER, "handler", UserRole.HANDLER, WORKS, COUNTY, None),
        (SECOND_HANDLER, "handler.2", UserRole.HANDLER, WORKS, COUNTY, None),
        (VERIFIER, "verifier", UserRole.VERIFIER, COUNTY_DESK, COUNTY, None),
        (GRID_CHIEF, "chief.grid", UserRole.CHIEF, VILLAGE_DESK, BUSY, None),
        (VILLAGE_CHIEF, "chief.village", UserRole.CHIEF, VILLAGE_DESK, VILLAGE, None),
        (COUNTY_CHIEF, "chief.county", UserRole.CHIEF, COUNTY_DESK, COUNTY, None),
        (COMMANDER, "commander", UserRole.COMMANDER, CITY_DESK, 4107, None),
        (ADMIN, "admin", UserRole.ADMIN, CITY_DESK, 4107, None),
        (COUNTY_ADMIN, "admin.county", UserRole.ADMIN, COUNTY_DESK, COUNTY, None),
        (PUBLIC, "resident", UserRole.PUBLIC, None, VILLAGE, None),
        (GONE, "gone", UserRole.CLERK, VILLAGE_DESK, VILLAGE, None),
        (OTHER_CLERK, "clerk.next", UserRole.CLERK, NEXT_VILLAGE, VILLAGE + 1, None),
    ]
    table = pd.DataFrame(rows, columns=["id", "login", "role", "office", "area", "worker"])
    table["name"] = [f"用户{number}" for number in table["id"]]
    table["phone"] = [f"0373-{number:04d}" for number in table["id"]]
    table["active"] = table["id"] != GONE
    table["demo"] = table["id"].isin([WORKER, CLERK, HANDLER, ADMIN, GONE])
    return table


def staff_town(settings):
    """Put the people into a built town."""
    with open_store(settings) as store:
        replace_people(store, offices(), users())
    return settings
