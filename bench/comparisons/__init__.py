"""The comparisons, one module each: `NAME`s by which they are run, and how each is measured.

Every module has ``measure(rounds) -> Result``.
"""

MODULES: dict[str, str] = {
    "cold-start": "cold_start",
    "inference": "inference",
    "identify-call": "identify_call",
    "live": "live",
    "calls": "calls",
    "bytes": "bytes",
    "formats": "formats",
    "reoptimised": "reoptimised",
}
"""Module by name, in the order in which all are run."""

ASKED: dict[str, str] = {"converter": "official_converter"}
"""What runs only when it is asked for by name: it installs gigabytes."""

SITES = "sites"
"""Compares two builds of the site: ``measure(rounds, old)``, only for ``--old``; not published."""
