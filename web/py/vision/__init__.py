"""What surrounds the network: pixels in, answers out.

The same files run in training, in the converter's checks and in the browser, so they import
numpy and the standard library alone, and do no I/O.
"""
