"""The roof: settings, routes, middleware and the commands that concern the whole."""

VERSION = "1.0.0"
