"""Words and values in, messages ready to send out: pure."""
