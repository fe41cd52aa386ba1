"""Which documents refer to a file, and so where it belongs."""

from collections.abc import Iterable, Iterator

from content.pictures import storage
from content.pictures.documents import (
    meta_field,
    reference_fields,
    shows_files,
)
from content.pictures.storage import Place
from core.database.documents import BaseDocument, Raw

_RANK = (Place.GONE, Place.KEPT, Place.PUBLIC)


def places(names: Iterable[str]) -> dict[str, Place]:
    """Where each of the files belongs: public when something that shows its files refers to it or
    to its original, kept when only others do, such as the trash. Database errors pass through."""
    known = {name: storage.original_of(name) for name in names}
    best: dict[str, Place] = {}
    for name, place in _references({*known.keys(), *known.values()}):
        best[name] = max(place, best.get(name, Place.GONE), key=_RANK.index)
    return {
        name: max(best.get(name, Place.GONE), best.get(original, Place.GONE), key=_RANK.index)
        for name, original in known.items()
    }


def withdrawn(names: Iterable[str]) -> set[str]:
    """Those that were public and are not any more: only the trash or revisions refer to them."""
    return {name for name, place in places(names).items() if place is Place.KEPT}


def _references(names: set[str]) -> Iterator[tuple[str, Place]]:
    spellings = [spelling for name in names for spelling in storage.spellings(name)]
    if not spellings:  # as for most texts: the database need not be asked
        return
    for document in BaseDocument.all_stored():
        for field in reference_fields(document):
            fields = [field, *getattr(document, "SHOWS_FILES_BY", ())]
            for raw in document.collection().find({field: {"$in": spellings}}, fields):
                place = Place.PUBLIC if shows_files(document, raw) else Place.KEPT
                yield from ((name, place) for name in _originals(raw[field]))


def named_by(document: type[BaseDocument], raw: Raw) -> set[str]:
    """The originals that a stored document refers to."""
    values = (raw.get(field) for field in reference_fields(document))
    return {name for value in values for name in _originals(value)}


def originals(stored: Iterable[str]) -> list[str]:
    """The storage's names for stored values, each once; what is no file of ours is left out."""
    return sorted({name for each in stored if (name := storage.file_name(each))})


def _originals(value: object) -> list[str]:
    """The same for what a field holds: a name, several, or whatever somebody stored there."""
    values = value if isinstance(value, list) else [value]
    return originals(each for each in values if isinstance(each, str))


def strays(names: Iterable[str]) -> set[str]:
    """The renditions that nobody shows: of an original which documents have as their picture, and
    none of these names them. Where a list of names refers to the original, as of a revision, they
    may be wanted again."""
    renditions = {name: storage.original_of(name) for name in names}
    suspects = {name: original for name, original in renditions.items() if name != original}
    spellings = [s for original in suspects.values() for s in storage.spellings(original)]
    if not spellings:
        return set()
    shown, described, listed = set(), set(), set()
    for document in BaseDocument.all_stored():
        for field in reference_fields(document):
            fields = [field, meta_field(field)]
            for raw in document.collection().find({field: {"$in": spellings}}, fields):
                if isinstance(raw[field], list):
                    listed.update(_originals(raw[field]))
                else:
                    described.update(_originals(raw[field]))
                    shown.update(storage.all_names(raw[field], raw.get(meta_field(field))))
    return {
        name
        for name, original in suspects.items()
        if original in described - listed and name not in shown
    }
