"""JSON over HTTP, one file per noun."""
