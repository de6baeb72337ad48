"""What people should know in time: expiry, work that waits; on screen, as .ics, by mail.

Enters: certificates and audits as they stand, and today's date.
Leaves: reminders, a calendar for each person, mail that is sent once.
Promise: nothing depends on mail: whatever it says stands on the screen as well.
"""
