"""How a question walks: offer, ticket, evidence, prompt, verified sentences, transcript, end of the hold."""
