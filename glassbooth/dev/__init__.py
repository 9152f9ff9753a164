"""Developer commands of `build.py`: environments, checks, tests, benchmarks, recipes."""
