"""What a schedule means, in no target's words."""
