"""What the service is made of, and whether any of it is known to be harmful.

`bin/audit-dependencies` and `bin/sbom`. Development only: nothing that runs imports it.
"""
