"""What an office lacks, the ways up, and how tasks move. Pure."""
