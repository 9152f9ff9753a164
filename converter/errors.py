"""What can go wrong that a user can put right; each message says what, where, and how."""


class ConverterError(Exception):
    """Base of all errors that the command line reports as one sentence."""


class SourceError(ConverterError):
    """The model to convert cannot be read."""


class GraphError(ConverterError):
    """A graph that hangs together badly."""


class UnsupportedError(ConverterError):
    """A graph with operations that TF.js does not know."""


class WeightError(ConverterError):
    """A weight that cannot be stored as asked."""


class ParityError(ConverterError):
    """A network that computes something else in TF.js than where it comes from."""


class BundleError(ConverterError):
    """A bundle that is missing, incomplete or damaged."""


class ToolError(ConverterError):
    """A program or package that the converter needs is missing, or failed."""
