"""The commands of ``glassbooth``, one module each.

Each module has `add_arguments`, which defines its arguments, and `run`, which returns the exit
status. `glassbooth.cli` lists them.
"""
