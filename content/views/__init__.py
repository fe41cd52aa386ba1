"""What can be done with content over HTTP: one base, and a mixin for each matter beside it."""
