"""The handbook: a site of the documents, and the pages of it that the code writes."""
