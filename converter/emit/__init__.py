"""What readers build graphs with, whatever format they read.

`builder.Builder` emits TF.js operations one at a time, `values.Value` is what an operation takes
and returns, and `refusals` says why a node of the source cannot be expressed.
"""
