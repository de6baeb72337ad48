"""Exports: what was altered is found, what was not is left alone."""
