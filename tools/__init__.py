"""What `build.py` is made of. Needs the standard library alone; each module has one job."""
