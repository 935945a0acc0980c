"""What one greedy client costs the others: dearest requests, lanes, slow clients, memory."""
