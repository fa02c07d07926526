"""Small hand-drawn worlds for the demonstration's geography.

35.08 +-------+-------+
      |  left | right |     two square counties of some 9 km, three townships each,
35.00 +-------+-------+     ten villages a county
    114.0   114.1   114.2
"""

import pandas as pd
import shapely

LEFT, RIGHT = 410702, 410703


def outlines():
    return {
        LEFT: shapely.box(114.0, 35.0, 114.1, 35.08),
        RIGHT: shapely.box(114.1, 35.0, 114.2, 35.08),
    }


def divisions():
    rows = [(LEFT, "county", "左区"), (RIGHT, "county", "右区")]
    for county in (LEFT, RIGHT):
        for township, villages in ((1, 4), (100, 4), (200, 2)):
            code = county * 1000 + township
            rows.append((code, "township", "甲镇"))
            rows += [
                (code * 1000 + 200 + village, "village", f"村{village}村委会")
                for village in range(villages)
            ]
    return pd.DataFrame(rows, columns=["code", "level", "name"])
