"""Secrets that an installation makes for itself and keeps in a file."""

import os
import secrets
from pathlib import Path
from typing import IO


def private_file(file: Path, mode: str) -> IO[str]:
    """Open a file as `open` does; one that is made is its owner's alone."""
    return open(file, mode, opener=lambda path, flags: os.open(path, flags, 0o600))


def kept_in(file: Path) -> str:
    """The secret in this file, made at the first call; readable by its owner only.

    The file appears whole or not at all, so that two processes starting together end
    with the same secret.
    """
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        with private_file(draft, "x") as handle:
            handle.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
