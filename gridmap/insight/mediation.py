"""Success of mediation, defined here and nowhere else.

| key | numerator | denominator |
|---|---|---|
| success 调解成功率 | disputes whose agreement is in force | disputes entrusted |

An agreement that relapsed no longer counts until there is a new one; a dispute withdrawn,
failed, or gone to arbitration or court stays in the denominator, and so does one that is
still being mediated.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gridmap.cases.disputes import State
from gridmap.insight.trend import share


def is_mediated(disputes: pd.DataFrame) -> pd.Series[bool]:
    """Which of `disputes` (state) count in the numerator."""
    return disputes["state"] == str(State.AGREED)


def success(disputes: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Entrusted, mediated and the share (percent; NaN for none) of `disputes`, a row for
    each value of the columns `by`.

    Columns: those of `by`, entrusted, mediated, share; largest group first. Without `by` one row.
    """
    counted = disputes.assign(mediated=is_mediated(disputes), entrusted=1)
    if by:
        table = counted.groupby(list(by), as_index=False)[["entrusted", "mediated"]].sum()
        table = table.sort_values(
            ["entrusted", *by], ascending=[False, *(True for _ in by)], ignore_index=True
        )
    else:
        table = counted[["entrusted", "mediated"]].sum().to_frame().T
    table = table.astype({"entrusted": "int64", "mediated": "int64"})
    return table.assign(
        share=share(table["mediated"].to_numpy(), table["entrusted"].to_numpy())
    )
