"""What each paper prints, gathered from the rooms behind; nothing here changes anything."""

from app.reports.queries.certificate import certificate
from app.reports.queries.paper import Paper, Rendition
from app.reports.queries.receipt import receipt
from app.reports.queries.report import report

__all__ = ["Paper", "Rendition", "certificate", "receipt", "report"]
