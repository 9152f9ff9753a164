"""Errors that a user can fix; each message says what is wrong, where, and what to do."""


class ConverterError(Exception):
    """Base class of the errors that the command line reports as one sentence."""


class SourceError(ConverterError):
    """A model that cannot be read."""


class GraphError(ConverterError):
    """Invalid graph."""


class UnsupportedError(ConverterError):
    """A graph with operations that TF.js cannot execute."""


class WeightError(ConverterError):
    """A weight that cannot be stored as asked."""


class ParityError(ConverterError):
    """A network whose results in TF.js differ from the source's."""


class BundleError(ConverterError):
    """A bundle that is missing, incomplete or damaged."""


class ToolError(ConverterError):
    """A program or package that the converter needs is missing or failed."""


def first_line(error: Exception) -> str:
    """Return the first line of an error's message; its class where it has none."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
