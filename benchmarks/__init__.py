"""How fast a rush of reminders drains, beside other ways to send them: `python -m benchmarks`."""
