"""The same request to other services, on the same database: `make bench-peers`."""
