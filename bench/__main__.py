"""`make bench`: the performance table, measured in one run on this machine."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import growth, logins, reads, start, table, uploads, webhooks, writes

PARTS = (reads, logins, growth, start, uploads, writes, webhooks)


def main() -> int:
    """1 where something misses its limit. `reads` and the like as arguments choose parts."""
    if not shutil.which("wrk"):
        raise SystemExit("Install wrk, which sends the requests.")
    began = time.monotonic()
    print(table.heading())
    with tempfile.TemporaryDirectory(prefix="lsa-bench-") as name:
        keeps = table.show(_rows(Path(name)))
    print(f"Measured in {time.monotonic() - began:.0f} s.")
    return 0 if keeps else 1


def _rows(folder: Path) -> Iterator[table.Row]:
    for part in PARTS:
        name = part.__name__.rpartition(".")[2]
        if not sys.argv[1:] or name in sys.argv[1:]:
            (folder / name).mkdir()
            yield from part.rows(folder / name)


if __name__ == "__main__":
    sys.exit(main())
