"""Check this device: golden vectors on every backend, and a thousand predictions."""
