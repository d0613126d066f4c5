"""Reports made from the models."""
