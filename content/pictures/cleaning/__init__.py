"""Bytes in, a clean picture out. Knows of no storage, no database and no request."""
