"""The comparisons, one module each, by the names that the command line takes.

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

ON_REQUEST: dict[str, str] = {"converter": "official_converter"}
"""Comparisons that run only by name, because they install gigabytes."""

SITES = "sites"
"""Compares two builds of the site: ``measure(rounds, old)``, only for ``--old``; not published."""
