"""Clients that generate themselves from the OpenAPI document, and what lints it.

`make test-clients` installs the generators, which need npm, into `.clients/`; the default run
leaves these tests out. Each `*.ts` and each script in Python is a program that uses what was
generated.
"""
