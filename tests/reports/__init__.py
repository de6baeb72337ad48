"""Tests of papers: what they say, that it can be found again, and who may have them."""
