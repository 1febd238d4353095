"""Benchmarks: prelock beside a hand-written DuckDB query for the same answers. Run `python -m benchmarks.run`."""
