"""Builds sites from booths: the command `glassbooth`, and the repository's `build.py`."""
