"""How One Window is deployed: images, the local stack, simulated partner departments."""
