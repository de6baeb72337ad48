"""Readiness and improvement plans."""
