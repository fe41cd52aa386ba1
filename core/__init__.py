"""The ground: what every room stands on. Names no resource and imports no other room."""
