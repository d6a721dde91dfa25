"""cnnex."""
