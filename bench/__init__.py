"""What it costs: the measures of docs/performance.md, anew with `python -m bench [name …]`.

Enters: nothing; every bench makes its own world in a folder that is thrown away.
Leaves: a table on the screen, a JSON file in `bench/results/`; with `--write` also
docs/performance.md.
Promise: figures that are compared come from one run on one machine; a missed goal says so.
"""
