"""ตรวจสะดวก (GECC Audit): one answer's walk from a phone to a certificate.

1. `templates/walk` is kept by the service worker; the visit itself is data, an immutable pack.
2. `static/js` hears a tap and writes the change to the device, twice, before anything else.
3. `app.sync` receives it: one verdict per change, answered only after the commit.
4. `app.evidence` keeps a photo's bytes exactly as sent, and draws safe pictures from them.
5. `app.audits` holds the changes; what an audit says is a fold over them, never a row to edit.
6. `app.scoring` turns edition + answers into a scorecard with the level and every reason.
7. `app.rounds` says which offices take part, under which edition, and who visits whom.
8. `app.overview` shows what spans rooms.

A room may open doors to rooms behind it, never ahead; `pyproject.toml` holds that as a check.
"""
