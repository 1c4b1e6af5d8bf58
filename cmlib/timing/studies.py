"""What published studies say of hours, as fractions of a post."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cmlib.factfile import ANY
from cmlib.timing.mixed import Floats

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Hours on the clock of the readers count on any clock. Those of a study's own zone (Hootsuite's and the
# earlier Sprout's America) tell when readers of unknown zones were reached: left out, unless the zone is the
# brand's; so are those that do not state any.
LOCAL = "local time of the audience"


@dataclass(frozen=True, eq=False)
class Studies:
    """``rows``: network, cells (which of the 168 it is about, as shares adding up to 1), side, weight."""

    rows: pd.DataFrame

    @property
    def networks(self) -> list[str]:
        """Of which networks anything is said by name."""
        return sorted(set(self.rows["network"]) - set(ANY))

    def of(self, network: str) -> tuple[Floats, Floats, Floats]:
        """Of one network (and of all): cells (a row each), side (1 best, −1 worst), weight in posts."""
        mine = self.rows[self.rows["network"].isin([network, *ANY])]
        cells = np.stack(list(mine["cells"])) if len(mine) else np.zeros((0, 168))
        return cells, mine["side"].to_numpy(np.float64), mine["weight"].to_numpy(np.float64)


def said(times: pd.DataFrame, zone: str) -> Studies:
    """The studies that can be taken at their word by a brand of this zone, in an order of their own."""
    found = []
    for row in times.to_dict("records"):
        if row["timezone"] not in (LOCAL, zone) or not row["prior_weight"] > 0:
            continue
        days = range(7) if row["day"] == "*" else [DAYS.index(day) for day in str(row["day"]).split()]
        cells = np.zeros((7, 24))
        cells[list(days), int(row["hour_start"]) : int(row["hour_end"])] = 1
        if cells.any():
            side = 1.0 if row["verdict"] == "best" else -1.0
            flat = (cells / cells.sum()).ravel()
            found.append((str(row["network"]), flat, side, float(row["prior_weight"])))
    found.sort(key=lambda one: (one[0], one[2], one[3], tuple(one[1])))
    return Studies(pd.DataFrame(found, columns=["network", "cells", "side", "weight"]))
