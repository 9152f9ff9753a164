"""Design with it: codes to wander among, looks to dress them in, and the picture that comes of it.

Arrays in, arrays out; all chance comes from the caller, and there is no clock.
"""
