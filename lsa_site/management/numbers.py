"""Numbers that commands take."""

import argparse


def positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError("it takes a whole number from 1")
    return int(value)


def port_number(value: str) -> int:
    if not value.isdecimal() or int(value) > 65535:
        raise argparse.ArgumentTypeError("it takes a whole number from 0 to 65535")
    return int(value)
