"""Drawings of layers, made from numbers: each is a picture of few primitives together with its words.

A drawing holds data and becomes a `Picture` only when it is printed. A picture without alt text can't be made.
"""
