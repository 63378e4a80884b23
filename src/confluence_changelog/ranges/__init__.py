"""Which commits a run is about: flags, what a CI system says of its run, or the scope itself."""
