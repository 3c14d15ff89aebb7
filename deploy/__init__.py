"""What runs Twiza elsewhere than on a laptop: images, Compose, Helm; and what checks them.

Nothing here is part of the service, but for `images/start.py`, which its image begins with.
"""
