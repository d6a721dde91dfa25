"""Marking a class: policy, credit, runs, statistics."""
