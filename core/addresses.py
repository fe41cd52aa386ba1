"""E-mail addresses in one form: two spellings of a domain are one domain.

In the mail and in the database a domain stands in ASCII (IDNA 2008, RFC 5891, after the mapping
of UTS 46). A local part with anything else could look like somebody else's.
"""

from contextlib import suppress

import idna

# RFC 1035, 2.3.4.
MAX_DOMAIN = 253
_ENCODED = "xn--"


def canonical(address: str) -> str:
    """The address with its domain in ASCII. Raises ValueError where there is none or the part
    before it is not ASCII."""
    local, at, domain = address.rpartition("@")
    if not at or not local.isascii():
        raise ValueError("not an address in ASCII")
    return f"{local}@{_in_ascii(domain)}"


def with_ascii_domain(address: str) -> str:
    """The same of what may be no address, or an earlier one: what has no such form stays."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{_in_ascii(domain)}" if at else address
    except ValueError:
        return address


def spellings(address: str) -> list[str]:
    """The address as it is, with its domain in ASCII and with its domain in letters."""
    in_ascii = with_ascii_domain(address)
    local, at, domain = in_ascii.rpartition("@")
    forms = [address, in_ascii]
    if _ENCODED in domain:
        with suppress(ValueError):
            forms.append(f"{local}{at}{idna.decode(domain)}")
    return list(dict.fromkeys(forms))


def _in_ascii(domain: str) -> str:
    """Raises ValueError, which `idna.IDNAError` is."""
    if len(domain) > MAX_DOMAIN:
        raise ValueError("longer than any domain")
    if domain.isascii() and _ENCODED not in domain.lower():
        return domain
    return idna.encode(domain, uts46=True).decode()
