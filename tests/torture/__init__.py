"""Harnesses that hurt: kills, full disks, lies, thousands of schedules (`just torture`)."""
