"""How time grows with rules and with patients, and what it costs to understand a large study."""
