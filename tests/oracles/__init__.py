"""Oracles: they recompute keys from what a key file says, by other roads than `cnnex`, and import nothing of it."""
