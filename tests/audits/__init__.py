"""Changes, their fold, and what an audit makes of them."""
