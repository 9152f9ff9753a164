"""The dance booth: a partner that dances along with a stream of poses.

Modules read no clock: the caller passes stream times in s.
"""
