"""The pages for people: every answer of the API as a page, and forms to change what it shows.

Knows the rooms below by what their views declare, not by the names of their resources.
"""
