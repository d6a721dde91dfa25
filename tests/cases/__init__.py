"""Answers to try: the table that tests and documentation share, and hostile ones."""
