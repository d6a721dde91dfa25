"""Mathematics as an object: made by topics, spelled by printers, read back from what students type."""
