"""What passes ask about a graph; nothing here changes one."""
