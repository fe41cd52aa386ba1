"""What a fresh installation shows until it has content of its own."""
