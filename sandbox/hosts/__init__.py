"""Several hosts on one machine: network namespaces with processes of their own, behind a proxy."""
