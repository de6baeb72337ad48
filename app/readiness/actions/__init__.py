"""What is done about improvement plans."""

from app.readiness.actions.tasks import add_proof, change, make, move

__all__ = ["add_proof", "change", "make", "move"]
