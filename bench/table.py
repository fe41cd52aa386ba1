"""The table: what was measured, the figure, and what it may be at most."""

import os
import platform
import sys
from collections.abc import Iterable
from typing import NamedTuple


class Row(NamedTuple):
    """`value` is compared with `limit`, both in `unit`; a row without a limit only tells."""

    label: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def misses(self) -> bool:
        return self.limit is not None and self.value > self.limit


def heading() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"""\
{os.cpu_count()} x {processor()}, {memory:.0f} GiB, {platform.system()} {platform.release()}, \
Python {platform.python_version()} of {sys.base_prefix}; \
others were using {os.getloadavg()[0]:.1f} cores.
x: CPU time of the worker per request in floors. A floor is what a bare WSGI callable takes that
returns the same bytes from the same web server (bench/floor.py), by turns: the middle of three
where there is a limit. Eight readers ask for the same, and share what is read for them, unless
it says otherwise."""


def processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.partition(": ")[2].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.machine()


def show(rows: Iterable[Row]) -> bool:
    """Print the rows as they come; whether all of them keep their limits."""
    kept = True
    print(f"{'measured':<50}{'here':>12}{'at most':>12}    ")
    for row in rows:
        limit = "" if row.limit is None else f"{row.limit:g} {row.unit}"
        mark = "MISSED " if row.misses else ""
        figure = f"{row.value:.2f}" if row.value < 10 else f"{row.value:.0f}"
        print(
            f"{row.label:<50}{f'{figure} {row.unit}':>12}{limit:>12}  {mark}{row.note}", flush=True
        )
        kept = kept and not row.misses
    return kept
