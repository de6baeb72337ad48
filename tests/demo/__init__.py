"""Tests of the invented world and the command line."""
