"""What answers are worth: read, compared with the key, and what went wrong."""
