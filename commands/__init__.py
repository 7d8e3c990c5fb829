"""The commands of `harta`, by what they are about; `cli.py` lists them.

Each parses, calls one core function, prints.
"""
