"""Accounts over HTTP: routes, what comes in and goes out, who may ask."""
