"""The sample photographs that come with the site."""

import json
from dataclasses import dataclass

from js import glassbooth

from host import engine


@dataclass(frozen=True)
class Sample:
    """A photograph: its address, what is in it, and whose it is."""

    address: str
    title: str
    credit: str


async def listed() -> list[Sample]:
    """Return the sample photographs.

    Raises:
        EngineError: If the list of them cannot be fetched.
    """
    folder = glassbooth.site.samples
    entries = json.loads(await engine.fetch_bytes(f"{folder}samples.json"))
    return [
        Sample(folder + entry["file"], entry["title"], f"{entry['credit']} ({entry['licence']})")
        for entry in entries
    ]
