"""What every topic has to keep: the tests find topics, families and levels by themselves."""
