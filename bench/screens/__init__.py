"""What screens cost: in a browser, on the wire, in taps, and of the server's processor."""
