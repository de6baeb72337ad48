"""Satisfaction surveys: rules, files, pages, the public form."""
