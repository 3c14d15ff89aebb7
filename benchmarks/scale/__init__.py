"""What a rate of turns takes, from what one turn was measured to take."""
