"""The only place that knows our file formats: reading them, checking them, writing them."""
