"""Moves one matter again and again beside others, and prints how often it got there first:
"moved stale".

python movers.py HOME DATABASE_URL MATTER PERSON TIMES
"""

import sys
from pathlib import Path

from world import NOW

from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Entry
from gridmap.errors import StaleError
from gridmap.settings import Settings
from gridmap.store.flow import cases
from gridmap.store.opening import open_store


def attempt(store, matter, person, seen):
    """Note something on the matter as somebody who saw it at `seen`; the case after it."""
    with store.write() as connection:
        case = cases.load(connection, matter)
        cases.check_version(connection, case, seen)
        step = Entry(
            case.version + 1,
            Act.NOTE,
            max(NOW, case.last_at),
            person,
            {"reason": f"{person}: {seen}"},
        )
        return cases.append(connection, case, step)


def run(store, matter, person, times):
    """Until `times` moves have held: read, then move what was read; how many held, how many
    came too late.
    """
    moved = stale = 0
    while moved < times:
        with store.read() as connection:
            seen = cases.load(connection, matter, for_update=False).version
        try:
            attempt(store, matter, person, seen)
            moved += 1
        except StaleError as error:
            assert error.since, "a lost race names what the other did"
            stale += 1
    return moved, stale


def main(home, url, matter, person, times):
    with open_store(Settings(home=Path(home), database_url=url)) as store:
        print("ready", flush=True)
        sys.stdin.readline()
        print(*run(store, int(matter), int(person), int(times)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
