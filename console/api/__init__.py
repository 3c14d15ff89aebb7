"""Reading by programs: JSON under /api/v1, by tokens that an administrator makes.

gate.py    who asks, what their token may read, how often
asked.py   what an address asks for, refused where it cannot be read
answers.py answers with an ETag, faults as problem details
routes.py  the resources; docs/openapi/twiza-console.yaml describes them
tokens.py  the page where tokens are made and ended
"""
