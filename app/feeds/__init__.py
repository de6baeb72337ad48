"""Feeds: tables for people's spreadsheets and for programs: XLSX, CSV, GeoJSON, OData, JSON.

Enters: what offices, audits and certificates say; a person or the token of one.
Leaves: rows, in a stream, as far as that person may see.
Promise: nothing leaves that its reader could not open on a page.
"""
