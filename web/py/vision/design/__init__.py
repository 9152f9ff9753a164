"""Design with it: codes to wander among, looks to dress them in, and the picture that comes of it.

Arrays in, arrays out; the only chance is that of a seed, and there is no clock.
"""
