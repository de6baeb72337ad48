"""Papers: the certificate, the assessment report and the visit receipt as PDF.

Enters: what the rooms behind have decided, frozen or standing.
Leaves: PDF/A files in Thai whose words can be found, and their pictures.
Promise: a paper says exactly what the record says, and which record.
"""
