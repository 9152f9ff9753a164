"""What a plain PyScript page does first: it loads numpy, then its own code."""

import asyncio
from importlib import import_module

from pyodide_js import loadPackage  # type: ignore[import-not-found]


async def main() -> None:
    """Load one after the other, as imports need it."""
    await loadPackage("numpy")
    await import_module("peer").main()


asyncio.ensure_future(main())  # noqa: RUF006 - it runs as long as the page
