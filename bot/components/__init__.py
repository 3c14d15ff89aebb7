"""Parts that Rasa loads by name: NLG, NLU components and stores."""
