"""Samples of an exhibit."""

import json
from dataclasses import dataclass

from host import engine


@dataclass(frozen=True)
class Sample:
    """A sample: its address, title and credit."""

    address: str
    title: str
    credit: str


async def listed(folder: str) -> list[Sample]:
    """Return the samples of an exhibit.

    Args:
        folder: Address of their folder, with a trailing slash; empty if there are none.

    Raises:
        EngineError: If their list cannot be fetched.
    """
    if not folder:
        return []
    entries = json.loads(await engine.fetch_bytes(f"{folder}samples.json"))
    return [
        Sample(folder + entry["file"], entry["title"], f"{entry['credit']} ({entry['licence']})")
        for entry in entries
    ]
