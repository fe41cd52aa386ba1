"""Pictures: what a document keeps of them, their files, and how those are served.

Knows documents that have pictures, but none by name.
"""
