"""What is public in formats that other programs follow: articles, events, addresses."""
