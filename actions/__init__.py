"""What the engine has done for it: the registry is asked, and the answer is put into words' keys."""
