"""Images, Compose file and chart say what they should, and an image's tree runs read-only."""
