"""How far a long command has come, in one line of a terminal."""

from typing import TextIO

WIDTH = 30


class Progress:
    """A bar that is drawn anew at each step; nothing where the output is no terminal."""

    def __init__(self, output: TextIO, *, total: int) -> None:
        self._output = output
        self._total = total
        self._done = 0
        self._is_shown = output.isatty()

    def advance(self) -> None:
        self._done += 1
        share = min(1, self._done / self._total) if self._total else 1
        bar = "#" * int(share * WIDTH)
        self._write(f"\r[{bar:.<{WIDTH}}] {self._done} of {self._total}")

    def interrupt(self, output: TextIO, line: str) -> None:
        """Write a line of something else above the bar."""
        self._write("\r\033[K")
        output.write(line)

    def finish(self) -> None:
        if self._done:
            self._write("\n")

    def _write(self, text: str) -> None:
        if self._is_shown:
            self._output.write(text, ending="")
            self._output.flush()
