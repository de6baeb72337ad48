"""What happens after a proposal: decisions, appeals, certificates, their moves."""

__all__: list[str] = []
