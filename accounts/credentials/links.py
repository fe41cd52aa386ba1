"""Tokens in mailed links: of each only the hash is stored."""

from hashlib import sha256
from secrets import token_urlsafe


def new_token() -> str:
    return token_urlsafe(32)


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
