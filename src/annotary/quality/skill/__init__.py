"""How good annotators are, by what is known of their answers, and what follows when they are not."""
