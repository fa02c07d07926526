"""`Desk`: what every room of the front desk stands on: the state of the city, its clock,
its memory.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from datetime import date
from typing import Literal, TypeVar

from gridmap.calendar import day_number, to_epoch
from gridmap.city.base import data as reading
from gridmap.city.base.clock import Clock
from gridmap.city.base.data import Data
from gridmap.city.base.memory import Memory
from gridmap.codes import level_of
from gridmap.errors import NotFoundError
from gridmap.insight import mask as masks
from gridmap.insight import staff
from gridmap.insight.areas import Areas, areas
from gridmap.insight.mask import Mask
from gridmap.insight.selection import Selection
from gridmap.insight.staff import Staff
from gridmap.model import Level
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.look import columns

Lang = Literal["zh", "en"]
Result = TypeVar("Result")

LOOK_EVERY_S = 1.0

log = logging.getLogger("gridmap.desk")


class Desk:
    """The present state of the city, replaced as a whole when the truth changes; safe
    between threads.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Clock,
        *,
        code: int,
        demonstration: bool,
    ) -> None:
        self.store = store
        self.settings = settings
        self.clock = clock
        self.code = code
        self.demonstration = demonstration
        self._memory = Memory()
        self._reading = threading.Lock()
        self._read: Data | None = None
        self._looked_s = 0.0

    @property
    def data(self) -> Data:
        """The state of the city; at most `LOOK_EVERY_S` behind the columns, longer only
        while a newer one is read.

        A newer state is read in the background: nobody but who asks first waits for it, so
        that a command that only adds to the truth need not either. Take it once per
        question: the next call may give a newer one. Raises NotFoundError when the city has
        no grids.
        """
        at_hand = self._read
        if at_hand is None:
            return self.reload()
        if time.monotonic() - self._looked_s > LOOK_EVERY_S and self._reading.acquire(
            blocking=False
        ):
            following = False
            try:
                self._looked_s = time.monotonic()
                if not at_hand.version.endswith("-" + columns.version(self.store)):
                    threading.Thread(
                        target=self._follow, name="gridmap-follow", daemon=True
                    ).start()
                    following = True
            finally:
                if not following:
                    self._reading.release()
        return at_hand

    def _follow(self) -> None:
        """Read the newer state, with `_reading` held by who started this thread."""
        try:
            self._read = reading.read(self.store, self._read)
        except Exception:  # the state at hand stays in use; the next question tries again
            log.exception("The newer state of the city could not be read.")
        finally:
            self._looked_s = time.monotonic()
            self._reading.release()

    def reload(self) -> Data:
        """Read the truth now if it has changed."""
        with self._reading:
            self._read = reading.read(self.store, self._read)
            self._looked_s = time.monotonic()
            return self._read

    def remember(self, data: Data, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result of `make` for this state of the city, kept under `key`."""
        return self._memory.get((data.version, key), make)

    @property
    def as_filed(self) -> bool:
        """Whether each report counts in the grid it was filed under, by the plan of its time."""
        return False

    @property
    def today(self) -> date:
        """The local day by the city's clock."""
        return self.clock.now().date()

    @property
    def now_s(self) -> int:
        """The city's time in Unix seconds."""
        return to_epoch(self.clock.now())

    @property
    def today_number(self) -> int:
        """The day number of `today`."""
        return day_number(self.today)

    def mask(self, data: Data, selection: Selection) -> Mask:
        """`selection` made ready for counting; raises NotFoundError for an unknown area."""
        self.places(data, selection.area, Level.GRID)
        return masks.mask(data.facts, selection, data.categories)

    def places(self, data: Data, area: int, level: Level) -> Areas:
        """The places of `level` in `area`; raises NotFoundError when no grid of the plan
        lies there.
        """
        found = areas(data.grids.codes, area, level)
        if not len(found):
            raise NotFoundError(f"No place has the code {area} in the plan in force.")
        return found

    def place(self, data: Data, area: int) -> Areas:
        """`area` itself as the only place of its level."""
        return self.places(data, area, level_of(area))

    def staff(self, data: Data, day: date) -> Staff:
        """Who is responsible where on `day`, or on the nearest day the plan was in force:
        others know other grids.
        """
        day = data.plan.nearest(day)
        return self.remember(
            data,
            ("staff", day),
            lambda: staff.staff(data.grids, data.workers, data.assignments, day),
        )
