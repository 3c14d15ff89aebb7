"""The national registry, behind one port: `spdci` over HTTP and `pretend` in memory keep it alike."""
