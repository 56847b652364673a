"""What flies when: the network, its orders, and plans that serve them."""
