"""Bringing a picture's files to where they belong.

A file never changes under its name, so where it lies in both places after a kill, whatever is
there begins alike and the longer one is whole. The one in the wrong place goes last.
"""

from collections.abc import Callable, Iterable

from content.pictures import storage
from content.pictures.storage import PLACES, Place


class NoLongerOursError(Exception):
    """Somebody else took over; whatever is left to do is theirs."""


def bring_home(
    original: str,
    places: Callable[[Iterable[str]], dict[str, Place]],
    is_held: Callable[[], bool],
) -> None:
    """Move or delete what of an original's files lies where it does not belong.

    `places` says where files belong, `is_held` whether to go on. Raises `StorageUnavailable`,
    `NoLongerOursError`.
    """
    with storage.available():
        lying = {place: family(original, place) for place in PLACES}
    homes = places(set().union(*lying.values()))
    for place, names in lying.items():
        for name in sorted(names):
            if homes[name] is not place:
                _take_away(name, place, homes[name], is_held)


def family(original: str, place: Place) -> set[str]:
    """The original and its renditions, those of them that lie there."""
    found = map(storage.file_name, place.storage.beginning_with(original))
    return {name for name in found if name and original in (name, storage.original_of(name))}


def _take_away(name: str, source: Place, target: Place, is_held: Callable[[], bool]) -> None:
    with storage.available():
        if target is not Place.GONE and not _lies_whole(name, source, target):
            _copy(name, source, target)
    if not is_held():
        raise NoLongerOursError(name)
    with storage.available():
        source.storage.delete(name)


def _lies_whole(name: str, source: Place, target: Place) -> bool:
    if not target.storage.exists(name):
        return False
    return target.storage.size(name) >= source.storage.size(name)


def _copy(name: str, source: Place, target: Place) -> None:
    with source.storage.open(name) as file:
        content = file.read()
    target.storage.delete(name)
    storage.save_as(target, name, content)
    target.storage.flush(name)
