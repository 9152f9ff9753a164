"""The dance booth's logic: from a stream of poses to a partner that dances along.

Nothing here has a clock: every time is the stream's, in s, and comes from the caller.
"""
