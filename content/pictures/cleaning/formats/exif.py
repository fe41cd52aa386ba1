"""Which way up a picture is shown, and nothing else of EXIF.

Only what the specification demands counts, as in browsers: a value of another type or number,
or out of range, leaves the picture as it is stored.

Source: CIPA DC-008-2019 (Exif 2.32), 4.5 and 4.6.4; TIFF 6.0.
"""

import struct

_ORIENTATION, _SHORT = 0x0112, 3
_BYTE_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def only(orientation: int) -> bytes:
    """A TIFF structure that says this alone."""
    return struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _ORIENTATION, _SHORT, 1, orientation, 0, 0)


def orientation(tiff: bytes) -> int:
    """1 (upright) to 8, from the first directory of a TIFF structure."""
    try:
        order = _BYTE_ORDERS[tiff[:4]]
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(entries):
            tag, *found = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == _ORIENTATION:
                kind, count, value = found
                return value if (kind, count) == (_SHORT, 1) and 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        pass
    return 1
