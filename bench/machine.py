"""Describes the machine and the software versions of a result."""

import datetime
import json
import os
import platform
from pathlib import Path

from glassbooth.project import HERE

PACKAGES = {
    "TF.js": "@tensorflow/tfjs-core",
    "Pyodide": "pyodide",
    "PyScript": "@pyscript/core",
}


def describe(**others: str) -> dict[str, str]:
    """Return this machine's hardware, software versions and load."""
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        **{name: version(HERE.node_modules / path) for name, path in PACKAGES.items()},
        **others,
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "load before": load(),
    }


def processor() -> str:
    """Return the processor's model name."""
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def version(package: Path) -> str:
    """Return the version of an npm package, from its folder."""
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return str(about["version"])


def load() -> str:
    """Return the load average of the last minute, where the system has one."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
