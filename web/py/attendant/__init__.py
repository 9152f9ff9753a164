"""Who minds a booth that is left alone: acts on the rules of `kiosk`, through `host`."""
