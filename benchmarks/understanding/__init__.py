"""What our pipeline understands beside stock Rasa's, trained on the same messages."""
