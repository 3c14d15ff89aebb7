"""The national registry, behind one port that `spdci` (HTTP) and `pretend` (memory) keep alike."""
