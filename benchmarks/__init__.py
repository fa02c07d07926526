"""Every speed claim, against named peers: `python -m benchmarks [name …]`."""
