"""Exact mathematics of convolutional networks, written once for all numbers that add and multiply.

Integers, fractions, formulas and SymPy's ring elements take the same path. Nothing here is random,
and nothing knows of exercises. Vectors are tuples, matrices tuples of rows.
"""
