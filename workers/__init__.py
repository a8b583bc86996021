"""The workers: what happens after the request."""
