"""What the public site shows: one base document, and four resources made of it."""
