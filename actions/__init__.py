"""What the engine has done for it: the registry is asked, the answer becomes response keys."""
