"""Decisions, appeals, certificates, and who may not have a say."""
