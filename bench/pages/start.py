"""Entry point of the plain PyScript page: loads numpy, then its own code."""

import asyncio
from importlib import import_module

from pyodide_js import loadPackage  # type: ignore[import-not-found]


async def main() -> None:
    """Load the packages in order, as imports need them."""
    await loadPackage("numpy")
    await import_module("peer").main()


asyncio.ensure_future(main())  # noqa: RUF006 - it runs as long as the page
