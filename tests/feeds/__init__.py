"""Tests of what leaves as tables."""
