"""Puts reports into the truth one by one until a file appears, and prints the longest wait
in seconds.

python live_reports.py HOME DATABASE_URL STOP_FILE
"""

import sys
import time
from pathlib import Path

from world import LOWER_LEFT, NOW

from gridmap.settings import Settings
from gridmap.store.look.matters import add_matter
from gridmap.store.opening import open_store


def main(home, url, stop):
    longest, number = 0.0, 0
    with open_store(Settings(home=Path(home), database_url=url)) as store:
        print("ready", flush=True)
        while number < 20 or not Path(stop).exists():
            begin = time.perf_counter()
            add_matter(
                store,
                client_id=f"live{number:05d}",
                category=4,
                grid=LOWER_LEFT,
                plan=1,
                lon=113.05,
                lat=35.05,
                reported_at=NOW,
            )
            longest = max(longest, time.perf_counter() - begin)
            number += 1
            time.sleep(0.005)
    print(number, longest, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
