"""Tables written into files: CSV, workbooks, GeoJSON, and the photos of audits as a ZIP."""
