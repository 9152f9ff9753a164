"""Side-by-side measurements: ``python build.py bench [NAME ...]``, see docs/benchmarks.md."""
