"""The steps of a release, one a file. `packaging/release.py` runs them in order."""
