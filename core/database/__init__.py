"""Documents, their indexes and lists, and the server they live in. Knows nothing of requests."""
