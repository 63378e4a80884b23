"""Has Git run the hooks: writes its own, or the configuration of a hook manager, and takes that back."""
