"""Twenty record rules on a laboratory extract: prelock beside raw queries and other libraries, answer by answer."""
