"""Side-by-side benchmarks: ``python build.py bench [NAME ...]``, see docs/benchmarks.md."""
