"""The signing key of an installation that was given none."""

import os
import secrets
from pathlib import Path


def kept_in(folder: Path) -> str:
    """The key in `folder`, made at the first call; readable by its owner only.

    The file appears whole or not at all, so that two processes starting together end
    with the same key.
    """
    file = folder / "secret_key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret_key.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
