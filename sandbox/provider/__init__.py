"""A provider that is none: it answers as Twilio does and delivers to the sandbox phone."""
