"""The long runs, whose figures stand in docs/acceptance.md: `python -m bench.acceptance [NAME ...]`."""
