"""The nouns: prose, problems, sheets, records of grading. No input or output, no randomness, no markup."""
