"""`python -m app.cli` is `gecc`."""

from app.cli import main

main()
