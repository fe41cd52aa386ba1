"""`make bench`: the performance table, measured in one run on this machine."""

import tempfile
from pathlib import Path

from bench import reads, uploads


def main() -> None:
    print(f"{'measured':<52}{'here':>32}{'at most':>12}")
    with tempfile.TemporaryDirectory(prefix="lsa-bench-") as name:
        for part in (reads, uploads):
            folder = Path(name) / part.__name__
            folder.mkdir()
            for label, figure, limit in part.rows(folder):
                print(f"{label:<52}{figure:>32}{limit:>12}", flush=True)


if __name__ == "__main__":
    main()
