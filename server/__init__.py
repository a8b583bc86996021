"""Qryvanta: HTTP in, SQL out."""
