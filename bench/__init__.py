"""Side-by-side measurements, each run by ``python -m bench.NAME`` from the repository root."""
