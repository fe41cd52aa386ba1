"""Where a JPEG's scans and its end are; Pillow does not tell, and decoders forgive too much.

Source: ITU-T T.81 (1992), annex B.
"""

import re

# All that a length or the end follows: not restarts, and not the stuffed bytes in a scan's data,
# where the first byte of a marker is never bare.
_MARKER = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
_START_OF_IMAGE_SIZE = 2  # bytes
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def count_scans(content: bytes) -> int:
    """How many scans the (first) picture has; raises EOFError where its end is missing."""
    position, scans = _START_OF_IMAGE_SIZE, 0
    while match := _MARKER.search(content, position):
        position, marker = match.end(), content[match.end() - 1]
        if marker == _END_OF_IMAGE:
            return scans
        scans += marker == _START_OF_SCAN
        position += int.from_bytes(content[position : position + 2], "big")
    raise EOFError("the file breaks off")
