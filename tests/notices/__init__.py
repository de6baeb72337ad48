"""Tests of what people are told in time."""
